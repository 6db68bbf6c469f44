"""Connectors: what the effect ``call`` may name, and who answers to the name.

A name with a dot belongs to a part of this installation that registers it here and works in the database::

    @connector("registry.case_closed", Text("Register kasus", "Register of cases"))
    def case_closed(session, call): ...

A bare name is an address outside, which the installation configures (docs/reference/connectors.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.definitions.model import Text
from engine.errors import AlurError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")


class CallRefused(AlurError):
    """The other side will never take this call; trying again is of no use."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call as a connector gets it.

    ``key`` is the same at every attempt: what is done twice under one key must be done once. ``region`` is the
    region's key, ``at`` the moment of the act, ``values`` JSON-able: exact numbers and dates are text.
    """

    key: str
    name: str
    region_id: int
    region: str
    case_id: int
    case_number: str
    case_type: str
    revision: int
    at: datetime
    values: Mapping[str, Any]


Run = Callable[["Session", Call], Mapping[str, Any] | None]

CONNECTORS: dict[str, Run] = {}
_TITLES: dict[str, Text] = {}


def connector(name: str, title: Text | None = None) -> Callable[[Run], Run]:
    """Registers the decorated function under ``name`` (``part.what``), with what people read of it: what of a case goes
    there. A name used twice is refused.

    It works in the transaction that marks the call as done, so both happen or neither. What it returns is kept as the
    result. It raises CallRefused when it will never do it; any other error is tried again later.
    """
    if not NAME.fullmatch(name) or "." not in name:
        raise AlurError(f"a connector of this installation is called part.what, not {name!r}")

    def register(run: Run) -> Run:
        standing = CONNECTORS.get(name)
        if standing is not None and standing.__module__ != run.__module__:
            raise AlurError(f"the connector {name!r} is registered by {standing.__module__} already")
        CONNECTORS[name] = run
        _TITLES[name] = title or Text(name, name)
        return run

    return register


def title_of(name: str) -> Text:
    """What people read of a connector: its title, or its name where it has none or lies outside."""
    return _TITLES.get(name) or Text(name, name)
