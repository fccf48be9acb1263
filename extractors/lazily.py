"""A property that is computed when it is first asked for and then kept."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

_Made = TypeVar("_Made")


class lazy(Generic[_Made]):
    """Like `functools.cached_property`, without the lock that that takes before Python 3.12.

    A page has thousands of lines and rows that several such properties are asked of; only one thread reads a page.
    """

    def __init__(self, make: Callable[[Any], _Made]) -> None:
        """Keep what `make` returns for an object."""
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, instance: Any, owner: type) -> _Made:
        """Make the value; the next look finds it in the object itself and does not come here."""
        value = self._make(instance)
        instance.__dict__[self._name] = value
        return value
