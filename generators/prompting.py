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
