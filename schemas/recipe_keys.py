"""What the keys of a recipe are and what each may hold, in words, read off the recipe's own JSON schema."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, cast

from schemas.recipe import Recipe

_NUMBERS = {"integer": "a whole number", "number": "a number"}
_OTHERS = {"string": "text", "boolean": "true or false", "object": "keys and values"}


@cache
def keys_of(section: str = "") -> tuple[str, ...]:
    """Return the keys of a section in their order, or those of the recipe's top level; none for a plain key."""
    return tuple(_node((section,) if section else ()).get("properties", ()))


def expected(path: tuple[str, ...]) -> str:
    """Say what the key at `path` may hold.

    >>> expected(("extract", "crop_dpi"))
    'a whole number from 36 to 600'
    """
    return _words(_node(path))


def description(path: tuple[str, ...]) -> str:
    """Return the description of the key at `path`."""
    node = _node(path[:-1])["properties"][path[-1]]
    return str(node.get("description") or _resolve(node)["description"])


def hint(path: tuple[str, ...]) -> str:
    """Say what an unknown key was probably meant to be, or where to find the known ones.

    >>> hint(("extract", "profle"))
    'did you mean profile?'
    """
    *above, name = path
    known = keys_of(*above)
    if above and name in keys_of():
        return "it stands at the left margin, in no section"
    home = next((section for section in keys_of() if name in keys_of(section)), None)
    if home:
        return f"it belongs under {home}"
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else f"known keys: {', '.join(known)}"


@cache
def _schema() -> dict[str, Any]:
    return Recipe.model_json_schema()


def _node(path: tuple[str, ...]) -> Mapping[str, Any]:
    node: Mapping[str, Any] = _schema()
    for name in path:
        node = _resolve(_below(node, name))
    return node


def _below(node: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return what stands at one name of a path: a key, an entry of a list by its number, or a value by a free key."""
    for part in (node, *node.get("anyOf", ())):
        found = part.get("items") if name.isdigit() else part.get("properties", {}).get(name)
        found = found or part.get("additionalProperties")
        if found:
            return cast("Mapping[str, Any]", found)
    return {}


def _resolve(node: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = node.get("$ref")
    return _schema()["$defs"][reference.rpartition("/")[2]] if reference else node


def _words(node: Mapping[str, Any]) -> str:
    node = _resolve(node)
    if "anyOf" in node:
        return " or ".join(_words(part) for part in node["anyOf"])
    if "enum" in node:
        return f"one of {', '.join(map(str, node['enum']))}"
    kind = node.get("type", "")
    if kind == "array":
        return f"a list, each entry {_words(node['items'])}"
    if kind == "null":
        return "null"
    return _NUMBERS[kind] + _limits(node) if kind in _NUMBERS else _OTHERS[kind]


def _limits(node: Mapping[str, Any]) -> str:
    if "minimum" in node and "maximum" in node:
        return f" from {node['minimum']} to {node['maximum']}"
    if "exclusiveMinimum" in node:
        return f" above {node['exclusiveMinimum']}"
    return f" of at least {node['minimum']}" if "minimum" in node else ""
