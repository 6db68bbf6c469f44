"""The tables that are drawn from cases: what names a row in each, and what of it is compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.orm import Session

from engine.database import Base
from sakip.facts.asking import parts
from sakip.facts.budget_models import AbsorptionRow, BudgetRow
from sakip.facts.budget_rows import let_imports_count
from sakip.facts.models import (
    AgreementRow,
    EvidenceAct,
    EvidencePiece,
    EvidenceUse,
    RealisationRow,
    ScoreRow,
    TargetRow,
)
from sakip.tree.models import EdgeRow, IndicatorRow, NodeRow, TreeRevision

Key = tuple[str, tuple[Any, ...]]  # table, what names the row in it


@dataclass(frozen=True, slots=True)
class FactTable:
    """``key`` names a row; of the rest everything but ``ignored`` is compared. A revision is named by its act.
    ``of_trees`` are columns that say how the tree stood when the act was drawn."""

    model: type[Base]
    key: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    of_trees: tuple[str, ...] = ()

    @property
    def own(self) -> Table:
        """The table itself."""
        return cast(Table, self.model.__table__)

    @property
    def name(self) -> str:
        """Its name."""
        return self.own.name

    def differing(self, row: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
        """The compared columns in which two rows differ."""
        return [name for name in row if name not in ("id", *self.ignored) and row[name] != other[name]]


REVISIONS = FactTable(TreeRevision, ("unit_id", "case_id", "seq", "number"), ("made_at",))
OF_TREES = (
    REVISIONS,
    FactTable(NodeRow, ("key", "valid_from")),
    FactTable(IndicatorRow, ("key", "valid_from")),
    FactTable(EdgeRow, ("kind", "starts", "ends", "valid_from", "case_id")),
)
USES = FactTable(EvidenceUse, ("piece_id", "subject", "place", "year", "period", "unit_id"))
OF_CASES = (
    FactTable(AgreementRow, ("case_id", "seq", "row_key"), of_trees=("node_key", "unit_id", "position_id")),
    FactTable(TargetRow, ("case_id", "seq", "indicator_key", "year", "period", "valid_from"), ("at",)),
    FactTable(RealisationRow, ("case_id", "seq", "digest", "indicator_key", "year", "period"), of_trees=("unit_id",)),
    FactTable(ScoreRow, ("case_id", "seq", "tier", "path", "unit_id")),
    FactTable(
        BudgetRow,
        ("case_id", "seq", "digest", "year", "unit_id", "programme_key", "valid_from"),
        of_trees=("supports",),
    ),
    FactTable(AbsorptionRow, ("case_id", "seq", "digest", "year", "unit_id", "programme_key", "period")),
    USES,
)


def snapshot(session: Session, region_id: int, tables: Sequence[FactTable]) -> dict[Key, dict[str, Any]]:
    """Every row of a region in these tables, by what names it; ``id`` beside the compared columns."""
    session.flush()
    revisions = {
        one.id: f"{one.unit_id}/{one.number}"
        for one in session.execute(
            select(TreeRevision.id, TreeRevision.unit_id, TreeRevision.number).where(
                TreeRevision.region_id == region_id
            )
        )
    }
    found: dict[Key, dict[str, Any]] = {}
    for table in tables:
        own = table.own
        names = [one.name for one in own.columns]
        for row in session.execute(select(own).where(own.c.region_id == region_id).order_by(own.c.id)):
            values = dict(zip(names, row, strict=True))
            if "revision_id" in values:
                values["revision_id"] = revisions.get(values["revision_id"])
            found[(table.name, tuple(values[name] for name in table.key))] = values
    return found


def as_the_trees_stood(
    tables: Sequence[FactTable], stored: Mapping[Key, Mapping[str, Any]], drawn: Mapping[Key, dict[str, Any]]
) -> None:
    """Where trees cannot be drawn again, what other facts say of them then is nothing that could be held against them:
    it stays as it was written."""
    for table in tables:
        for key, row in drawn.items() if table.of_trees else ():
            if key[0] == table.name and key in stored:
                row.update({name: stored[key][name] for name in table.of_trees})


def take_back(session: Session, region_id: int, tables: Sequence[FactTable]) -> None:
    """Remove what came from cases, so that it can be drawn again: rows of imports stay, and those that cases ended are
    open again."""
    if REVISIONS in tables:
        _take_back_trees(session, region_id)
    drawn = select(EvidenceUse.id).where(EvidenceUse.region_id == region_id)
    let_go = update(EvidenceAct).where(EvidenceAct.use_id.in_(drawn)).values(use_id=None)  # judgements outlast a use
    session.execute(let_go.execution_options(synchronize_session=False))
    for table in OF_CASES:
        own = table.own
        gone = delete(own).where(own.c.region_id == region_id)
        session.execute(gone if table is USES else gone.where(own.c.case_id.is_not(None)))  # nothing imports uses
    _let_imports_count(session, region_id)
    session.expire_all()
    let_imports_count(session, region_id)


def _take_back_trees(session: Session, region_id: int) -> None:
    revisions = {
        one.id: one.in_force_on
        for one in session.scalars(
            select(TreeRevision).where(TreeRevision.region_id == region_id, TreeRevision.case_id.is_not(None))
        )
    }
    ids, ends = list(revisions), {day - timedelta(days=1) for day in revisions.values()}
    for part in parts(ids):
        clear = update(EvidencePiece).where(EvidencePiece.from_revision_id.in_(part))
        session.execute(clear.values(from_revision_id=None).execution_options(synchronize_session=False))
        session.execute(delete(AgreementRow).where(AgreementRow.revision_id.in_(part)))
        for model in (EdgeRow, IndicatorRow, NodeRow):
            session.execute(delete(model).where(model.revision_id.in_(part)))
        session.execute(delete(TreeRevision).where(TreeRevision.id.in_(part)))
    answered = select(EdgeRow.id).where(EdgeRow.region_id == region_id, EdgeRow.case_id.is_not(None))
    for part in parts(list(session.scalars(answered))):
        session.execute(delete(EdgeRow).where(EdgeRow.id.in_(part)))
    for model, columns in ((NodeRow, ("key",)), (IndicatorRow, ("key",)), (EdgeRow, ("kind", "starts", "ends"))):
        _reopen(session, region_id, model, columns, ends)


def _reopen(session: Session, region_id: int, model: Any, columns: tuple[str, ...], ends: set[Any]) -> None:
    latest: dict[tuple[Any, ...], Any] = {}
    rows = session.scalars(select(model).where(model.region_id == region_id).order_by(model.valid_from, model.id))
    for row in rows:
        latest[tuple(getattr(row, name) for name in columns)] = row
    for row in latest.values():
        if row.valid_to in ends:
            row.valid_to = None
    session.flush()


def _let_imports_count(session: Session, region_id: int) -> None:
    """Realisations of imports are current again where nothing else is."""
    place = (RealisationRow.indicator_key, RealisationRow.year, RealisationRow.period)
    last = select(func.max(RealisationRow.id)).where(RealisationRow.region_id == region_id).group_by(*place)
    for part in parts(list(session.scalars(last))):
        session.execute(update(RealisationRow).where(RealisationRow.id.in_(part)).values(is_current=True))


def are_trees_comparable(session: Session, region_id: int) -> bool:
    """Whether the trees can be drawn again: no revision was imported after a case had put one in force."""
    first = select(func.min(TreeRevision.made_at)).where(
        TreeRevision.region_id == region_id, TreeRevision.case_id.is_not(None)
    )
    began = session.scalar(first)
    if began is None:
        return False
    later = select(func.count()).where(
        TreeRevision.region_id == region_id, TreeRevision.case_id.is_(None), TreeRevision.made_at > began
    )
    return session.scalar(later) == 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not as its case says. ``stored`` and ``drawn`` are the columns that differ; None for no row."""

    table: str
    row: Mapping[str, Any]
    stored: Mapping[str, Any] | None
    drawn: Mapping[str, Any] | None

    def plain(self) -> dict[str, Any]:
        """The same as JSON."""
        return {"table": self.table, "row": self.row, "stored": self.stored, "drawn": self.drawn}


def differences(
    tables: Sequence[FactTable], stored: Mapping[Key, Mapping[str, Any]], drawn: Mapping[Key, Mapping[str, Any]]
) -> Iterator[Difference]:
    """Where two snapshots differ, in the order of their rows."""
    known = {table.name: table for table in tables}
    for key in dict.fromkeys((*stored, *drawn)):
        one, other, table = stored.get(key), drawn.get(key), known[key[0]]
        named = dict(zip(table.key, key[1], strict=True))
        if one is None or other is None:
            yield Difference(key[0], named, _shown(one), _shown(other))
            continue
        wrong = table.differing(one, other)
        if wrong:
            yield Difference(key[0], named, {name: one[name] for name in wrong}, {name: other[name] for name in wrong})


def _shown(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {name: value for name, value in row.items() if name != "id"}
