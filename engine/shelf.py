"""A folder whose modules each add one named thing: how effects, functions and field types are found."""

from __future__ import annotations

import importlib
import pkgutil
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import dropwhile, takewhile
from types import MappingProxyType
from typing import Generic, TypeVar

from engine.errors import AlurError

_KEY = re.compile(r" *[a-z][a-z_]*:( |$)")

T = TypeVar("T")
Decorated = TypeVar("Decorated")


class ShelfError(AlurError):
    """A shelf holds something that cannot stand there: a name used twice, a module without its docstring."""


@dataclass(frozen=True, slots=True)
class ShelfItem(Generic[T]):
    """One named thing and what its module says about it."""

    name: str
    value: T
    module: str
    docstring: str

    @property
    def summary(self) -> str:
        """The first sentence of the module's docstring."""
        return self.docstring.strip().partition("\n")[0]

    @property
    def example(self) -> str:
        """The YAML of the module's docstring, as an author would write it: from its first line ``key: …`` to the next
        empty one. "" when there is none."""
        lines = iter(self.docstring.partition("\n")[2].splitlines())
        block = list(takewhile(str.strip, dropwhile(lambda line: not _KEY.match(line), lines)))
        return textwrap.dedent("\n".join(block))


class Shelf(Generic[T]):
    """The things of one folder, by name.

    ``package`` is the dotted name of the folder (its ``__name__``). Modules add themselves with the decorator that
    the folder's ``__init__`` makes from ``add``; ``items`` imports them all, once.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        self._items: dict[str, ShelfItem[T]] = {}
        self._values: Mapping[str, T] | None = None

    def add(self, name: str, value: T, module: str) -> None:
        """Puts ``value`` on the shelf. Raises ShelfError when the name is taken or the module has no docstring."""
        standing = self._items.get(name)
        if standing is not None:
            raise ShelfError(f"{self.package}: {name!r} is in {standing.module} and again in {module}")
        docstring = importlib.import_module(module).__doc__ if module else None
        if not docstring:
            raise ShelfError(f"{module}: the docstring with its example is missing")
        self._items[name] = ShelfItem(name, value, module, docstring)

    def named(self, name: str, make: Callable[[Decorated], T]) -> Callable[[Decorated], Decorated]:
        """A decorator that adds ``make(decorated)`` under ``name`` and leaves the decorated thing as it is."""

        def decorate(decorated: Decorated) -> Decorated:
            self.add(name, make(decorated), decorated.__module__)
            return decorated

        return decorate

    def items(self) -> Mapping[str, ShelfItem[T]]:
        """Everything on the shelf with its documentation, sorted by name."""
        self.values()
        return MappingProxyType(dict(sorted(self._items.items())))

    def values(self) -> Mapping[str, T]:
        """Everything on the shelf, sorted by name."""
        if self._values is None:
            package = importlib.import_module(self.package)
            for found in pkgutil.iter_modules(package.__path__):
                importlib.import_module(f"{self.package}.{found.name}")
            self._values = MappingProxyType({name: item.value for name, item in sorted(self._items.items())})
        return self._values
