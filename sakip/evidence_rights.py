"""Whose evidence a person may read, add to and judge (reference §8.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.models import Case, CaseAnswers
from engine.definitions.model import Definition
from engine.errors import NotFound
from engine.organisation.models import Region
from engine.organisation.standing import held
from engine.publishing import library
from engine.vocabulary import load
from sakip.cycle import REPORTS
from sakip.facts.evidence import with_predecessors
from sakip.facts.models import EvidencePiece
from sakip.facts.scores import SUBJECT_REGION
from sakip.facts.sheets import EVIDENCE
from sakip.looking import BUREAU, HEAD, INSPECTORATE, SECRETARY, Viewer
from sakip.subjects_seen import Subject, seen_by

VERIFICATION = "verification"  # the step of a report in which its rows are accepted or returned
REGION_KEEPERS = frozenset({HEAD, SECRETARY, BUREAU, INSPECTORATE})


@dataclass(frozen=True, eq=False, slots=True)
class Keeper:
    """A person at the register: ``subjects`` are those whose register they read whole, the region first if it is among
    them; ``own`` the units they work in or sit in, with all below; ``above`` those over them, and what all these came
    from; ``judges``: they verify evidence in this region;
    ``answers_for_region``: the region's own worksheet is being filled in where they work."""

    viewer: Viewer
    subjects: tuple[Subject, ...]
    region_key: str
    region_name: str
    own: frozenset[int]
    above: frozenset[int]
    judges: bool
    answers_for_region: bool

    @property
    def region_id(self) -> int:
        """The region's id."""
        return self.viewer.region_id

    @property
    def person_id(self) -> int:
        """Who it is."""
        return self.viewer.reader.person_id

    def reads_all(self) -> bool:
        """Whether every register of the region is theirs to read."""
        return self.judges or any(one.unit_id is None for one in self.subjects)

    def readable_units(self) -> frozenset[int]:
        """The units whose pieces they read, beside those of the region itself, which everybody in it reads."""
        return self.own | self.above | {one.unit_id for one in self.subjects if one.unit_id is not None}

    def may_read(self, piece: EvidencePiece) -> bool:
        """Whether a piece of the region is theirs to read: what a unit may use its people may read."""
        return piece.unit_id is None or self.reads_all() or piece.unit_id in self.readable_units()

    def may_add_to(self, unit_id: int | None) -> bool:
        """Whether they register pieces of a unit (None: of the region)."""
        if unit_id is None:
            return self.judges or self.answers_for_region or self.viewer.role in REGION_KEEPERS
        return unit_id in self.own

    def may_judge(self, piece: EvidencePiece) -> bool:
        """Whether they accept and refuse a piece: who verifies, never of the unit they work in, nor their own."""
        return self.judges and not self._is_own(piece.unit_id) and piece.registered_by != self.person_id

    def may_judge_use(self, piece: EvidencePiece, unit_id: int | None) -> bool:
        """Whether they judge the use of a piece by a unit (None: by the region): a piece of the region is used in the
        worksheet of the unit they work in too."""
        return self.may_judge(piece) and not self._is_own(unit_id)

    def _is_own(self, unit_id: int | None) -> bool:
        return unit_id in self.own or unit_id in self.above

    def places(self) -> tuple[Subject, ...]:
        """Where they may add, the region last."""
        units = self.viewer.organisation.units
        found = [Subject(units[one].key, units[one].name, one, False) for one in self.own if one in units]
        found.sort(key=lambda one: (len(units[one.unit_id or 0].path), one.name, one.key))
        region = [Subject(self.region_key, self.region_name, None, False)] if self.may_add_to(None) else []
        return (*found, *region)


def keeper_of(session: Session, person_id: int, now: datetime) -> Keeper:
    """What the register of evidence is to a person. Raises NotFound for somebody who is not there."""
    seen = seen_by(session, person_id, now)
    viewer = seen.viewer
    org = viewer.organisation
    region = session.get_one(Region, viewer.region_id)
    worked_in = {org.positions[one.position].unit_id for one in held(org, person_id, viewer.today)}
    home = org.people[person_id].unit_id
    worked_in |= set() if home is None else {home}
    tops = {unit for unit in worked_in if org.units[unit].parent_id is None}
    agencies = {agency.id for unit in worked_in - tops if (agency := viewer.agency_of(unit)) is not None}
    own = {one for agency in agencies for one in viewer.below(org.units[agency])}
    above = {int(step) for unit in worked_in for step in org.units[unit].path.strip("/").split("/")}
    groups = set(_groups(session, viewer))
    judges = any(viewer.reader.directory.is_member(person_id, group, now) for group in groups)
    above |= set(with_predecessors(session, sorted(own | above)))  # what a predecessor did is theirs too, not to judge
    return Keeper(
        viewer, seen.subjects, region.key, region.name, frozenset(own), frozenset(above), judges,
        _answers_for_region(session, viewer, worked_in),
    )  # fmt: skip


def _answers_for_region(session: Session, viewer: Viewer, worked_in: Collection[int]) -> bool:
    """Whether an evaluation of the region itself that is still open was begun in a unit one works in: whoever fills in
    its worksheet registers what it asks, though their own screen is that of a unit."""
    types = {one.model.case_type for one in viewer.configuration.evaluations}
    query = (
        select(CaseAnswers.answers)
        .join(Case, Case.id == CaseAnswers.case_id)
        .where(
            Case.region_id == viewer.region_id, Case.case_type.in_(types), Case.unit_id.in_(worked_in),
            Case.closed_at.is_(None), Case.is_sealed.is_(False),
        )
    )  # fmt: skip
    return any(answers.get("subject") == SUBJECT_REGION for answers in session.scalars(query))


def _groups(session: Session, viewer: Viewer) -> Iterator[str]:
    """The groups whose members verify: in the tiers that look at evidence, and the rows of reports."""
    asked = [(name, VERIFICATION) for name in REPORTS]
    for one in viewer.configuration.evaluations:
        asked += [(one.model.case_type, tier.state) for tier in one.model.tiers.values() if tier.answers == EVIDENCE]
    for case_type, state in dict.fromkeys(asked):
        try:
            digest = library.newest(session, viewer.region_id, case_type, viewer.today)
        except NotFound:
            continue
        yield from _candidates(library.definition(session, digest, load()), state)


def _candidates(definition: Definition, within: str) -> Iterator[str]:
    for key, state in definition.states.items():
        if state.task is None or not _stands_in(definition, key, within):
            continue
        for role in (definition.roles[name] for name in state.task.candidates if name in definition.roles):
            if role.resolve == "group":
                yield str(role.options["group"])


def _stands_in(definition: Definition, state: str, within: str) -> bool:
    key: str | None = state
    while key is not None and key != within:
        key = definition.states[key].parent
    return key == within
