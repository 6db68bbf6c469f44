"""An agreement in force: the rows of its annex, and the targets its parties agreed (reference §3, §4.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from engine.cases.models import Case, History
from engine.cases.stored import definition_of
from engine.connectors import Call
from engine.field_types.table import ROW_KEY
from engine.organisation.models import Position, Unit
from sakip.case_answers import Document, document_at
from sakip.configuration.measurement import Measurement
from sakip.facts.agreed_budgets import draw_budgets
from sakip.facts.efficiencies import recompute_efficiency
from sakip.facts.models import AgreementRow
from sakip.facts.results import recompute
from sakip.facts.rulebook import Rulebook
from sakip.facts.self_registered import register_case
from sakip.facts.stored_values import target_to_plain
from sakip.facts.subjects import INDIVIDUAL, indicators_owned, positions_that_feed_nothing
from sakip.facts.targets import set_targets
from sakip.tree.annex_rows import QUARTERS, link_of, positions_held, quarters
from sakip.tree.annex_units import FormUnits, agreed_target, form_unit
from sakip.tree.carried_over import CASE_TYPE
from sakip.tree.values import WHOLE_YEAR
from sakip.tree.versions import IndicatorVersion, versions_at
from sakip.values import Target

REVISION = "revision"
REGION, AGENCY = "region", "agency"  # levels of agreements and of units
IN_FORCE = "in_force"  # the milestone


@dataclass(frozen=True, slots=True)
class Drawn:
    """What an agreement became: its year, how many rows, the indicators whose targets may have changed, and the codes
    of rows that have no link to the tree (they are measured by nobody), the programmes whose budget was written."""

    year: int | None
    rows: int
    indicators: tuple[str, ...]
    unlinked: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the annex, its goal, and what it was copied from."""

    goal: Mapping[str, Any]
    answers: Mapping[str, Any]
    version: IndicatorVersion

    @property
    def key(self) -> str:
        return self.version.indicator.key


def agreement_in_force(session: Session, call: Call) -> Mapping[str, Any]:
    """Write the rows and targets of the calling agreement, and what they make of the figures."""
    document = document_at(session, call.region_id, call.case_id, call.revision)
    quiet = _quiet(session, document)
    drawn = draw_agreement(session, document, call.at)
    register_agreement(session, document, call.at)
    if drawn.year is not None and drawn.indicators:
        owned = indicators_owned(session, call.region_id, quiet ^ _quiet(session, document))
        recompute(session, call.region_id, sorted({*drawn.indicators, *owned}), drawn.year, call.at)
    elif drawn.year is not None and drawn.programmes:
        recompute_efficiency(session, call.region_id, drawn.year, None, call.at)
    return {"year": drawn.year, "rows": drawn.rows, "unlinked": list(drawn.unlinked)}


def _quiet(session: Session, document: Document) -> frozenset[int]:
    """The positions that feed no unit in the agreement's year (§4.6)."""
    year = document.answers.get("period")
    return frozenset() if year is None else positions_that_feed_nothing(session, document.region_id, int(year))


def register_agreement(session: Session, document: Document, now: datetime) -> None:
    """Put an agreement in force into the register of its first party's unit, whoever drafted it; *individual* ones are
    evidence of no unit."""
    year, kind = document.answers.get("period"), document.answers.get("level")
    if year is not None and kind != INDIVIDUAL:
        unit = None if kind == REGION else _unit_of_first_party(session, document, str(kind or ""))
        register_case(session, document, unit, int(year), CASE_TYPE, IN_FORCE, now)


def _unit_of_first_party(session: Session, document: Document, level: str) -> int | None:
    """The nearest unit of a level at or above where the named first party sits, otherwise the case's unit; what stands
    right under the region for an agency that is called otherwise, such as an inspectorate or a district."""
    start, person = document.unit_id, document.answers.get("first_party")
    if person is not None:
        seats = positions_held(session, document.region_id, int(person), document.on)
        start = start if not seats else session.get_one(Position, seats[0]).unit_id
    line = [int(one) for one in session.get_one(Unit, start).path.split("/") if one] if start is not None else []
    wanted = select(Unit).where(Unit.id.in_(line), Unit.level != REGION).order_by(Unit.path.desc())
    units = session.scalars(wanted).all()
    top = units[-1].id if units and level == AGENCY else start
    return next((one.id for one in units if one.level == level), top)


def draw_agreement(session: Session, document: Document, now: datetime) -> Drawn:
    """The rows and targets of an agreement from its case alone; drawn again they are the same.

    Those of the agreement it replaces, of the same case before it was opened again, and of the same position and year
    end the day before; a target that is not agreed any more ends too.
    """
    answers = document.answers
    if answers.get("period") is None:
        return Drawn(None, 0, ())
    year = int(answers["period"])
    begins = _begins(document, year)
    linked, unlinked = _linked(session, document, year, begins)
    if _is_drawn(session, document):
        return Drawn(year, len(linked), tuple(row.key for row in linked), unlinked)
    standing = _standing(session, document, year, {row.version.owner_id for row in linked})
    later = _later_acts(session, document, standing)
    before = [one for one in standing if one.case_id not in later]
    until = min((one.in_force_on for one in standing if one.case_id in later), default=None)  # drawn late: it has ended
    ends = None if until is None else until - timedelta(days=1)
    rules = Rulebook(session, document.region_id).on(year, document.on)
    units = _form_units(session, document)
    targets: dict[tuple[str, str], Target | None] = {
        (gone.indicator_key, period): None for gone in before for period in gone.copied.get("targets", ())
    }
    for gone in before:
        gone.ended_on = begins - timedelta(days=1)
    for row in linked:
        agreed = _targets(row, rules, year)
        targets |= {(row.key, period): target for period, target in agreed.items()}
        session.add(_agreement_row(document, row, year, begins, ends, _copied(row, rules, units, agreed)))
    is_first = not before and answers.get("stage") != REVISION  # what the year begins with counts from its first day
    since = date(year, 1, 1) if is_first else begins
    write = partial(
        set_targets, session, document.region_id, year, case_id=document.case_id, seq=document.seq, at=now
    )  # fmt: skip
    write(targets, valid_from=since)
    if until is not None:
        said = {(one.indicator_key, period) for one in standing for period in one.copied.get("targets", ())}
        over = {place: None for place, target in targets.items() if target is not None and place not in said}
        write(over, valid_from=until)
    unit = next((row.version.unit_id for row in linked if row.version.unit_id is not None), None)
    budgeted = draw_budgets(
        session, document, year, begins, unit, {gone.case_id for gone in before}, is_first=is_first, until=until,
        later=later,
    )  # fmt: skip
    return Drawn(year, len(linked), tuple(dict.fromkeys(key for key, _period in targets)), unlinked, tuple(budgeted))


def _later_acts(session: Session, document: Document, standing: Sequence[AgreementRow]) -> set[int]:
    """The cases among those in force that came in force by a later act: this one is drawn late, after a retry."""
    acts = {(one.case_id, one.seq) for one in standing}
    found = session.execute(
        select(History.case_id, History.seq, History.at).where(History.case_id.in_({case for case, _ in acts}))
    )
    mine = (document.at, document.seq)
    return {case for case, seq, at in found if (case, seq) in acts and (at, seq) > mine}


def _begins(document: Document, year: int) -> date:
    """The day an agreement is in force from: what it says, otherwise the day both signed, otherwise the act's."""
    said = document.answers.get("effective_on") or document.answers.get("signed_on")
    day = document.on if said is None else date.fromisoformat(str(said))
    return max(day, date(year, 1, 1))


def _is_drawn(session: Session, document: Document) -> bool:
    wanted = select(AgreementRow.id).where(AgreementRow.case_id == document.case_id, AgreementRow.seq == document.seq)
    return session.scalars(wanted.limit(1)).first() is not None


def _standing(session: Session, document: Document, year: int, positions: set[int | None]) -> Sequence[AgreementRow]:
    """The rows in force that this agreement takes the place of."""
    same: list[ColumnElement[bool]] = [AgreementRow.case_id == document.case_id]
    seats = sorted(one for one in positions if one is not None)
    if seats:
        same.append(AgreementRow.position_id.in_(seats))
    number = document.answers.get("replaces")
    if number:
        replaced = select(Case.id).where(
            Case.region_id == document.region_id, Case.number == str(number).strip(), Case.case_type == CASE_TYPE
        )
        same.append(AgreementRow.case_id.in_(replaced))
    wanted = select(AgreementRow).where(
        AgreementRow.region_id == document.region_id, AgreementRow.year == year, AgreementRow.ended_on.is_(None),
        or_(*same),
    )  # fmt: skip
    return session.scalars(wanted.order_by(AgreementRow.id)).all()


def _linked(session: Session, document: Document, year: int, day: date) -> tuple[list[_Row], tuple[str, ...]]:
    """The rows of the annex that come from the tree, each indicator once; and the codes of the others."""
    rows = [
        (goal, row, link_of(row.get(ROW_KEY)))
        for goal in document.answers.get("goals") or ()
        for row in goal.get("indicators") or ()
    ]
    versions = versions_at(session, document.region_id, [link for _, _, link in rows if link is not None], year, day)
    linked: dict[str, _Row] = {}
    unlinked = []
    for goal, row, link in rows:
        version = None if link is None else versions.get(link)
        if version is None or version.indicator.key in linked:
            unlinked.append(str(row.get("code") or ""))
        else:
            linked[version.indicator.key] = _Row(goal, row, version)
    return list(linked.values()), tuple(unlinked)


def _targets(row: _Row, rules: Measurement | None, year: int) -> dict[str, Target]:
    """The targets a row agrees on, by period and ``year``."""
    indicator = row.version.indicator
    found = {WHOLE_YEAR: agreed_target(indicator.target_of(year), row.answers.get("target"))}
    for column, period in zip(QUARTERS, quarters(rules, indicator), strict=False):
        planned = indicator.targets.get(period, indicator.target_of(year))  # says of what kind a quarter's target is
        found[period] = agreed_target(planned, row.answers.get(column))
    return {period: target for period, target in found.items() if target is not None}


def _copied(row: _Row, rules: Measurement | None, units: FormUnits, agreed: Mapping[str, Target]) -> dict[str, Any]:
    """The row as agreed. A unit the parties left as it was proposed is the tree's own, so that it does not differ."""
    indicator, written = row.version.indicator, row.answers.get("unit")
    unit = indicator.unit if form_unit(units, rules, indicator.unit) == written else written
    plain = {period: target_to_plain(target) for period, target in agreed.items()}
    copied = {
        "code": row.answers.get("code"), "goal": row.goal.get("code"), "statement": row.goal.get("statement"),
        "text": row.answers.get("statement"), "unit": unit, "target": plain.get(WHOLE_YEAR), "targets": plain,
        "superior": row.answers.get("parent_indicator"),
    }  # fmt: skip
    return {name: value for name, value in copied.items() if value not in (None, {})}


def _agreement_row(
    document: Document, row: _Row, year: int, begins: date, ends: date | None, copied: Mapping[str, Any]
) -> AgreementRow:
    weight = row.answers.get("weight")
    return AgreementRow(
        region_id=document.region_id, case_id=document.case_id, seq=document.seq,
        row_key=str(row.answers[ROW_KEY]), year=year, unit_id=row.version.unit_id,
        position_id=row.version.owner_id, kind=str(document.answers.get("level") or ""), node_key=row.version.node,
        indicator_key=row.key, revision_id=row.version.revision_id, weight=None if weight is None else str(weight),
        copied=dict(copied), in_force_on=begins, ended_on=ends,
    )  # fmt: skip


def _form_units(session: Session, document: Document) -> FormUnits:
    case = session.get_one(Case, document.case_id)
    forms = definition_of(session, case.digest).forms.values()
    return next((form.units_of_measure for form in forms if "goals" in form.fields), {})
