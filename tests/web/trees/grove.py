"""Trees of goals for tests of pages: the region's own and that of Diskominfo, both in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import ROOT
from engine.database import Database
from engine.organisation.models import Position, Region, Unit
from engine.publishing.publish import publish
from engine.publishing.texts import gather
from engine.vocabulary import load
from sakip.publish_folder import publish_folder
from sakip.tree.history import Revision
from sakip.tree.models import TreeRevision
from sakip.tree.revising import apply_revision
from sakip.tree.values import Indicator, Node
from tests.publishers import publishers

SINCE, LATER = date(2025, 1, 1), date(2025, 7, 1)
TEMPLATES = ROOT / "delivery" / "templates"
UNIT = "diskominfo"


def grow(database: Database, region_id: int, now: datetime) -> None:
    """Publish what governs trees, and put two trees in force; Diskominfo's was revised once."""
    with database.writing.begin() as session:
        before = now - timedelta(days=60)
        region = session.get_one(Region, region_id)
        publish_folder(session, ROOT / "sakip_config", region=None, reason="Uji", now=before, **publishers(session))
        _publish(session, region, before)
        _plant(session, region, before)


def _publish(session: Session, region: Region, now: datetime) -> None:
    gathered, loaded = gather(ROOT / "workflows" / "tree_revision.yaml", ROOT, TEMPLATES, load())
    assert gathered is not None, loaded.problems
    publish(session, gathered.files, "tree_revision", reason="Uji", region=region.id, vocabulary=load(), now=now,
            prove=lambda _: (), by=None)  # fmt: skip


def _plant(session: Session, region: Region, now: datetime) -> None:
    unit = session.scalars(select(Unit).where(Unit.region_id == region.id, Unit.key == UNIT)).one()
    seats = {row.kind: str(row.id) for row in session.scalars(select(Position).where(Position.unit_id == unit.id))}
    top = session.scalars(select(Position.id).join(Unit, Unit.id == Position.unit_id)
                          .where(Unit.region_id == region.id, Unit.level == "region")).one()  # fmt: skip
    region_nodes, unit_nodes = _regional(str(top)), _own(seats["head"])
    _in_force(session, region.id, None, region_nodes, SINCE, now)
    _in_force(session, region.id, unit.id, unit_nodes, SINCE, now)
    changed = replace(unit_nodes[1], statement="Meningkatnya kualitas komunikasi publik dan keterbukaan informasi")
    second = Revision("Renstra diubah", "Perbup 7/2025", changed={changed.key: changed})
    assert isinstance(apply_revision(session, region.id, unit.id, second, LATER, now), TreeRevision)


def _in_force(
    session: Session, region_id: int, unit_id: int | None, nodes: list[Node], on: date, now: datetime
) -> None:
    first = Revision("RPJMD ditetapkan", "Perda 3/2025", new={one.key: one for one in nodes})
    assert isinstance(apply_revision(session, region_id, unit_id, first, on, now), TreeRevision)


def _measured(key: str, name: str, *planned: int, **more: object) -> Indicator:
    targets = {2025 + number: Fraction(target) for number, target in enumerate(planned)}
    return Indicator(key, name, unit="index", method="maximise", plan_targets=targets, **more)  # type: ignore[arg-type]


def _regional(head: str) -> list[Node]:
    spbe = _measured("r.spbe", "Indeks SPBE", 3, 4, is_key=True, is_published=True)
    return [
        Node("r.v", "vision", statement="Kabupaten Contoh maju dan terbuka", place=10),
        Node("r.m", "mission", parent="r.v", statement="Tata kelola yang bersih dan melayani", place=10),
        Node("r.g", "goal", parent="r.m", statement="Terwujudnya pemerintahan digital", place=10, owner=head,
             result_kind="ultimate_outcome", indicators=(_measured("r.ig", "Indeks reformasi birokrasi", 70, 72),)),
        Node("r.o", "objective", parent="r.g", statement="Meningkatnya mutu layanan digital", place=10, owner=head,
             result_kind="intermediate_outcome", indicators=(spbe,)),
        Node("r.o2", "objective", parent="r.g", statement="Meningkatnya keterbukaan", place=20, owner=head,
             result_kind="intermediate_outcome", indicators=(_measured("r.io2", "Indeks keterbukaan", 60, 65),)),
    ]  # fmt: skip


def _own(head: str) -> list[Node]:
    def node(key: str, level: str, parent: str, statement: str, place: int, *indicators: Indicator) -> Node:
        return Node(key, level, UNIT, parent, statement, place, owner=head,
                    fields={"success_factor": "Kanal yang dipercaya"}, indicators=indicators)  # fmt: skip

    iku = _measured("d.iku", "Indeks Keterbukaan Informasi Publik", 66, 70, is_key=True, superior="r.spbe")
    return [
        node("d.g", "agency_goal", "r.o", "Terwujudnya komunikasi publik yang dipercaya", 10,
             _measured("d.ig", "Indeks kepercayaan publik", 60, 62)),
        node("d.o", "agency_objective", "d.g", "Meningkatnya kualitas komunikasi publik", 10, iku),
        node("d.o2", "agency_objective", "d.g", "Meningkatnya keamanan informasi", 20,
             _measured("d.kami", "Indeks KAMI", 400, 450, 500)),
        node("d.p", "programme_outcome", "d.o", "Terkelolanya informasi publik", 10,
             _measured("d.ip", "Permohonan informasi dijawab tepat waktu", 90, 95)),
        node("d.p2", "programme_outcome", "d.o2", "Terlindunginya aset informasi", 10,
             _measured("d.ip2", "Insiden yang ditangani", 80, 85)),
        node("d.a", "activity_output", "d.p", "Konten informasi tersedia", 10,
             _measured("d.ia", "Konten yang terbit", 100, 120)),
    ]  # fmt: skip
