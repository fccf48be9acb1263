"""YAML that people write, read with the line of every key, so that each problem can name where it stands.

Only plain mappings, lists and scalars come out: no tags that make objects, no depth without end, no key twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from schemas.errors import RecipeError

MAX_BYTES = 1_000_000
_DEPTH = 4

Place = tuple[str, ...]


def text_of(path: Path, thing: str, *, remedy: str) -> str:
    """Return what a file holds.

    Args:
        path: the file.
        thing: what it should be ("recipe"), for the messages.
        remedy: what to do when there is no such file.

    Raises:
        RecipeError: it cannot be read, is no text, or is too large to be one.
    """
    try:
        if not path.is_file():
            raise RecipeError(f"{path}: no such {thing} file; {remedy}")
        if path.stat().st_size > MAX_BYTES:
            raise RecipeError(f"{path}: larger than {MAX_BYTES // 1000} kB, so this is no {thing}")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecipeError(f"{path}: not UTF-8 text, so this is no {thing}") from error
    except OSError as error:
        raise RecipeError(f"{path}: cannot be read: {error.strerror}") from error


def dotted(place: Place) -> str:
    """Return a place as people write it.

    >>> dotted(("examples", "0", "question"))
    'examples[0].question'
    """
    return "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in place).removeprefix(".")


def place_of(location: tuple[int | str, ...]) -> Place:
    """Return the place that pydantic names."""
    return tuple(str(part) for part in location)


@dataclass
class YamlReading:
    """A file as it is read: the line of each key, and what is wrong with it.

    Args:
        name: the file, as it stands in the messages.
        thing: what it is ("recipe").
        example: a key and a value, for the one who wrote something else.
    """

    name: str
    thing: str
    example: str
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    unreadable: set[Place] = field(default_factory=set)

    def mapping(self, text: str) -> dict[str, Any]:
        """Return the top level as a dict, empty for an empty file.

        Raises:
            RecipeError: the text is not YAML.
        """
        self.lines[()] = 1
        node = _compose(text, self.name)
        if node is None or str(node.tag).endswith(":null"):
            return {}
        if not isinstance(node, MappingNode):
            self.problems.append((_line(node), f"a {self.thing} is a mapping of keys, such as `{self.example}`"))
            return {}
        return cast("dict[str, Any]", self._value(node, ()))

    def refusals(self, error: ValidationError) -> list[tuple[int, Place, Mapping[str, Any]]]:
        """Return line, place and pydantic's words of every problem that reading has not told already."""
        found: list[tuple[int, Place, Mapping[str, Any]]] = []
        for problem in error.errors():
            place = place_of(problem["loc"])
            if place not in self.unreadable:
                line = next(self.lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in self.lines)
                found.append((line, place, cast("Mapping[str, Any]", problem)))
        return found

    def raise_problems(self) -> None:
        """Tell every problem at once, in the order of the file.

        Raises:
            RecipeError: there are any; the message holds one line a problem.
        """
        if self.problems:
            raise RecipeError("\n".join(f"{self.name}:{line}: {words}" for line, words in sorted(self.problems)))

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
        self.problems.append((_line(node), f"{dotted(path) or f'the {self.thing}'} {words}"))


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


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
