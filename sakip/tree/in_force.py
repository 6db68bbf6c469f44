"""A case whose revision goes in force: its answers become rows, or what keeps it is said (reference §4.3, §4.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from sakip.case_answers import Document
from sakip.configuration.levels import Levels
from sakip.standing import levels_then
from sakip.tree.checking import Checked, check_tree, revised
from sakip.tree.draft_answers import UnreadableDraft, revision_of
from sakip.tree.history import Refusal, Revision
from sakip.tree.models import TreeRevision
from sakip.tree.revising import applied, apply_revision
from sakip.tree.rows import unit_keys

UNREADABLE, NO_LEVELS, NO_DAY = "unreadable", "no_levels", "no_day"
THE_REGION = "region"  # the answer ``tree`` for the region's own


@dataclass(frozen=True, slots=True)
class HeldUp:
    """Why a revision did not go in force: codes with the keys they are about (refusals, faults of the draft, and the
    names of integrity checks that are errors here)."""

    refusals: tuple[Refusal, ...]

    def plain(self) -> dict[str, Any]:
        """The same as JSON."""
        return {"held_up": [{"code": one.code, "keys": list(one.keys)} for one in self.refusals]}


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a case of this type would change: in the tree called ``tree`` of ``unit_id``, from the day ``on``."""

    unit_id: int | None
    tree: str
    on: date
    revision: Revision


def drafted(session: Session, document: Document) -> Drafted | HeldUp:
    """What the answers of a case stand for."""
    answers = document.answers
    trees = unit_keys(session, document.region_id)
    unit_id = tree_meant(document.unit_id, answers)
    if unit_id not in trees:
        return HeldUp((Refusal(UNREADABLE, ("unit",)),))
    day = answers.get("in_force_on")
    if not day:
        return HeldUp((Refusal(NO_DAY, ("in_force_on",)),))
    units = {each: key for each, key in trees.items() if each is not None}
    try:
        revision = revision_of(answers, trees[unit_id], units)
    except UnreadableDraft as fault:
        return HeldUp((Refusal(UNREADABLE, tuple(str(each) for each in fault.args)),))
    return Drafted(unit_id, trees[unit_id], date.fromisoformat(str(day)), revision)


def tree_meant(case_unit: int | None, answers: Mapping[str, Any]) -> int | None:
    """The unit whose tree a case is about: the one chosen, otherwise the case's own; None for the region's."""
    if answers.get("tree") == THE_REGION:
        return None
    chosen = answers.get("tree_unit")
    return case_unit if chosen is None else int(chosen)


def check_draft(session: Session, region_id: int, draft: Drafted) -> Checked | None:
    """What is wrong with the tree a draft would make; None where no levels govern the year."""
    after = revised(session, region_id, draft.unit_id, draft.revision, draft.on)
    return check_tree(session, region_id, after, draft.on, own=draft.tree)


def put_in_force(session: Session, document: Document, now: datetime) -> TreeRevision | HeldUp:
    """Put the revision of a case in force when nothing stops it: no fault of the draft, no finding that is an error
    here. What was put in force by this act already is given back."""
    known = applied(session, document.region_id, (document.case_id, document.seq))
    if known is not None:
        return known
    draft = drafted(session, document)
    if isinstance(draft, HeldUp):
        return draft
    checked = check_draft(session, document.region_id, draft)
    if checked is None:
        return HeldUp((Refusal(NO_LEVELS, (str(draft.on.year),)),))
    return HeldUp(_stopping(checked)) if checked.stops else draw_tree(session, document, now)


def draw_tree(session: Session, document: Document, now: datetime) -> TreeRevision | HeldUp:
    """The rows of a revision from its case alone; drawn again they are the same, and nothing is written twice. Whether
    its tree is sound was asked when it came in force, by the rules of then."""
    draft = drafted(session, document)
    if isinstance(draft, HeldUp):
        return draft
    levels = levels_then(session, document.region_id, draft.on.year, document.on)
    outcome = apply_revision(
        session, document.region_id, draft.unit_id, draft.revision, draft.on, now,
        act=(document.case_id, document.seq), agreed_kinds=() if levels is None else kinds_agreed(levels),
    )  # fmt: skip
    return outcome if isinstance(outcome, TreeRevision) else HeldUp(outcome)


def kinds_agreed(levels: Levels) -> list[str]:
    """The kinds of edge that count only when the partner has agreed."""
    return [kind.key for kind in levels.edges.values() if kind.agreed_by is not None]


def _stopping(checked: Checked) -> tuple[Refusal, ...]:
    grouped: dict[str, list[str]] = {}
    for fault in checked.faults:
        grouped.setdefault(fault.code, []).append(fault.key)
    for finding in checked.errors:
        grouped.setdefault(finding.check, []).append(finding.key)
    return tuple(Refusal(code, tuple(keys)) for code, keys in grouped.items())
