"""Reading a recipe, printing the default one, and letting flags override it.

Every problem of a file is told at once, each with its line, its key and what was expected there.
"""

import json
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from schemas.errors import RecipeError
from schemas.recipe import Recipe
from schemas.recipe_keys import description, expected, hint, keys_of

MAX_BYTES = 1_000_000
_DEPTH = 4
_WIDTH = 100

Place = tuple[str, ...]


def read_recipe(path: str | Path) -> Recipe:
    """Return the recipe in a YAML file; an empty file gives the default.

    Raises:
        RecipeError: the file cannot be read, or is no recipe; the message holds one line a problem.
    """
    return parse_recipe(_text_of(Path(path)), name=str(path))


def parse_recipe(text: str, *, name: str = "recipe") -> Recipe:
    """Return the recipe that `text` (YAML) spells; `name` stands in the messages.

    Raises:
        RecipeError: `text` is no recipe; the message holds one line a problem.
    """
    reading = _Reading(name)
    data = reading.mapping(_compose(text, name))
    try:
        recipe = _validated(data)
    except ValidationError as error:
        reading.add(error)
    if reading.problems:
        raise RecipeError("\n".join(f"{name}:{line}: {words}" for line, words in sorted(reading.problems)))
    return recipe


def override(recipe: Recipe, changes: Mapping[str, object], *, flags: Mapping[str, str] | None = None) -> Recipe:
    """Return `recipe` with some keys changed; a change to None is no change.

    Args:
        recipe: what holds where nothing is changed.
        changes: new values by dotted key ("generate.engine").
        flags: what the user typed, by dotted key ("--engine"); stands in the messages instead of the key.

    Raises:
        RecipeError: a value does not fit; the message names the flag.
    """
    data = recipe.model_dump(mode="json")
    for key, value in changes.items():
        section, _, name = key.rpartition(".")
        if value is not None:
            (data[section] if section else data)[name] = value
    try:
        return _validated(data)
    except ValidationError as error:
        names = flags or {}
        lines = []
        for problem in error.errors():
            place = _place(problem["loc"])
            if problem["type"] == "extra_forbidden":
                lines.append(_unknown(place))
            else:
                lines.append(_problem(place, problem["input"], name=names.get(".".join(place))))
        raise RecipeError("\n".join(lines)) from error


def default_recipe_text() -> str:
    """Return the default recipe as YAML, with what each key means and may hold as comments."""
    return recipe_text(Recipe())


def recipe_text(recipe: Recipe) -> str:
    """Return `recipe` as commented YAML, which reads back to the same recipe."""
    lines = ["# The recipe of a corpus. Every key is optional; what is left out has the value shown here."]
    for name in keys_of():
        value = getattr(recipe, name)
        lines += ["", *_comment(description((name,)), "")]
        if isinstance(value, BaseModel):
            lines.append(f"{name}:")
            for key in keys_of(name):
                lines += _entry((name, key), getattr(value, key))
        else:
            lines.append(f"{name}: {_yaml(value)}")
    return "\n".join(lines) + "\n"


@dataclass
class _Reading:
    """A file as it is read: the line of each key, and what is wrong with it."""

    name: str
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    unreadable: set[Place] = field(default_factory=set)

    def mapping(self, node: Node | None) -> dict[str, Any]:
        """Return the top level of the file as a dict; a section without content counts as left out."""
        if node is None or str(node.tag).endswith(":null"):
            return {}
        if not isinstance(node, MappingNode):
            self.problems.append((_line(node), "a recipe is a mapping of keys, such as `seed: 1`"))
            return {}
        data = self._value(node, ())
        sections = {key for key in data if isinstance(key, str) and keys_of(key)}
        return {key: value for key, value in data.items() if value is not None or key not in sections}

    def add(self, error: ValidationError) -> None:
        """Turn what pydantic found into problems with lines."""
        for problem in error.errors():
            place = _place(problem["loc"])
            if place in self.unreadable:
                continue
            line = next(self.lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in self.lines)
            unknown = problem["type"] == "extra_forbidden"
            self.problems.append((line, _unknown(place) if unknown else _problem(place, problem["input"])))

    def _value(self, node: Node, path: Place) -> Any:
        self.lines.setdefault(path, _line(node))
        if len(path) > _DEPTH:
            return self._refuse(node, path, "is nested too deeply")
        if isinstance(node, MappingNode):
            return self._pairs(node, path)
        if isinstance(node, SequenceNode):
            return [self._value(part, (*path, str(number))) for number, part in enumerate(node.value)]
        return self._scalar(node, path)

    def _pairs(self, node: MappingNode, path: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._refuse(key_node, path, "has a key that is not a word")
                continue
            key = str(key_node.value)
            place = (*path, key)
            if key in found:
                before = self.lines[place]
                self._add(key_node, place, f"stands here again, first in line {before}")
                continue
            self.lines[place] = _line(key_node)
            found[key] = self._value(value_node, place)
        return found

    def _scalar(self, node: Node, path: Place) -> Any:
        try:
            return YAML(typ="safe", pure=True).constructor.construct_object(node)
        except (YAMLError, ValueError):
            return self._refuse(node, path, f"holds a value that YAML cannot read: {node.value}")

    def _refuse(self, node: Node, path: Place, words: str) -> None:
        self.unreadable.add(path)
        self._add(node, path, words)

    def _add(self, node: Node, path: Place, words: str) -> None:
        self.problems.append((_line(node), f"{_dotted(path) or 'the recipe'} {words}"))


def _text_of(path: Path) -> str:
    try:
        if not path.is_file():
            raise RecipeError(f"{path}: no such recipe file; `corpusmill recipe > {path.name}` writes the default one")
        if path.stat().st_size > MAX_BYTES:
            raise RecipeError(f"{path}: larger than {MAX_BYTES // 1000} kB, so this is no recipe")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecipeError(f"{path}: not UTF-8 text, so this is no recipe") from error
    except OSError as error:
        raise RecipeError(f"{path}: cannot be read: {error.strerror}") from error


def _compose(text: str, name: str) -> Node | None:
    try:
        return cast("Node | None", YAML(typ="safe", pure=True).compose(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise RecipeError(f"{name}:{line}: not YAML: {_plain_words(error, text, line)}") from error
    except YAMLError as error:
        raise RecipeError(f"{name}: not YAML: {' '.join(str(error).split())}") from error


def _plain_words(error: MarkedYAMLError, text: str, line: int) -> str:
    written = (text.splitlines() or [""])[min(line, len(text.splitlines())) - 1]
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return "the line is indented with a tab; use spaces"
    return " ".join(str(part).strip() for part in (error.context, error.problem) if part)


def _validated(data: Mapping[str, Any]) -> Recipe:
    # Through JSON: strict mode then takes lists for tuples and names for enums, and nothing else is coerced.
    return Recipe.model_validate_json(json.dumps(data, default=str), strict=True)


def _place(location: tuple[int | str, ...]) -> Place:
    return tuple(str(part) for part in location)


def _problem(place: Place, value: object, *, name: str | None = None) -> str:
    written = "empty" if value is None else "a list" if isinstance(value, list) else _shown(value)
    return f"{name or _dotted(place)} is {written}, expected {expected(place)}"


def _dotted(place: Place) -> str:
    return "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in place).removeprefix(".")


def _unknown(place: Place) -> str:
    home = ".".join(place[:-1]) or "a recipe"
    return f"{_dotted(place)} is not a key of {home}; {hint(place)}"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:39] + "…"


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _entry(path: Place, value: object) -> list[str]:
    words = description(path)
    return [*_comment(f"{words} ({expected(path)})", "  "), f"  {path[-1]}: {_yaml(value)}"]


def _comment(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")


def _yaml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_yaml(part) for part in value)}]"
    if isinstance(value, str):
        plain = value.replace("_", "").replace("-", "").isalpha() and value.isascii()
        reserved = value.lower() in {"null", "true", "false", "yes", "no", "on", "off", "nan", "inf"}
        return value if plain and not reserved else json.dumps(value)
    return json.dumps(value)
