"""``flask sakip tree``: the tree on a day, its findings, what a change would break."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import ROOT
from engine.database import Database
from engine.organisation.models import Account, Person, Region, Unit
from sakip.publish_folder import publish_folder
from sakip.tree.history import Revision
from sakip.tree.models import TreeRevision
from sakip.tree.revising import apply_revision
from sakip.tree.values import Node
from tests.commands.conftest import Said, Terminal
from tests.factories import a_group, a_unit
from tests.sakip.trees import indicator, node

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
BEGAN, CHANGED = date(2026, 1, 1), date(2026, 2, 1)


@dataclass(frozen=True)
class Planted:
    office: Terminal
    region: str
    unit: str

    def tree(self, *arguments: str) -> Said:
        return self.office.run("sakip", "tree", "--region", self.region, *arguments)


@pytest.fixture
def planted(office: Terminal, database: Database) -> Planted:
    """A goal of the region with an objective, and one agency's goal below it that has no indicator."""
    with database.writing() as session, session.begin():
        publish_folder(
            session, ROOT / "sakip_config", region=None, reason="Uji", by=None, approved_by=None,
            now=datetime(2025, 12, 1, tzinfo=UTC),
        )  # fmt: skip
        region = session.scalars(select(Region)).first()
        assert region is not None
        unit = session.scalars(select(Unit).where(Unit.region_id == region.id, Unit.level == "agency")).first()
        assert unit is not None
        objective = grown("o", "objective", "g", indicators=(indicator("io", unit="index", direction="higher"),))
        put(region, None, BEGAN, session, new={"g": grown("g", "goal", "v"), "o": objective, "v": grown("v", "vision")})
        put(region, unit, BEGAN, session, new={"ag": grown("ag", "agency_goal", "o", tree=unit.key)})
        later = grown("o", "objective", "g", statement="Kini lain", indicators=(indicator("io", weight=Fraction(100)),))
        put(region, None, CHANGED, session, changed={"o": later})
        return Planted(office, region.key, unit.key)


def grown(key: str, level: str, parent: str | None = None, **more: object) -> Node:
    return node(key, level, parent, **{"owner": None, "fields": {}, **more})


def put(region: Region, unit: Unit | None, on: date, session: Session, **changes: Any) -> None:
    given = Revision("Uji", "Uji", **changes)
    assert isinstance(apply_revision(session, region.id, unit and unit.id, given, on, NOW), TreeRevision)


def test_the_tree_of_any_day_is_shown(planted: Planted) -> None:
    january = planted.tree("--on", "2026-01-31", "--format", "json")
    assert january.code == 0
    nodes = {one["key"]: one for one in january.json["nodes"]}
    assert list(nodes) == ["v", "g", "o", "ag"]
    assert (nodes["o"]["statement"], nodes["ag"]["tree"], nodes["o"]["number"]) == ("Sasaran o", planted.unit, 1)
    assert nodes["o"]["indicators"][0]["unit"] == "index"
    february = planted.tree("--on", "2026-02-01", "--format", "json").json["nodes"]
    assert [one["statement"] for one in february if one["key"] == "o"] == ["Kini lain"]
    assert planted.tree("--on", "2025-12-31", "--format", "json").json["nodes"] == []
    assert planted.tree("--year", "2025", "--format", "json").json["nodes"] == []
    assert len(planted.tree("--year", "2026", "--format", "json").json["nodes"]) == 4
    said = planted.tree("--on", "2026-02-01", "--unit", planted.unit).out
    assert "    o [objective] Kini lain" in said and "      - io Indikator io" in said
    rows = planted.office.run(
        "sakip", "export", "tree", "--region", planted.region, "--unit", planted.unit, "--on", "2026-02-01",
        "--format", "json",
    ).json  # fmt: skip
    assert [(row["tree"], row["key"]) for row in rows] == [(planted.unit, "ag")]
    before = ("sakip", "export", "tree", "--region", planted.region, "--year", "2025", "--format", "json")
    assert planted.office.run(*before).json == []


def test_findings_are_listed_by_check_and_errors_end_with_1(planted: Planted) -> None:
    found = planted.tree("--on", "2026-02-01", "--check", "--format", "json")
    assert found.code == 1
    assert found.json["findings"]["node_without_indicator"] == ["ag", "g"]
    own = planted.tree("--on", "2026-02-01", "--check", "--unit", planted.unit, "--format", "json")
    assert own.json["findings"]["node_without_indicator"] == ["ag"]
    told = planted.tree("--on", "2026-02-01", "--check", "--unit", planted.unit, "--lang", "en")
    assert "ag: node_without_indicator: It has fewer indicators than asked." in told.out


def test_what_a_change_would_break_is_listed(planted: Planted) -> None:
    found = planted.tree("--on", "2026-02-01", "--impact", "g", "--format", "json")
    assert (found.code, found.json["impact"]["nodes_below"]) == (0, ["o", "ag"])
    assert found.json["impact"]["indicators"] == ["io"]
    assert "nodes_below: o, ag" in planted.tree("--on", "2026-02-01", "--impact", "g").out


def test_what_is_not_there_is_said_in_one_sentence(planted: Planted) -> None:
    assert planted.tree("--impact", "?", "--on", "2026-02-01").code == 2
    assert planted.tree("--unit", "nowhere").code == 2
    assert planted.office.run("sakip", "tree", "--region", "nowhere").code == 2
    assert planted.tree("--check", "--impact", "g").code == 2
    assert planted.tree("--on", "yesterday").code == 2
    assert planted.tree("--on", "2026-02-01", "--year", "2025").code == 2
    assert "2019" in planted.tree("--check", "--on", "2019-01-01").err


def test_units_are_split_in_the_bureaus_name_and_listed(planted: Planted, database: Database) -> None:
    with database.writing() as session, session.begin():
        region = session.scalars(select(Region).where(Region.key == planted.region)).one()
        slamet = session.scalars(select(Account.person_id).where(Account.username == "slamet")).one()
        a_group(session, region, "organisation_bureau", session.get_one(Person, slamet), title="Bagian Organisasi")
        for key in ("satu", "dua"):
            a_unit(session, region, "agency", key=key, name=f"Dinas {key}")
    asked = ("split", "--as", "slamet", "--from", planted.unit, "--to", "satu", "--to", "dua", "--on", "2026-04-01",
             "--reason", "Penataan", "--legal-basis", "Perda 4/2026")  # fmt: skip

    def units(*arguments: str) -> Said:
        return planted.office.run("sakip", "units", *arguments)

    refused = units(*asked, "--format", "json")
    assert (refused.code, refused.json["refused"][0]["code"]) == (1, "succession_not_possible")
    for kind, more in (("split", ("--to", "satu", "--to", "satu")), ("merge", ("--from", planted.unit, "--to", "dua"))):
        twice = units(kind, *asked[1:5], *more, *asked[9:], "--take", "ag=satu", "--format", "json")
        assert (twice.code, twice.json["refused"][0]["code"]) == (1, "succession_count")  # one unit named twice is one
    trial = units(*asked, "--take", "ag=satu", "--dry-run", "--lang", "en")
    assert (trial.code, trial.out) == (0, "1 revision of a tree\nNothing was written (--dry-run).\n")
    assert units("--as", "slamet", "--format", "json").json == {"changes": []}
    assert units(*asked, "--take", "ag=satu").out == "1 revisi pohon\n"
    (change,) = units("--as", "slamet", "--format", "json").json["changes"]
    assert (change["kind"], change["on"], change["legal_basis"]) == ("split", "2026-04-01", "Perda 4/2026")
    assert "ag [agency_goal]" in planted.tree("--unit", "satu", "--on", "2026-04-01").out
    assert "ag [agency_goal]" in planted.tree("--unit", planted.unit, "--on", "2026-03-31").out
    assert units("rename", "--as", "eko", "--from", "satu", "--to", "dua", "--on", "2026-05-01").out.startswith(
        "not_the_bureau"
    )
    assert (units("split", "--as", "slamet").code, units(*asked, "--take", "ag").code) == (2, 2)
