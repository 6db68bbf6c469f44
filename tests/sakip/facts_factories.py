"""Rows of facts and results as connectors and computation leave them, for tests of what only reads them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from engine.organisation.models import Person, Position, Region, Unit
from sakip.facts.budget_rows import Absorbed, Budgeted, write_absorptions, write_budgets
from sakip.facts.models import (
    AgreementRow,
    EvidencePiece,
    GradeRow,
    RealisationRow,
    RecommendationRow,
    ResultRow,
    TargetRow,
)
from sakip.facts.realisations import Origin
from sakip.reasons import Reason
from sakip.tree.models import IndicatorRow, NodeRow, TreeRevision
from tests.factories import a_group, a_holder, a_person, a_position, a_region, a_unit

YEAR = 2025
SPANS = ("to_q1", "to_q2", "to_q3", "to_q4")
_cases = itertools.count(1_000_000)


@dataclass
class Performing:
    """A region whose agencies have heads with agreements. ``people``: bupati, sekda, bureau, inspector, head, staff,
    nobody (in no office of the region)."""

    session: Session
    now: datetime
    region: Region
    top: Unit
    agencies: list[Unit] = field(default_factory=list)
    heads: dict[int, Position] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    viewers: dict[Any, Any] = field(default_factory=dict)  # who was asked once
    revision: TreeRevision = field(init=False)

    def indicator(self, unit: Unit, key: str, *, is_key: bool = False, **values: Any) -> None:
        """An indicator on the head's agreement of a unit, below a node of its own."""
        since = date(YEAR, 1, 1)
        node = NodeRow(region_id=self.region.id, unit_id=unit.id, key=f"n-{key}", revision_id=self.revision.id)
        node.level, node.parent_key, node.owner_id = "agency_objective", None, self.heads[unit.id].id
        node.statement, node.result_kind, node.place, node.content = f"Sasaran {key}", None, 0, {}
        node.valid_from, node.valid_to = since, None
        row = IndicatorRow(region_id=self.region.id, unit_id=unit.id, node_key=node.key, key=key)
        row.revision_id, row.name, row.owner_id, row.verifier_id = self.revision.id, f"Indikator {key}", None, None
        row.is_key, row.is_published, row.place = is_key, values.pop("is_published", False), 0
        row.content, row.valid_from, row.valid_to = {"direction": "higher", "unit": "percent"}, since, None
        self.session.add_all([node, row, self._agreed(unit, key, values.pop("in_force_on", since))])
        self.session.flush()

    def _agreed(self, unit: Unit, key: str, in_force_on: date) -> AgreementRow:
        row = AgreementRow(region_id=self.region.id, case_id=next(_cases), seq=1, row_key=key, year=YEAR)
        row.unit_id, row.position_id, row.kind = unit.id, self.heads[unit.id].id, "agency"
        row.node_key, row.indicator_key, row.revision_id, row.weight = f"n-{key}", key, self.revision.id, None
        row.copied, row.in_force_on, row.ended_on = {}, in_force_on, None
        return row

    def result(self, kind: str, subject: str, unit: Unit | None, span: str, value: Any, **more: Any) -> ResultRow:
        """A result: a number in percent (text), or the code of a reason."""
        row = ResultRow(region_id=self.region.id, unit_id=None if unit is None else unit.id, subject_kind=kind)
        row.subject, row.year, row.span = subject, more.pop("year", YEAR), span
        row.figure, row.digest = more.pop("figure", "achievement"), "d" * 64
        row.computed_at, row.frozen_at = more.pop("computed_at", self.now), more.pop("frozen_at", None)
        row.numerator = row.denominator = row.shown = row.band = row.tone = row.reason = row.because = None
        row.is_provisional, row.details = more.pop("is_provisional", False), more.pop("details", {})
        if isinstance(value, Reason):
            row.reason = value.code
        else:
            exact = Fraction(value)
            row.numerator, row.denominator, row.shown = str(exact.numerator), str(exact.denominator), value
            bands = (("reached", "good", 100), ("near", "warn", 75), ("below", "bad", 0))
            row.band, row.tone = next((band, tone) for band, tone, start in bands if exact >= start)
        for name, given in more.items():
            setattr(row, name, given)
        self.session.add(row)
        self.session.flush()
        return row

    def measured(self, unit: Unit, key: str, value: Any, *, is_key: bool = False, **more: Any) -> None:
        """An indicator with the same result over every span, and its node's."""
        self.indicator(unit, key, is_key=is_key, **more)
        for span in (*SPANS, "year"):
            details = {} if isinstance(value, Reason) else {"target": "100", "realisation": value}
            self.result("indicator", key, unit, span, value, details=details)
            self.result("node", f"n-{key}", unit, span, value, details={"counted": 1, "total": 1})

    def target(self, key: str, at: datetime) -> None:
        """A target set at a moment."""
        row = TargetRow(region_id=self.region.id, indicator_key=key, year=YEAR, period="year", value="90")
        row.case_id, row.seq, row.valid_from, row.at = None, None, at.date(), at
        self.session.add(row)

    def reported(self, unit: Unit, key: str, period: str, state: str = "reported") -> None:
        """A realisation."""
        row = RealisationRow(region_id=self.region.id, unit_id=unit.id, indicator_key=key, year=YEAR, period=period)
        row.value, row.is_not_issued, row.state, row.is_current = "80", False, state, True
        row.drivers = row.obstacles = row.actions = ""
        row.case_id, row.seq, row.digest, row.at = None, None, None, self.now
        self.session.add(row)

    def budget(self, unit: Unit, code: str, amount: int, spent: int | None, *keys: str) -> None:
        """The budget of a programme for the goals of some indicators, and what was spent by the end of the year."""
        origin, nodes = Origin(self.now, digest=code), tuple(f"n-{key}" for key in keys)
        given = Budgeted(unit.id, code, code, f"Program {code}", "programme", nodes, Fraction(amount))
        write_budgets(self.session, self.region.id, YEAR, [given], date(YEAR, 1, 1), origin)
        told = [] if spent is None else [Absorbed(unit.id, code, "q4", Fraction(spent))]
        write_absorptions(self.session, self.region.id, YEAR, told, "verified", origin)

    def recommendation(self, unit: Unit | None, text: str, due_on: date | None) -> None:
        """An open recommendation to a unit; None: to the region itself."""
        unit_id = None if unit is None else unit.id
        row = RecommendationRow(region_id=self.region.id, unit_id=unit_id, year=YEAR - 1, source="internal", path=None)
        row.text, row.due_on, row.state, row.closed_on = text, due_on, "open", None
        row.case_id, row.follow_up_id, row.made_at = None, None, self.now
        self.session.add(row)

    def evidence(self, unit: Unit, title: str, state: str) -> None:
        """A registered piece."""
        row = EvidencePiece(region_id=self.region.id, unit_id=unit.id, kind="annual_plan", year=YEAR, title=title)
        row.file_digest = row.file_name = row.file_type = row.file_bytes = row.link = row.link_checksum = None
        row.from_case_id = row.from_revision_id = row.supersedes_id = row.registered_by = None
        row.state, row.registered_at = state, self.now
        self.session.add(row)

    def grade(self, score: str, predicate: str, year: int, on_date: date) -> None:
        """KemenPANRB's predicate of the region."""
        row = GradeRow(region_id=self.region.id, unit_id=None, year=year, source="ministry", score=score)
        row.predicate, row.letter, row.on_date, row.by, row.at = predicate, "B/1/2025", on_date, None, self.now
        self.session.add(row)


def a_performing_region(session: Session, now: datetime, key: str | None = None, agencies: int = 3) -> Performing:
    """A region with its people, agencies, an inspectorate and a bureau, and no result yet."""
    region = a_region(session, key)
    top = a_unit(session, region, "region", name=f"Pemerintah {region.name}")
    found = Performing(session, now, region, top)
    found.heads[top.id] = a_position(session, top, "head", title="Kepala daerah")
    found.people["bupati"] = a_person(session, top, "Bupati")
    a_holder(session, found.heads[top.id], found.people["bupati"])
    found.people["sekda"] = a_person(session, top, "Sekda")
    a_holder(session, a_position(session, top, "secretary", title="Sekretaris daerah"), found.people["sekda"])
    for number in range(1, agencies + 1):
        agency = a_unit(session, region, "agency", top, key=f"DINAS-{number}", name=f"Dinas {number}")
        found.agencies.append(agency)
        found.heads[agency.id] = a_position(session, agency, "head")
        person = a_person(session, agency, f"Kepala Dinas {number}")
        a_holder(session, found.heads[agency.id], person)
        found.people.setdefault("head", person)
    section = a_unit(session, region, "section", found.agencies[0], name="Seksi")
    found.people["staff"] = a_person(session, section, "Staf")
    bureau = a_unit(session, region, "agency", top, key="SETDA", name="Bagian Organisasi")
    found.people["bureau"] = a_person(session, bureau, "Bagian Organisasi")
    a_group(session, region, "organisation_bureau", found.people["bureau"], title="Bagian Organisasi")
    inspectorate = a_unit(session, region, "inspectorate", top, key="INSPEKTORAT", name="Inspektorat")
    found.people["inspector"] = a_person(session, inspectorate, "Inspektur")
    found.people["nobody"] = a_person(session, None, "Tanpa unit", region_id=region.id)
    revision = TreeRevision(region_id=region.id, unit_id=None, number=1, reason="awal", legal_basis="-")
    revision.case_id, revision.seq, revision.in_force_on, revision.made_at = None, None, date(YEAR, 1, 1), now
    session.add(revision)
    session.flush()
    found.revision = revision
    return found


def fill(found: Performing, offset: int = 0) -> None:
    """Results of every kind, different in each region by ``offset``: reached, nearly, below, without a number."""
    first, second, third = found.agencies[:3]
    found.measured(first, "a1", "105.00", is_published=True)
    found.measured(first, "a2", "62.50", is_key=True, is_published=True)
    found.measured(second, "b1", "80.00")
    found.measured(second, "b2", Reason("not_issued"))
    found.measured(second, "b3", Reason("not_due"))
    for number in range(offset):
        found.measured(third, f"c{number}", "40.00", is_key=number == 0)
    for span in (*SPANS, "year"):
        found.result("unit", first.key, first, span, "83.75", details={"counted": 2, "total": 2})
        found.result("unit", second.key, second, span, Reason("item_not_computable"), because="not_issued")
    for unit, key in ((first, "a1"), (first, "a2"), (second, "b1")):
        for period in ("q1", "q2", "q3", "q4"):
            found.reported(unit, key, period, "reported" if unit is first else "verified")
    found.budget(first, "2.16.02", 400_000_000, 250_000_000, "a1", "a2")
    found.budget(second, "1.02.01", 900_000_000, None, "b1")
    found.target("a1", found.now)
    found.recommendation(first, "Perbaiki pohon kinerja", date(YEAR, 6, 30))
    found.recommendation(second, "Lengkapi indikator", date(2099, 1, 1))
    found.recommendation(None, "Samakan format laporan", None)
    found.evidence(first, "Renja 2025", "refused")
    found.evidence(first, "Renstra", "accepted")
    parts = {"planning.existence": "57.0000", "planning.quality": "9.2500"}
    score = {"figure": "score", "year": YEAR, "details": {"sub_components": parts, "short": "B", "next": None}}
    found.result("region", found.region.key, None, "self", "66.25", **score)
    found.result("region", found.region.key, None, "result", "64.00", **score)
    found.result("unit", first.key, first, "result", "71.00", **score)
    found.grade("62.10", "B", YEAR - 1, date(YEAR, 12, 18))
    found.session.flush()
