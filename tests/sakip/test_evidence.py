"""Evidence is registered once, judged as a piece, used at many places, and keeps its history (reference §8)."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.organisation.models import Person, Region, Unit
from sakip.evidence_rights import keeper_of
from sakip.facts.evidence import (
    ACCEPTED,
    REFUSED,
    REGISTERED,
    REPAIRED,
    Content,
    File,
    NotPossible,
    accept,
    from_case,
    history,
    offered,
    offered_of,
    piece_of,
    refuse,
    register,
    repair,
)
from sakip.facts.evidence_choosing import choosable
from sakip.facts.evidence_uses import (
    CRITERION,
    USED,
    Place,
    refuse_use,
    restore_use,
    use,
    use_only,
    uses_at,
    uses_of,
)
from sakip.facts.models import EvidencePiece
from sakip.facts.reports import usable_pieces
from sakip.tree.models import UnitSuccession
from tests.factories import a_person, a_region, a_unit

YEAR = 2026
PDF = File("d" * 64, "renja.pdf", "application/pdf", 1_000)


class Register:
    """A region's register with one agency, a division under it and a neighbour."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.region: Region = a_region(session)
        self.top: Unit = a_unit(session, self.region, "region")
        self.agency: Unit = a_unit(session, self.region, "agency", self.top)
        self.division: Unit = a_unit(session, self.region, "division", self.agency)
        self.neighbour: Unit = a_unit(session, self.region, "agency", self.top)
        self.clerk: Person = a_person(session, self.agency)

    def put(self, content: Content | None = None, unit: Unit | None = None, **more: object) -> EvidencePiece:
        given = {"kind": "annual_plan", "year": YEAR, "title": "Renja", "by": self.clerk.id, "now": self.now} | more
        unit_id = (unit or self.agency).id
        return register(self.session, self.region.id, unit_id, content=content or Content(file=PDF), **given)  # type: ignore[arg-type]

    def at(self, place: str, piece: str = "annual_plan") -> Place:
        return Place(CRITERION, place, self.agency.id, YEAR, piece=piece)

    def use(self, piece: EvidencePiece, place: Place):  # type: ignore[no-untyped-def]
        return use(self.session, self.region.id, piece.id, place, by=self.clerk.id, now=self.now)


@pytest.fixture
def kept(session: Session, now: datetime) -> Register:
    return Register(session, now)


def test_8_1_the_same_file_is_registered_once_a_kind_year_and_unit(kept: Register) -> None:
    piece = kept.put()
    assert kept.put() is piece and piece.state == REGISTERED
    assert kept.put(kind="strategic_plan") is not piece and kept.put(unit=kept.division) is not piece
    link = kept.put(Content(link="https://daerah.example/renja", link_checksum="1"))
    assert kept.put(Content(link="https://daerah.example/renja", link_checksum="1")) is link
    assert kept.put(Content(link="https://daerah.example/renja", link_checksum="2")) is not link
    for content, title in ((Content(), "Renja"), (Content(file=PDF), " ")):
        with pytest.raises(NotPossible):
            kept.put(content, title=title, kind="other")


def test_8_2_one_piece_is_offered_to_its_unit_and_below_and_used_at_five_places(kept: Register) -> None:
    piece = kept.put()

    def found(unit: Unit, kind: str | None = "annual_plan", year: int = YEAR) -> bool:
        return piece in offered(kept.session, kept.region.id, unit.id, kind, year)

    assert found(kept.agency) and found(kept.division) and found(kept.agency, None)
    assert not found(kept.neighbour) and not found(kept.agency, "budget_document") and not found(kept.agency, year=2025)
    uses = [kept.use(piece, kept.at(f"planning.use.c{number}")) for number in range(5)]
    assert kept.use(piece, kept.at("planning.use.c0")) is uses[0]
    assert len(uses_of(kept.session, kept.region.id, piece.id)) == 5
    assert len(uses_at(kept.session, kept.region.id, kept.agency.id, YEAR, CRITERION)) == 5


def test_8_2_what_the_region_registered_is_offered_to_every_unit(kept: Register) -> None:
    piece = register(
        kept.session, kept.region.id, None, kind="annual_plan", year=YEAR, title="RKPD", content=Content(file=PDF),
        by=None, now=kept.now,
    )  # fmt: skip
    for unit_id in (kept.agency.id, kept.division.id, kept.neighbour.id, None):
        assert offered(kept.session, kept.region.id, unit_id, "annual_plan", YEAR) == [piece]


def test_4_8_a_unit_is_offered_what_the_units_it_came_from_registered(kept: Register) -> None:
    """Two agencies became one, which was renamed later: its evidence is theirs."""
    piece = kept.put()
    merged, renamed = (a_unit(kept.session, kept.region, "agency", kept.top) for _ in range(2))
    division = a_unit(kept.session, kept.region, "division", renamed)
    for kind, after, before in (("merge", merged, kept.agency), ("merge", merged, kept.neighbour),
                                ("rename", renamed, merged)):  # fmt: skip
        came = UnitSuccession(region_id=kept.region.id, unit_id=after.id, predecessor_id=before.id, kind=kind)
        came.on_date = kept.now.date()
        kept.session.add(came)
    kept.session.flush()
    clerk = a_person(kept.session, division)
    for unit in (merged, renamed, division):
        assert list(offered(kept.session, kept.region.id, unit.id, "annual_plan", YEAR)) == [piece]
    assert usable_pieces(kept.session, kept.region.id, division.id, [piece.id]) == {piece.id}
    assert choosable(kept.session, kept.region.id, renamed.id, YEAR)[0].owner == kept.agency.name
    keeper = keeper_of(kept.session, clerk.id, kept.now)
    assert keeper.may_read(piece) and not keeper.may_judge(piece) and not keeper.may_add_to(kept.agency.id)
    kept.session.delete(kept.session.get_one(UnitSuccession, (merged.id, kept.agency.id)))
    kept.session.flush()
    assert not keeper_of(kept.session, clerk.id, kept.now).may_read(piece)


def test_8_3_what_went_through_alur_registers_itself_once(kept: Register) -> None:
    pieces = [
        from_case(
            kept.session, kept.region.id, kept.agency.id, kind="agreements", year=YEAR, title="PK/1", case_id=7,
            now=kept.now,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert pieces[0] is pieces[1] and pieces[0].from_case_id == 7 and pieces[0].registered_by is None


def test_8_2_a_piece_of_an_asked_kind_is_found_however_many_others_came_after_it(kept: Register) -> None:
    piece = kept.put()
    others = {"region_id": kept.region.id, "unit_id": kept.agency.id, "kind": "achievement_report", "year": YEAR}
    kept.session.execute(
        insert(EvidencePiece),
        [{**others, "title": str(at), "state": REGISTERED, "registered_at": kept.now} for at in range(201)],
    )
    assert piece not in offered(kept.session, kept.region.id, kept.agency.id, None, YEAR)  # a page lists the newest
    assert list(offered_of(kept.session, kept.region.id, kept.agency.id, {"annual_plan", "dpa"}, YEAR)) == [piece]


def test_8_4_refused_repaired_and_accepted_is_one_history_that_shows_at_every_use(kept: Register) -> None:
    piece = kept.put()
    uses = [kept.use(piece, kept.at(f"planning.use.c{number}")) for number in range(2)]
    given = {"by": kept.clerk.id, "now": kept.now}
    with pytest.raises(NotPossible, match="why"):
        refuse(kept.session, kept.region.id, piece.id, reason=" ", **given)
    refuse(kept.session, kept.region.id, piece.id, reason="Tidak bertanggal", **given)
    assert piece.state == REFUSED
    repair(kept.session, kept.region.id, piece.id, reason="Sudah diberi tanggal", **given)
    accept(kept.session, kept.region.id, piece.id, **given)
    assert piece.state == ACCEPTED and all(one.state == USED for one in uses)
    with pytest.raises(NotPossible) as refused:
        repair(kept.session, kept.region.id, piece.id, reason="", **given)
    assert refused.value.code == "state"
    assert [(act.state, act.reason) for act in history(kept.session, kept.region.id, piece.id)] == [
        (REGISTERED, ""), (REFUSED, "Tidak bertanggal"), (REPAIRED, "Sudah diberi tanggal"), (ACCEPTED, ""),
    ]  # fmt: skip


def test_8_4_a_use_may_be_refused_alone(kept: Register) -> None:
    piece = kept.put()
    first, second = (kept.use(piece, kept.at(f"planning.use.c{number}")) for number in range(2))
    accept(kept.session, kept.region.id, piece.id, by=None, now=kept.now)
    with pytest.raises(NotPossible, match="says why"):
        refuse_use(kept.session, kept.region.id, first.id, by=None, now=kept.now, reason=" ")
    assert first.state == USED
    refuse_use(kept.session, kept.region.id, first.id, by=None, now=kept.now, reason="Bukan untuk kriteria ini")
    assert (first.state, second.state, piece.state) == (REFUSED, USED, ACCEPTED)
    restore_use(kept.session, kept.region.id, first.id, by=None, now=kept.now)
    assert first.state == USED
    acts = history(kept.session, kept.region.id, piece.id)
    assert [act.use_id for act in acts] == [None, None, first.id, first.id]
    assert acts[2].reason == "Bukan untuk kriteria ini"


def test_8_5_a_newer_version_supersedes_and_uses_keep_the_one_they_were_judged_on(kept: Register) -> None:
    old = kept.put()
    used = kept.use(old, kept.at("planning.use.c0"))
    refuse(kept.session, kept.region.id, old.id, by=None, now=kept.now, reason="Buram")
    new = kept.put(Content(file=File("e" * 64, "renja2.pdf", "application/pdf", 2_000)), supersedes=old.id)
    assert new.state == REPAIRED and used.piece_id == old.id
    assert list(offered(kept.session, kept.region.id, kept.agency.id, "annual_plan", YEAR)) == [new]


def test_exactly_the_pieces_named_are_used_and_those_judged_stay(kept: Register) -> None:
    first, second = kept.put(), kept.put(Content(link="https://daerah.example/2"))
    place = kept.at("planning.use.c0")
    judged = kept.use(first, place)
    refuse_use(kept.session, kept.region.id, judged.id, by=None, now=kept.now, reason="Bukan ini")
    use_only(kept.session, kept.region.id, {second.id}, place, by=None, now=kept.now)
    use_only(kept.session, kept.region.id, set(), place, by=None, now=kept.now)
    restore_use(kept.session, kept.region.id, judged.id, by=None, now=kept.now)
    use_only(kept.session, kept.region.id, set(), place, by=None, now=kept.now)  # its history still names it
    assert uses_of(kept.session, kept.region.id, first.id) and not uses_of(kept.session, kept.region.id, second.id)


def test_a_piece_of_another_region_is_not_found(kept: Register) -> None:
    piece = kept.put()
    other = a_region(kept.session)
    for asked in (piece_of, history, uses_of):
        with pytest.raises(NotFound):
            asked(kept.session, other.id, piece.id)
    with pytest.raises(NotFound):
        use(kept.session, other.id, piece.id, kept.at("planning.use.c0"), by=None, now=kept.now)
    with pytest.raises(NotFound):
        accept(kept.session, other.id, piece.id, by=None, now=kept.now)
    used = kept.use(piece, kept.at("planning.use.c0"))
    with pytest.raises(NotFound):
        refuse_use(kept.session, other.id, used.id, by=None, now=kept.now, reason="x")
