"""Prompts: Jinja files beside the code, each with a name and a version in its first line.

A file `NAME.jinja` begins with `{# NAME VERSION #}` and fills the blocks `system` and `user`. What a prompt says goes
to a model as plain text, so nothing is escaped: escaping would put `&amp;` where the document has `&`.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, meta

from generators.engines.exchange import Message, Picture
from schemas.identity import digest

_LANGUAGES: Final = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "pl": "Polish", "ru": "Russian", "uk": "Ukrainian", "tr": "Turkish", "ar": "Arabic",
    "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "sv": "Swedish", "da": "Danish", "fi": "Finnish",
    "cs": "Czech", "el": "Greek", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "no": "Norwegian",
}  # fmt: skip
_FOLDER: Final = Path(__file__).parent / "prompts"
_HEADER: Final = re.compile(r"\{# (?P<name>\w+) (?P<version>\d+) #\}")


@dataclass(frozen=True, slots=True)
class PromptFile:
    """What goes into the provenance: `tag` is name@version, `hash` covers the file and those that it builds on."""

    tag: str
    hash: str


@cache
def prompt_file(name: str) -> PromptFile:
    """Return name, version and hash of a prompt."""
    sources = _sources(name)
    header = _HEADER.match(sources[0])
    if header is None or header["name"] != name:
        raise ValueError(f"the prompt {name}.jinja does not begin with its name and version")
    return PromptFile(f"{name}@{header['version']}", digest(*sources))


def render(name: str, values: dict[str, Any], images: tuple[Picture, ...] = ()) -> tuple[Message, ...]:
    """Return the messages of a prompt; a name that the prompt uses and `values` lacks is an error."""
    template = _environment().get_template(f"{name}.jinja")
    context = template.new_context(values)
    system, user = ("".join(template.blocks[block](context)).strip() for block in ("system", "user"))
    return Message("system", system), Message("user", user, images)


def language_name(code: str | None) -> str:
    """Return what a prompt calls a language.

    >>> language_name("de-AT"), language_name("xx")
    ('German', 'the language of the sources')
    """
    return _LANGUAGES.get((code or "").partition("-")[0].casefold(), "the language of the sources")


def _sources(name: str) -> list[str]:
    source = (_FOLDER / f"{name}.jinja").read_text("utf-8")
    found = [source]
    for other in sorted(filter(None, meta.find_referenced_templates(_environment().parse(source)))):
        found += _sources(other.removesuffix(".jinja"))
    return found


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=False,  # plain text, never HTML: see the module
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
