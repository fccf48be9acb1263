"""Prompt packs: what is asked in a domain, as data. A YAML file with guidance, examples, personas and styles.

Eight packs bear the domains of UniDoc-Bench (Peng and others, 2025, arXiv:2510.03663), one serves every other domain;
they lie in `packs/`. A user's file may replace any of their keys. Everything drawn from a pack is drawn by a key, so
that the same bundle is asked in the same manner wherever and whenever it is asked.
"""

import json
import random
import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from generators.prompting import PromptFile, prompt_file
from schemas.identity import digest
from schemas.kinds import Modality, QuestionType
from schemas.yaml_reading import Place, YamlReading, dotted, text_of

GENERAL: Final = "general"
DOMAINS: Final = (
    "commerce_manufacturing",
    "construction",
    "crm",
    "education",
    "energy",
    "finance",
    "healthcare",
    "legal",
)
_MOST_EXAMPLES: Final = 2
_MODALITIES: Final[Mapping[str, Modality]] = {"draft_table": Modality.TABLE, "draft_figure": Modality.FIGURE}
_EXPECTED: Final[Mapping[str, str]] = {
    "string_type": "text",
    "string_too_short": "some text",
    "string_too_long": "shorter text",
    "missing": "a value",
    "enum": "one of {expected}",
    "tuple_type": "a list",
    "too_long": "a shorter list",
    "model_type": "keys and values",
    "dict_type": "keys and values",
}

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Example(_Part):
    """A question as it should be: `source` is what it was asked about, `modality` what carries its answer."""

    type: QuestionType
    question: Text
    answer: Text
    source: Text
    modality: Modality = Modality.TEXT


class PromptPack(_Part):
    """What the prompts of a domain say beyond the rules.

    Attributes:
        domain: its name.
        also_called: other names that people give the domain.
        guidance: what people of the domain ask, and what they never would.
        examples: questions of other documents, of several types.
        personas: who asks, to be read after "You ask as"; one is drawn, or none.
        styles: how they put it, to be read after "Wording:"; one is drawn, or none.
    """

    domain: Line = GENERAL
    also_called: tuple[Line, ...] = ()
    guidance: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = ""
    examples: Annotated[tuple[Example, ...], Field(max_length=100)] = ()
    personas: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    styles: Annotated[tuple[Line, ...], Field(max_length=100)] = ()

    @property
    def hash(self) -> str:
        """What identifies the words of this pack in keys and provenance."""
        return digest(json.dumps(self.model_dump(mode="json"), sort_keys=True))

    def values(self, prompt: str, question_type: QuestionType, key: str) -> dict[str, object]:
        """Return the variables `guidance`, `examples`, `persona` and `style` of a draft template.

        The examples depend on the prompt and the type alone, so that a server can reuse what it computed for a prefix.

        Args:
            prompt: the template's name.
            question_type: what shall be asked.
            key: what the persona and the style are drawn by, such as seed and bundle.
        """
        return {
            "guidance": self.guidance,
            "examples": self._examples(_MODALITIES.get(prompt, Modality.TEXT), question_type),
            "persona": _drawn(self.personas, f"persona {key}"),
            "style": _drawn(self.styles, f"style {key}"),
        }

    def prompt_file(self, prompt: str) -> PromptFile:
        """Return what goes into the provenance of a question that a prompt wrote with this pack."""
        file = prompt_file(prompt)
        return PromptFile(f"{file.tag}+{self.domain}", digest(file.hash, self.hash))

    def _examples(self, modality: Modality, question_type: QuestionType) -> list[dict[str, str]]:
        fitting = [one for one in self.examples if (one.type, one.modality) == (question_type, modality)]
        others = [one for one in self.examples if one.type == question_type and one not in fitting]
        chosen = (fitting or others)[:_MOST_EXAMPLES]
        return [{"source": one.source, "question": one.question, "answer": one.answer} for one in chosen]


def open_pack(domain: str | None, path: str | None = None) -> PromptPack:
    """Return the pack of a domain, or the user's own.

    Args:
        domain: what the recipe calls the domain; case, signs and common other names do not matter, and one that is
            not known gets the general pack.
        path: a YAML file; a key that it leaves out comes from the pack of its `domain`, or of the recipe's.

    Raises:
        RecipeError: the file cannot be read or is no pack; the message names file, line and key.
    """
    if path is None:
        return shipped_pack(pack_name(domain))
    file = Path(path)
    text = text_of(file, "prompt pack", remedy="runbooks/prompts.md shows how to write one")
    return _parse(text, str(file), domain)


@cache
def shipped_pack(name: str) -> PromptPack:
    """Return the pack of one of the `DOMAINS`, or the general one."""
    file = files("generators").joinpath("packs", f"{name}.yaml")
    return _parse(file.read_text("utf-8"), f"packs/{name}.yaml", None, alone=True)


def pack_name(domain: str | None) -> str:
    """Return the name of the shipped pack that serves a domain.

    >>> pack_name("Banking & Finance"), pack_name("Legal"), pack_name("botany")
    ('finance', 'legal', 'general')
    """
    asked = _plain(domain or "")
    exact = {name for name in DOMAINS if asked in _names(name)}
    within = {name for name in DOMAINS if any(f" {one} " in f" {asked} " for one in _names(name))}
    found = exact or within
    return found.pop() if len(found) == 1 else GENERAL


def _names(name: str) -> set[str]:
    return {_plain(one) for one in (name, *shipped_pack(name).also_called)}


def _plain(domain: str) -> str:
    return " ".join(re.findall(r"\w+", domain.casefold().replace("_", " ")))


def _drawn(choices: tuple[str, ...], key: str) -> str:
    """Draw one, or the empty string as one more; the same for the same key."""
    return random.Random(key).choice((*choices, "")) if choices else ""


def _parse(text: str, name: str, domain: str | None, *, alone: bool = False) -> PromptPack:
    reading = YamlReading(name, "prompt pack", "domain: finance")
    data = {key: value for key, value in reading.mapping(text).items() if value is not None}
    pack = PromptPack()
    try:
        pack = _validated(data)
    except ValidationError as error:
        for line, place, problem in reading.refusals(error):
            reading.problems.append((line, _words(place, problem)))
    reading.raise_problems()
    if alone:
        return pack
    base = shipped_pack(pack_name(str(data.get("domain") or domain or "")))
    named = {"domain": domain} if domain else {}
    return _validated({**base.model_dump(mode="json"), **named, **data})


def _validated(data: Mapping[str, Any]) -> PromptPack:
    # Through JSON: strict mode then takes lists for tuples and names for enums, and nothing else is coerced.
    return PromptPack.model_validate_json(json.dumps(data, default=str), strict=True)


def _words(place: Place, problem: Mapping[str, Any]) -> str:
    if problem["type"] == "extra_forbidden":
        known = list(Example.model_fields if len(place) > 1 else PromptPack.model_fields)
        near = get_close_matches(place[-1].lower(), known, n=1, cutoff=0.6)
        return f"{dotted(place)} is not a key; " + (
            f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
        )
    wanted = _EXPECTED.get(problem["type"], problem["msg"]).format(**problem.get("ctx", {}))
    written = "missing" if problem["type"] == "missing" else f"is {_shown(problem['input'])}"
    return f"{dotted(place)} {written}, expected {wanted}"


def _shown(value: object) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= 40 else shown[:39] + "…"
