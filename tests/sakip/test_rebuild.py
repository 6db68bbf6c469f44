"""Facts are drawn again from the cases and results from the facts: a falsified row is named (reference §3.2)."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.organisation.models import Region
from sakip.facts.evidence import accept, refuse
from sakip.facts.evidence_uses import REALISATION, refuse_use, restore_use, uses_at
from sakip.facts.models import EvidencePiece, EvidenceUse, RealisationRow, ResultRow, TargetRow
from sakip.facts.realisations import REPORTED, Filled, Origin, write
from sakip.facts.rebuild import Rebuilt, rebuild
from sakip.facts.results import freeze, recompute
from sakip.tree.models import IndicatorRow
from tests.sakip.measured import YEAR
from tests.sakip.measuring_office import a_measuring_office, a_year, reported, ticks
from tests.sakip.test_tree_cases import adopt, agency_tree, open_revision, regional_tree
from tests.sakip.tree_office import Office, an_office


@pytest.fixture
def played(session: Session, now: datetime) -> Office:
    """A quarter reported, returned, reported again and verified; a plan in force; one realisation imported."""
    office = a_measuring_office(session, now)
    a_year(office)
    plan = office.open("action_plan", "sari", {"year": YEAR, "actions": [{"activity": "Menambah jam layanan"}]})
    assert office.do(plan, "sari", "submit") is None
    assert office.do(plan, "fitri", "approve") is None
    for who in ("gita", "vina"):
        assert office.do(plan, who, "verify") is None
    case_id = reported(office, permits="1.000", served="95,5")
    marked = {"verification": ticks(office, case_id, "permits")}
    assert office.do(case_id, "vina", "return", answers=marked, comment="Periksa") is None
    assert office.do(case_id, "sari", "report") is None
    assert office.do(case_id, "vina", "verify", answers={"verification": ticks(office, case_id)}) is None
    office.work()
    origin = Origin(office.now, digest="f" * 64)
    write(office.session, office.region.id, None, YEAR, [Filled("grade", "q4", "BB")], REPORTED, origin)
    recompute(office.session, office.region.id, ["grade"], YEAR, office.now)
    return office


def checked(office: Office, *, is_check: bool = True) -> Rebuilt:
    return rebuild(office.session, office.region.id, office.now, is_check=is_check)


def test_nothing_differs_after_a_year_was_played(played: Office) -> None:
    found = checked(played)
    assert found.different == [] and found.compared > 20
    assert played.session.scalar(select(RealisationRow.value).where(RealisationRow.indicator_key == "grade"))


def test_a_falsified_realisation_is_named_and_put_right(played: Office) -> None:
    session: Session = played.session
    wrong = (RealisationRow.indicator_key == "permits") & RealisationRow.is_current
    session.execute(update(RealisationRow).where(wrong).values(value="1250"))
    session.expire_all()
    one, *more = checked(played).different
    assert (one.table, one.row["indicator_key"], one.stored, one.drawn) == (
        "sakip_realisations", "permits", {"value": "1250"}, {"value": "1000"},
    )  # fmt: skip
    assert {each.table for each in more} == {"sakip_results"}  # they follow from it
    checked(played, is_check=False)
    assert checked(played).different == []
    assert session.scalars(select(RealisationRow.value).where(wrong)).all() == ["1000"]


def test_rows_removed_or_invented_are_named_and_put_right(played: Office) -> None:
    session: Session = played.session
    session.execute(delete(TargetRow).where(TargetRow.indicator_key == "served", TargetRow.period == "q1"))
    invented = session.scalars(select(RealisationRow).where(RealisationRow.is_current).limit(1)).one()
    session.add(RealisationRow(
        region_id=invented.region_id, unit_id=invented.unit_id, indicator_key="other", year=YEAR, period="q1",
        value="1", is_not_issued=False, state="verified", drivers="", obstacles="", actions="", at=invented.at,
        case_id=invented.case_id or 1, seq=99, digest=None, is_current=True,
    ))  # fmt: skip
    session.flush()
    found = {(one.table, one.stored is None, one.drawn is None) for one in checked(played).different}
    assert {("sakip_targets", True, False), ("sakip_realisations", False, True)} <= found
    checked(played, is_check=False)
    assert checked(played).different == []


def test_a_falsified_use_of_evidence_is_named_and_put_right(played: Office) -> None:
    session: Session = played.session
    use = session.scalars(select(EvidenceUse).where(EvidenceUse.place == "permits")).one()
    wrong = {"case_id": 987, "by": None, "piece": "annual_plan", "state": "refused"}
    right = {name: getattr(use, name) for name in wrong}
    where = EvidenceUse.place == "permits"
    for falsify in (update(EvidenceUse).values(wrong), update(EvidenceUse).values(place="other"), delete(EvidenceUse)):
        session.execute(falsify.where(where))
        session.expire_all()
        found = checked(played, is_check=False).different
        assert {one.table for one in found} == {"sakip_evidence_uses"}
        assert any(right.items() <= (one.drawn or {}).items() for one in found)
        assert checked(played).different == []


def test_what_was_decided_about_evidence_stays_and_is_no_difference(played: Office) -> None:
    """§8.4: no case tells it, the log of the register does."""
    session, region, vina = played.session, played.region.id, played.people["vina"].id
    (use, piece), *_others = uses_at(session, region, played.units["kominfo"].id, YEAR, REALISATION, "q1")
    refuse_use(session, region, use.id, by=vina, now=played.now, reason="Bukan untuk ini")
    refuse(session, region, piece.id, by=vina, now=played.now, reason="Buram")
    assert checked(played, is_check=False).different == []
    assert (use.state, piece.state) == ("refused", "refused")
    restore_use(session, region, use.id, by=vina, now=played.now)
    accept(session, region, piece.id, by=vina, now=played.now)
    assert checked(played).different == []
    session.execute(update(EvidencePiece).where(EvidencePiece.id == piece.id).values(state="refused"))
    session.execute(update(EvidenceUse).where(EvidenceUse.id == use.id).values(state="refused"))
    session.expire_all()
    wrong = {one.table: (one.stored, one.drawn) for one in checked(played, is_check=False).different}
    assert wrong == {
        "sakip_evidence": ({"state": "refused"}, {"state": "accepted"}),
        "sakip_evidence_uses": ({"state": "refused"}, {"state": "used"}),
    }
    assert checked(played).different == []


def test_a_frozen_result_is_recomputed_too_and_named(played: Office) -> None:
    session: Session = played.session
    freeze(session, played.region.id, played.units["kominfo"].id, YEAR, played.now)
    where = (ResultRow.subject == "permits") & (ResultRow.span == "q1")
    session.execute(update(ResultRow).where(where).values(shown="99.99"))
    session.expire_all()
    for is_check in (True, False, True):
        (one,) = checked(played, is_check=is_check).different
        assert (one.table, one.row["subject"], one.stored, one.drawn) == (
            "sakip_results", "permits", {"shown": "99.99"}, {"shown": "80.00"},
        )  # fmt: skip


def test_a_tree_from_cases_is_drawn_again_too(session: Session, now: datetime) -> None:
    office = an_office(session, now)
    regional_tree(office)
    case_id = open_revision(office, agency_tree(office))
    adopt(office, case_id)
    office.work()
    assert checked(office).different == []
    wrong = IndicatorRow.key == session.scalar(select(IndicatorRow.key).order_by(IndicatorRow.key).limit(1))
    session.execute(update(IndicatorRow).where(wrong).values(name="Lain"))
    session.expire_all()
    (one,) = checked(office).different
    assert (one.table, one.stored) == ("sakip_indicators", {"name": "Lain"})
    checked(office, is_check=False)
    assert checked(office).different == []


def test_another_region_is_left_alone(played: Office) -> None:
    other = Region(key="kab_lain", name="Lain")
    played.session.add(other)
    played.session.flush()
    assert rebuild(played.session, other.id, played.now, is_check=False).compared == 0
    assert checked(played).different == []
