"""A tree through time: rows valid for a period of dates, changed by revisions, never overwritten (reference §4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sakip.tree.values import Edge, Node

ALREADY_THERE, NOT_THERE, TOO_EARLY, REASON_MISSING = "already_there", "not_there", "too_early", "reason_missing"


@dataclass(frozen=True, slots=True)
class Version:
    """A node as it stood from a day to a day, both inside; ``valid_to`` None: until further notice. ``revision`` counts
    the versions of its key from 1."""

    node: Node
    revision: int
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether this is how the node stood on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Revision:
    """A set of changes with its reason and legal basis. While it is a draft it is nothing but this value. A changed
    edge stands in ``edges`` like a new one, by its key; with a node that ends, its edges end too."""

    reason: str
    legal_basis: str
    new: Mapping[str, Node] = field(default_factory=dict)
    changed: Mapping[str, Node] = field(default_factory=dict)
    ended: frozenset[str] = frozenset()
    edges: Mapping[str, Edge] = field(default_factory=dict)
    edges_ended: Mapping[str, Edge] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a revision cannot go in force: a code and the keys it is about."""

    code: str
    keys: tuple[str, ...]


def tree_on(versions: Iterable[Version], day: date) -> tuple[Node, ...]:
    """The nodes as they stood on any day, past ones too."""
    return tuple(one.node for one in versions if one.holds_on(day))


def refusals(versions: Iterable[Version], revision: Revision, on: date) -> tuple[Refusal, ...]:
    """What keeps a revision from going in force on a day: no reason or legal basis, a new key that holds already, a
    changed or ended one that does not, a day before its present row began or its last one ended (history is not
    rewritten)."""
    known = list(versions)
    current, gone = _current(known), _gone(known)
    touched = [*sorted(revision.changed), *sorted(revision.ended)]
    found = (
        Refusal(REASON_MISSING, () if revision.reason.strip() and revision.legal_basis.strip() else ("revision",)),
        Refusal(ALREADY_THERE, tuple(key for key in sorted(revision.new) if key in current)),
        Refusal(NOT_THERE, tuple(key for key in touched if key not in current)),
        Refusal(
            TOO_EARLY,
            (
                *(key for key in sorted(revision.new) if key in gone and on <= gone[key]),
                *(key for key in touched if key in current and on < current[key].valid_from),
            ),
        ),
    )
    return tuple(one for one in found if one.keys)


def in_force(versions: Sequence[Version], revision: Revision, on: date) -> tuple[Version, ...]:
    """All versions with the revision in force from ``on``: old rows end the day before, nothing is lost.

    Raises ValueError when ``refusals`` has something to say.
    """
    refused = refusals(versions, revision, on)
    if refused:
        raise ValueError(f"{refused[0].code}: {', '.join(refused[0].keys)}")
    day_before = on - timedelta(days=1)
    replaced = revision.ended | revision.changed.keys()
    counted: dict[str, int] = {}
    kept = []
    for one in versions:
        counted[one.node.key] = max(counted.get(one.node.key, 0), one.revision)
        ends = one.valid_to is None and one.node.key in replaced
        kept.append(replace(one, valid_to=day_before) if ends else one)
    written = {**revision.new, **revision.changed}
    return (*kept, *(Version(node, counted.get(key, 0) + 1, on) for key, node in written.items()))


def _current(versions: Iterable[Version]) -> dict[str, Version]:
    return {one.node.key: one for one in versions if one.valid_to is None}


def _gone(versions: Iterable[Version]) -> dict[str, date]:
    """The last day of every key that has ended, at its latest."""
    found: dict[str, date] = {}
    for one in versions:
        if one.valid_to is not None:
            found[one.node.key] = max(found.get(one.node.key, one.valid_to), one.valid_to)
    return found


def between(before: Iterable[Node], after: Iterable[Node], reason: str, legal_basis: str) -> Revision:
    """The revision that leads from one set of nodes to another: what an editor or an import hands in as a whole."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    return Revision(
        reason,
        legal_basis,
        {key: node for key, node in new.items() if key not in old},
        {key: node for key, node in new.items() if key in old and old[key] != node},
        frozenset(old.keys() - new.keys()),
    )
