"""The evidence of an evaluation: what the region has and the register lacks is put there."""

from __future__ import annotations

from collections.abc import Collection

from sakip.facts.evidence import Content, offered, register
from sakip.facts.sheets import Sheet, sheet_of
from sakip.pieces_held import kind_and_year
from tests.journeys.year.regency import REGENCY, Played, stage_in

ADDRESS = "https://dokumen.example"


def registered(year: Played, sheet: Sheet, worksheet: str, missing: Collection[str]) -> None:
    """By its people: one piece after another in the register; what usually registers itself, but was made before there
    was Alur, from where the worksheet asks for it."""
    lacking = _lacking(year, sheet, missing)
    hands = year.sits("bureau_staff", None)
    hands.open(f"/performance/evidence/add?unit={REGENCY}")
    by_hand = set(hands.options("kind").values())
    for kind, of_year in [one for one in lacking if one[0] in by_hand][: year.most]:
        hands.choose({"kind": kind, "year": str(of_year), **_told(kind, of_year)})
        hands.press("Daftarkan dan tambah lagi")
    for kind, of_year in [one for one in lacking if one[0] not in by_hand][: year.most]:
        button = f"Tambah bukti {sheet.evaluation.evidence_kinds[kind].title.id} {of_year}"
        if not hands.has(button):
            hands.open(f"{worksheet}?component={_component(sheet, kind, of_year)}")
        hands.press(button)
        hands.choose(_told(kind, of_year))
        hands.press("Daftarkan bukti")
    assert "Bukti terdaftar." in hands.text, hands.text
    put_into_register(year, sheet, worksheet, missing)


def put_into_register(year: Played, sheet: Sheet, _worksheet: str, missing: Collection[str]) -> None:
    """What the register still lacks by the engine, as the demonstration does it."""
    lacking = _lacking(year, sheet, missing)
    with year.database.writing.begin() as session:
        stage = stage_in(session)
        by = stage.acts.person(stage.hand("bureau_staff")).id
        for kind, of_year in lacking:
            told = _told(kind, of_year)
            register(
                session, stage.acts.region.id, None, kind=kind, year=of_year, title=told["title"], by=by,
                content=Content(link=told["link"]), now=year.clock(),
            )  # fmt: skip


def sheet_in(year: Played, fiscal: int) -> Sheet:
    """What the region is asked for a year."""
    with year.database.reading() as session:
        return sheet_of(session, stage_in(session).acts.region.id, None, fiscal)


def _lacking(year: Played, sheet: Sheet, missing: Collection[str]) -> list[tuple[str, int]]:
    """Kind and year of each piece that is asked and not in the register, but for those the region does not have."""
    asked = dict.fromkeys(piece for pieces in sheet.pieces().values() for piece in pieces)
    named = [kind_and_year(name, sheet.year) for name in asked]
    with year.stage() as stage:
        session, region = stage.acts.session, stage.acts.region.id
        return [one for one in named if one[0] not in missing and not offered(session, region, None, *one, limit=1)]


def _component(sheet: Sheet, kind: str, of_year: int) -> str:
    """The component that asks for a piece first."""
    wanted = (kind, of_year)
    paths = (
        path for path, pieces in sheet.pieces().items()
        if any(kind_and_year(piece, sheet.year) == wanted for piece in pieces)
    )  # fmt: skip
    return next(paths).partition(".")[0]


def _told(kind: str, of_year: int) -> dict[str, str]:
    return {"title": f"{kind} {of_year}", "link": f"{ADDRESS}/{REGENCY}/{kind}-{of_year}"}
