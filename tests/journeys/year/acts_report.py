"""The agency's annual report: written over its proposals, looked through, reviewed by internal audit, published."""

from __future__ import annotations

from typing import Any

from demo.performance_facts import facts
from tests.journeys.year.hands import Hands
from tests.journeys.year.regency import Played

YEAR = 2025
CHAPTERS = (
    ("summary",), ("organisation", "issues"), ("planning", "annual_plan"), ("accountability",),
    ("closing", "improvements"),
)  # fmt: skip
NUMBER, STATEMENT = "000.8/111/2026", "700/000.8/111/2026"


def report(year: Played) -> None:
    """From its opening to its publication, with the review in between as a case of its own."""
    year.at("2026-02-02 08:30")
    case = _written(year.sits("staff"))
    year.at("2026-02-04 09:00")
    hands = year.sits("bureau", None)
    hands.open(case)
    hands.press("Setujui dan mintakan reviu APIP")
    year.work()
    _reviewed(year)
    year.at("2026-02-11 09:00")
    hands = year.sits("agency_head")
    hands.open(f"{case}/edit")
    hands.choose({"report_number": NUMBER, "published_on": "2026-02-11"})
    hands.press("Simpan dan periksa")
    hands.press("Sahkan dan terbitkan")
    year.work()
    year.kept["report"] = f"/performance/annual-reports/{case.rpartition('/')[2]}"


def _written(hands: Hands) -> str:
    """Every chapter, with each proposal of the quarterly reports edited; the address of the case."""
    said = facts()["annual"]
    hands.open("/cases/new/performance_report")
    hands.choose({"year": str(YEAR), "subject": "unit"})
    for chapter in CHAPTERS:
        hands.choose({name: said["texts"][name] for name in chapter})
        hands.choose(_rows(hands.fields(), said))
        hands.press("Simpan dan periksa" if "closing" in chapter else "Simpan dan lanjut")
    hands.press("Ajukan untuk ditelaah")
    return hands.address.partition("?")[0]


def _rows(fields: list[str], said: Any) -> dict[str, str]:
    """What the tables of a chapter ask for."""
    found = {}
    for place, kind in enumerate(said["staff"].values()):
        found |= {f"staff.{place}.{who}": str(count) for who, count in kind.items()}
    for name in fields:
        if name.startswith("objectives.") and name.endswith(".efficiency"):
            found |= {name: said["efficiency"], name.replace(".efficiency", ".settled"): "Ya"}
    return {name: value for name, value in found.items() if name in fields}


def _reviewed(year: Played) -> None:
    """Internal audit goes through its checklist, its lead signs the statement, and the report passes on by itself."""
    year.at("2026-02-05 09:00")
    hands = year.sits("evaluator", None)
    hands.open("/queue")
    hands.follow("Reviu LKjIP:")
    review = hands.address.partition("?")[0]
    hands.open(f"{review}/edit")
    hands.choose({name: "Ya" for name in hands.fields() if name.endswith(".holds")})
    hands.choose({"findings": facts()["annual"]["findings"], "statement": "reliable"})
    hands.press("Simpan dan periksa")
    hands.press("Ajukan pernyataan")
    year.at("2026-02-06 09:00")
    hands = year.sits("lead", None)
    hands.open(f"{review}/edit")
    hands.choose({"statement_number": STATEMENT, "statement_on": "2026-02-06"})
    hands.press("Simpan dan periksa")
    hands.press("Tetapkan")
    year.work()
