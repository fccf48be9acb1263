"""Reading a recipe, printing the default one, and letting flags override it.

Every problem of a file is told at once, each with its line, its key and what was expected there.
"""

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from schemas.errors import RecipeError
from schemas.recipe import Recipe
from schemas.recipe_keys import description, expected, hint, keys_of
from schemas.yaml_reading import Place, YamlReading, dotted, place_of, text_of

_WIDTH: Final = 100
# What pydantic puts behind a key of a free mapping when the key itself is wrong.
_OF_KEY: Final = "[key]"


def read_recipe(path: str | Path) -> Recipe:
    """Return the recipe in a YAML file; an empty file gives the default.

    Raises:
        RecipeError: the file cannot be read, or is no recipe; the message holds one line a problem.
    """
    file = Path(path)
    text = text_of(file, "recipe", remedy=f"`corpusmill recipe > {file.name}` writes the default one")
    return parse_recipe(text, name=str(path))


def parse_recipe(text: str, *, name: str = "recipe") -> Recipe:
    """Return the recipe that `text` (YAML) spells; `name` stands in the messages.

    Raises:
        RecipeError: `text` is no recipe; the message holds one line a problem.
    """
    reading = YamlReading(name, "recipe", "seed: 1")
    data = reading.mapping(text)
    sections = {key for key in data if keys_of(key)}
    recipe = Recipe()
    try:
        # A section without content counts as left out.
        recipe = _validated({key: value for key, value in data.items() if value is not None or key not in sections})
    except ValidationError as error:
        for line, place, problem in reading.refusals(error):
            reading.problems.append((line, _words(place, problem)))
    reading.raise_problems()
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
            place = place_of(problem["loc"])
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


def _validated(data: Mapping[str, Any]) -> Recipe:
    # Through JSON: strict mode then takes lists for tuples and names for enums, and nothing else is coerced.
    return Recipe.model_validate_json(json.dumps(data, default=str), strict=True)


def _words(place: Place, problem: Mapping[str, Any]) -> str:
    if problem["type"] == "extra_forbidden":
        return _unknown(place)
    if problem["type"] == "value_error":
        return f"{dotted(tuple(name for name in place if name != _OF_KEY))}: {problem['ctx']['error']}"
    return _problem(place, problem["input"])


def _problem(place: Place, value: object, *, name: str | None = None) -> str:
    written = "empty" if value is None else "a list" if isinstance(value, list) else _shown(value)
    return f"{name or dotted(place)} is {written}, expected {expected(place)}"


def _unknown(place: Place) -> str:
    home = ".".join(place[:-1]) or "a recipe"
    return f"{dotted(place)} is not a key of {home}; {hint(place)}"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:39] + "…"


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
