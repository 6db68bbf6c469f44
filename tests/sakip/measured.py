"""A small region with a tree of goals in the database, and the shipped measurement published for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import ROOT
from engine.organisation.models import Region, Unit
from sakip.facts.models import ResultRow
from sakip.facts.realisations import REPORTED, Filled, Origin, write
from sakip.facts.targets import set_targets
from sakip.publish_folder import publish_folder
from sakip.tree.models import IndicatorRow, NodeRow, TreeRevision
from sakip.values import Absence, Realisation, Target
from tests.factories import a_region, a_unit
from tests.publishers import publishers

YEAR = 2026
FOLDER = ROOT / "sakip_config"
NEW_YEAR = date(YEAR, 1, 1)


@dataclass
class Measured:
    """A region with one agency; what is put in is kept in the session."""

    session: Session
    region: Region
    top: Unit
    agency: Unit
    revision: TreeRevision
    acts: list[int] = field(default_factory=list)

    def node(self, key: str, unit: Unit | None = None, **values: Any) -> NodeRow:
        """A node of a unit's tree (the agency's), since new year."""
        row = NodeRow(region_id=self.region.id, unit_id=(unit or self.agency).id, key=key, revision_id=self.revision.id)
        row.level, row.parent_key, row.owner_id = "agency_goal", None, values.pop("owner_id", None)
        row.statement, row.result_kind, row.place, row.content = key, None, 0, values.pop("content", {})
        row.valid_from, row.valid_to = values.pop("valid_from", NEW_YEAR), None
        self.session.add(row)
        self.session.flush()
        return row

    def indicator(
        self, key: str, node: str, of: Unit | None = None, *, valid_from: date = NEW_YEAR, **content: Any
    ) -> IndicatorRow:
        """An indicator of a node; ``content`` are its unit, direction, periods …; a later one ends the one before."""
        before = self.session.scalar(
            select(IndicatorRow).where(IndicatorRow.key == key, IndicatorRow.valid_to.is_(None))
        )
        if before is not None:
            before.valid_to = date.fromordinal(valid_from.toordinal() - 1)
            self.session.flush()
        row = IndicatorRow(region_id=self.region.id, unit_id=(of or self.agency).id, node_key=node, key=key)
        row.revision_id, row.name, row.owner_id, row.verifier_id = self.revision.id, key, None, None
        row.is_key, row.is_published, row.place = False, True, 0
        row.content, row.valid_from, row.valid_to = {"direction": "higher", **content}, valid_from, None
        self.session.add(row)
        self.session.flush()
        return row

    def aim(self, key: str, valid_from: date = NEW_YEAR, **targets: Target | None) -> None:
        """Targets of an indicator by period (or ``year``) from a day on."""
        at = datetime.fromisoformat(f"{valid_from.isoformat()}T00:00:00+00:00")
        aimed = {(key, period): target for period, target in targets.items()}
        set_targets(self.session, self.region.id, YEAR, aimed, valid_from=valid_from, case_id=None, seq=None, at=at)

    def fill(
        self, now: datetime, period: str, values: Mapping[str, Realisation | Absence], state: str = REPORTED
    ) -> None:
        """Realisations of a period by indicator, as one imported file."""
        self.acts.append(len(self.acts) + 1)
        filled = [Filled(key, period, value) for key, value in values.items()]
        origin = Origin(now, digest=f"{self.acts[-1]:064}")
        write(self.session, self.region.id, self.agency.id, YEAR, filled, state, origin)

    def publish(self, now: datetime, folder: Path = FOLDER) -> None:
        """The measurement of a folder, for all regions."""
        people = publishers(self.session, self.region.id)
        list(publish_folder(self.session, folder, region=None, reason="Berlaku", now=now, **people))

    def result(self, subject: str, span: str) -> ResultRow | None:
        """The stored result of a subject over a span."""
        query = select(ResultRow).where(ResultRow.subject == subject, ResultRow.span == span)
        query = query.where(ResultRow.region_id == self.region.id).execution_options(populate_existing=True)
        return self.session.scalar(query)

    def said(self, subject: str, *spans: str) -> list[str | None]:
        """Printed value and band of each span, or the reason; None where there is no row."""
        rows = [self.result(subject, span) for span in spans]
        return [None if row is None else row.reason or f"{row.shown} {row.band}" for row in rows]


def a_measured_region(session: Session, now: datetime, key: str | None = None) -> Measured:
    """A region with an agency and an empty tree, measured as shipped since ``now``."""
    region = a_region(session, key)
    top = a_unit(session, region, "region")
    agency = a_unit(session, region, "agency", top)
    revision = TreeRevision(region_id=region.id, unit_id=agency.id, number=1, reason="awal", legal_basis="-")
    revision.case_id, revision.in_force_on, revision.made_at = None, NEW_YEAR, now
    session.add(revision)
    session.flush()
    found = Measured(session, region, top, agency, revision)
    found.publish(now)
    return found
