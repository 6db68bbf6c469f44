"""Kinds of definition: what publishing asks of whoever reads them; case types are one, an installation adds others.

A part of the installation registers a schema's parse, check, canonical form, proof and impact::

    register(Kind("price-list", build=build, prove=prove, impact=impact))

and publishes ``price-list/<key>`` through the same gate: checked, proved, by a second person, told in the audit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from engine.definitions.model import Text
from engine.definitions.problems import Problem
from engine.errors import AlurError, NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SEPARATOR = "/"  # no key of a case type holds one
_NAME = re.compile(r"[a-z][a-z0-9-]*")


class Built(Protocol):
    """What was read from files, as far as publishing looks at it. ``digest`` names this content and no other."""

    @property
    def digest(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def title(self) -> Text: ...
    @property
    def region(self) -> str | None: ...
    @property
    def legal_basis(self) -> Sequence[str]: ...
    @property
    def valid_from(self) -> date | None: ...


Files = Mapping[str, str]  # path -> text
Build = Callable[[Files, str, str | None], tuple[Built | None, Sequence[Problem]]]  # files, key, region's key
Prove = Callable[[Files, str, str | None], Sequence[Any]]  # what comes back are the failures
Look = Callable[["Session", Files, str, int | None], Sequence[Problem]]  # files, key, the region's id
Impact = Callable[["Session", Files, str, int | None], Sequence[Mapping[str, Any]]]  # JSON-able lines


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. ``impact`` lists what a publication would change for a region (None: for all), to be shown before and
    kept with it; nothing where it cannot change anything. ``look`` finds what only the store tells: names of what is
    published for the region."""

    name: str
    build: Build
    prove: Prove
    impact: Impact
    look: Look | None = None

    def called(self, key: str) -> str:
        """The name versions of ``key`` are kept under."""
        return f"{self.name}{SEPARATOR}{key}"


KINDS: dict[str, Kind] = {}
RESTING: dict[str, Look] = {}  # by part: what is published and names a case type, which is about to change


def rests_on_case_types(part: str, look: Look) -> None:
    """Let a part look at every case type before it is published: ``look`` gets its files, its key and the region's id
    (None: for all), and finds what of the part's own would not fit it any more."""
    RESTING[part] = look


def register(kind: Kind) -> Kind:
    """Add a kind to this installation. Raises AlurError for a name that cannot be, or is another's."""
    if not _NAME.fullmatch(kind.name):
        raise AlurError(f"a kind of definition is called like-this, not {kind.name!r}")
    standing = KINDS.get(kind.name)
    if standing is not None and standing.prove.__module__ != kind.prove.__module__:
        raise AlurError(f"the kind {kind.name!r} is registered by {standing.prove.__module__} already")
    KINDS[kind.name] = kind
    return kind


def kind_called(name: str) -> Kind:
    """The kind of a name. Raises NotFound where no part of this installation has it."""
    kind = KINDS.get(name)
    if kind is None:
        raise NotFound(f"No part of this installation knows definitions of the kind '{name}'.")
    return kind
