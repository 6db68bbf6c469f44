"""The tree of goals as an author wrote it: levels, owners, annexes, edges, integrity (reference §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.definitions.model import Text
from sakip.configuration.heads import Head

REGION, AGENCY = "region", "agency"
ERROR, WARNING, OFF = "error", "warning", "off"


@dataclass(frozen=True, slots=True)
class Level:
    """One level. ``under`` are the levels a parent may have (none: a root); ``indicators`` is (least, most or None);
    ``needs`` are node fields expected; ``budget`` is programme, activity, sub_activity or None."""

    key: str
    order: int
    tree: str
    title: Text
    under: tuple[str, ...]
    is_one_only: bool
    result_kinds: tuple[str, ...]
    least_indicators: int
    most_indicators: int | None
    owner: str | None
    needs: tuple[str, ...]
    budget: str | None


@dataclass(frozen=True, slots=True)
class ResultKind:
    """What kind of result a node is, with the tone of its box."""

    key: str
    order: int
    title: Text
    tone: str


@dataclass(frozen=True, slots=True)
class Owner:
    """A kind of position; its title shifts with the type of unit."""

    key: str
    title: Text
    title_in: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Annex:
    """Which levels give rows to the annex of an agreement of this kind of owner."""

    owner: str
    levels: tuple[str, ...]
    heading: Text
    heading_in: Mapping[str, Text]
    budget: str  # programme, activity, sub_activity, none
    has_missions: bool


@dataclass(frozen=True, slots=True)
class NodeField:
    """A further field of a node: paragraph, text or yes_no."""

    key: str
    title: Text
    type: str


@dataclass(frozen=True, slots=True)
class EdgeKind:
    """A link that is neither parent nor child. ``weight`` is (least, most) or None; ``agreed_by`` the case type in
    which the partner agrees, or None when nobody has to."""

    key: str
    title: Text
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    weight: tuple[int, int] | None
    partners: tuple[str, ...]
    agreed_by: str | None


@dataclass(frozen=True, eq=False, slots=True)
class Levels:
    """One file `levels.yaml`, with a region's overlay merged."""

    head: Head
    document: str  # rpjmd or rpd
    goals_hang_under: str
    objectives_hang_under: str
    subjects: tuple[str, ...]  # unit types that keep a tree
    result_kinds: Mapping[str, ResultKind]
    levels: Mapping[str, Level]  # in the order of `order`
    owners: Mapping[str, Owner]
    annex: Mapping[str, Annex]
    node_fields: Mapping[str, NodeField]
    edges: Mapping[str, EdgeKind]
    integrity: Mapping[str, str]  # name of a check -> error, warning, off
