"""The reports of a year somebody fills in: by unit and period, with the cases that stand for each (reference §13.2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Text as TextColumn
from sqlalchemy import or_, select, type_coerce
from sqlalchemy.orm import Session

from engine.cases.access import seen_among
from engine.cases.models import Case, CaseAnswers
from engine.cases.sealed import openable
from engine.cases.stored import running_definition
from engine.cases.wording import states_title
from engine.definitions.model import Definition, Text
from engine.organisation.models import Unit
from engine.organisation.snapshot import UnitRow
from engine.organisation.standing import held
from engine.tasks.queue import states_offered
from sakip.configuration.measurement import Measurement, Period
from sakip.cycle import REPORTS
from sakip.facts.agreed import carried_rows
from sakip.facts.due import answered_for, is_due
from sakip.facts.reports import number_of
from sakip.facts.self_registered import register_place
from sakip.facts.subjects import HeldIndicator, held_on, indicators_of
from sakip.figures.not_reporting import deadline
from sakip.looking import BUREAU, REGION_LEVEL, Viewer, usual_year, viewer_of

FILL, VERIFY = "fill", "verify"
TASKS = {"rows": FILL, "verification": VERIFY}  # what a task is for, by the table it edits


@dataclass(frozen=True, slots=True)
class Standing:
    """A report that was begun: its case, of one agreement (None: of all), where it stands, by whom, and whether the
    viewer may read it. ``task`` is what the viewer is asked to do with it now: ``fill``, ``verify``, or ""."""

    case_id: int
    number: str
    agreement: str | None
    state: Text
    by: str
    is_mine: bool
    is_readable: bool
    task: str


@dataclass(frozen=True, slots=True)
class PeriodReports:
    """A period in which the unit measures something: how many indicators, until when, what was begun for it."""

    key: str
    title: Text
    until: date
    has_ended: bool
    is_late: bool
    count: int
    begun: tuple[Standing, ...]

    def standing_for(self, agreement: str | None) -> Standing | None:
        """The report that holds the rows of an agreement already, None where none was begun."""
        return next((one for one in self.begun if one.agreement in (None, agreement)), None)


@dataclass(frozen=True, slots=True)
class UnitReports:
    """A unit whose figures the viewer enters: numbers of its agreements in force, and its periods in their order."""

    unit: UnitRow
    agreements: tuple[str, ...]
    periods: tuple[PeriodReports, ...]


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """The reports somebody fills in, of a fiscal year; ``may_open`` where the region has such reports at all."""

    year: int
    today: date
    units: tuple[UnitReports, ...]
    may_open: bool


def reports_page(session: Session, person_id: int, year: int | None, now: datetime) -> ReportsPage:
    """The reports of a year, without one of the year figures are looked at. Raises NotFound for somebody who is not
    there."""
    viewer = viewer_of(session, person_id, now)
    chosen = year if year is not None else usual_year(viewer)
    may_open = REPORTS[0] in openable(session, viewer.region_id, now)
    return ReportsPage(chosen, viewer.today, reports_of(session, viewer, chosen), may_open)


def reports_of(session: Session, viewer: Viewer, year: int) -> tuple[UnitReports, ...]:
    """The units the viewer reports for in a fiscal year; those with nothing to measure are left out."""
    if viewer.book.of_year(year) is None:
        return ()
    counts = {unit.id: versions for unit in _units(viewer) if (versions := _held(session, viewer, unit.id, year))}
    begun = _begun(session, viewer, year, counts)
    found = []
    for unit in _units(viewer):
        if unit.id not in counts:
            continue
        periods = _periods(viewer, year, counts[unit.id], begun.get(unit.id, {}))
        rows = carried_rows(session, viewer.region_id, year, unit_id=unit.id)
        agreements = tuple(dict.fromkeys(carried.agreement for _row, carried in rows))
        found.append(UnitReports(unit, agreements, periods))
    return tuple(found)


def reports_to_begin(session: Session, viewer: Viewer, year: int, unit: str) -> UnitReports | None:
    """The unit of this key among those the viewer reports for, None for any other. Until the step ends nobody else
    begins a report of it: what somebody opens in the same instant is waited for, and found."""
    known = next((one for one in viewer.organisation.units.values() if one.key == unit), None)
    if known is None:
        return None
    session.execute(select(Unit.id).where(Unit.id == known.id).with_for_update(key_share=True))
    return next((one for one in reports_of(session, viewer, year) if one.unit.id == known.id), None)


def _units(viewer: Viewer) -> Sequence[UnitRow]:
    """The units the viewer works in and those around them; the region's own only for who works there or in Bagian
    Organisasi."""
    org, person = viewer.organisation, viewer.reader.person_id
    own = org.people[person].unit_id
    seats = [org.positions[one.position].unit_id for one in held(org, person, viewer.today)]
    worked_in = dict.fromkeys([*([] if own is None else [own]), *seats])
    found: dict[int, UnitRow] = {}
    for unit_id in worked_in:
        line = [org.units[int(step)] for step in org.units[unit_id].path.strip("/").split("/")]
        for unit in reversed(line):
            if not _is_top(unit) or unit.id in worked_in or BUREAU in viewer.roles:
                found[unit.id] = unit
    return tuple(found.values())


def _keys(session: Session, viewer: Viewer, unit_id: int, year: int) -> list[str]:
    """The indicators a unit reports by; the region's own unit those of the region's tree."""
    day = min(max(viewer.today, date(year, 1, 1)), date(year, 12, 31))
    return answered_for(session, viewer.region_id, register_place(session, unit_id), year, day)


def _held(session: Session, viewer: Viewer, unit_id: int, year: int) -> Sequence[Sequence[HeldIndicator]]:
    """Their versions."""
    keys = _keys(session, viewer, unit_id, year)
    return tuple(indicators_of(session, viewer.region_id, year, keys).values()) if keys else ()


def _periods(
    viewer: Viewer,
    year: int,
    indicators: Sequence[Sequence[HeldIndicator]],
    begun: Mapping[str, Sequence[Standing]],
) -> tuple[PeriodReports, ...]:
    found = []
    for rules, period in sorted(viewer.book.periods(year).values(), key=lambda one: (one[1].ends, one[1].order)):
        count = sum(_is_due(rules, versions, period, year) for versions in indicators)
        if count or period.key in begun:
            until, ends = deadline(viewer, period, year), period.last_day(year)
            found.append(PeriodReports(
                period.key, period.title, until, ends < viewer.today, until < viewer.today, count,
                tuple(begun.get(period.key, ())),
            ))  # fmt: skip
    return tuple(found)


def _is_due(rules: Measurement, versions: Sequence[HeldIndicator], period: Period, year: int) -> bool:
    return is_due(rules, held_on(versions, period.last_day(year)) or versions[0], period.key)


def _begun(
    session: Session, viewer: Viewer, year: int, units: Collection[int]
) -> dict[int, dict[str, list[Standing]]]:  # fmt: skip
    """The reports that run or rest, by the unit they are about and the period, the oldest first."""
    tops = {one for one in units if _is_top(viewer.organisation.units[one])}
    below = {*units} - tops  # under the region's own unit lies everything, and no report of that is one of it
    near = {one.id for one in viewer.organisation.units.values() if not _line(one).isdisjoint(below)} | tops
    plain = type_coerce(CaseAnswers.answers, TextColumn)
    named = [plain.contains(f'"reporting_unit":{one}{end}') for one in tops for end in ",}"]  # canonical, no blanks
    query = (
        select(Case, CaseAnswers.answers)
        .join(CaseAnswers, CaseAnswers.case_id == Case.id)
        .where(
            Case.region_id == viewer.region_id, Case.case_type.in_(REPORTS), Case.is_sealed.is_(False),
            Case.closed_at.is_(None), or_(Case.unit_id.in_(sorted(near)), *named),
            Case.opened_at >= datetime(year - 1, 12, 31, tzinfo=UTC),  # answers are long: not those of years before
        )
        .order_by(Case.id)
    )  # fmt: skip
    measures = dict.fromkeys(units, True)
    found: dict[int, dict[str, list[Standing]]] = {}
    cases = session.execute(query).all()
    offered = states_offered(session, viewer.reader, [case.id for case, _answers in cases if not case.is_suspended])
    seen = seen_among(session, viewer.reader, [case.id for case, _answers in cases])
    for case, answers in cases:
        if answers.get("year") != year or not answers.get("period"):
            continue
        subject = viewer.organisation.units.get(number_of(answers.get("reporting_unit")) or case.unit_id)
        about = None if subject is None else _about(session, viewer, subject, year, measures)
        if about in units and about is not None:
            standing = _standing(session, viewer, case, answers, offered.get(case.id, ()), case.id in seen)
            found.setdefault(about, {}).setdefault(str(answers["period"]), []).append(standing)
    return found


def _is_top(unit: UnitRow) -> bool:
    return unit.level == REGION_LEVEL and unit.parent_id is None


def _line(unit: UnitRow) -> set[int]:
    return {int(step) for step in unit.path.strip("/").split("/")}


def _about(session: Session, viewer: Viewer, subject: UnitRow, year: int, measures: dict[int, bool]) -> int | None:
    """The unit whose figures a report of ``subject`` tells: from there upwards the first that measures something; the
    region's own only when the report is its. ``measures`` remembers who does."""
    org = viewer.organisation
    for step in reversed(subject.path.strip("/").split("/")):
        unit = org.units[int(step)]
        if unit.id != subject.id and _is_top(unit):
            return None
        if unit.id not in measures:
            measures[unit.id] = bool(_keys(session, viewer, unit.id, year))
        if measures[unit.id]:
            return unit.id
    return None


def _standing(
    session: Session, viewer: Viewer, case: Case, answers: Mapping[str, Any], offered: Collection[str],
    is_readable: bool,
) -> Standing:  # fmt: skip
    definition = running_definition(session, case.digest, viewer.reader)
    by = viewer.organisation.people.get(case.initiator_id or 0)
    return Standing(
        case.id, case.number, str(answers.get("agreement") or "") or None,
        states_title(definition, dict(case.state.get("a", {}))),
        "–" if by is None else by.name,
        case.initiator_id == viewer.reader.person_id, is_readable,
        _task(definition, offered),
    )  # fmt: skip


def _task(definition: Definition, offered: Collection[str]) -> str:
    """What tasks in these states are for, by the table they edit."""
    states = [definition.states[name] for name in offered]
    tasks = [task for one in states if (task := one.task or one.approval) is not None]
    return next((said for field, said in TASKS.items() if any(one.fields.get(field) == "edit" for one in tasks)), "")
