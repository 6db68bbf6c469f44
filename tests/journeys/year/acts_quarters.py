"""Four quarters on the entry page: the third is sent back once with a note, all are verified."""

from __future__ import annotations

import re

from demo.performance_facts import PERIODS, facts
from demo.performance_reports import typed
from tests.journeys.year.hands import Hands
from tests.journeys.year.regency import AGENCY, Played

QUARTERS = dict(zip(PERIODS, ("Triwulan I", "Triwulan II", "Triwulan III", "Triwulan IV"), strict=True))
ROWS = re.compile(r"value:([\w.]+)$")
SPENT = {"p1": 412_500_000, "p2": 37_500_000}  # a quarter, of the two programmes


def quarters(year: Played) -> None:
    """Each quarter is opened, filled in, reported, looked at."""
    for period in PERIODS:
        quarter(year, period)


def quarter(year: Played, period: str) -> None:
    """One of them."""
    moment = facts()["reports"]["moments"][2025][period]
    year.at(moment)
    hands = year.sits("staff")
    hands.open("/performance/reports?year=2025")
    hands.press(f"Buka laporan {QUARTERS[period]}")
    report = hands.address
    returned = _sent_back(period)
    _fill(hands, period, returned["wrong"] if returned else "")
    if returned is not None:
        hands.press("Simpan draf")
        hands.press(f"Laporkan {QUARTERS[period]}")
        _send_back(year, report, returned["note"], returned["comment"], returned["indicator"])
        hands = year.sits("staff")
        hands.open(report)
        assert returned["note"] in hands.text, hands.text
        hands.choose({f"value:{returned['indicator']}": typed(returned["indicator"], 2025, period) or ""})
    hands.press(f"Laporkan {QUARTERS[period]}")
    year.work()
    hands = year.person("slamet")
    hands.open(report.replace("/reports/", "/verifications/").partition("?")[0])
    if returned is None:  # otherwise what did not change is accepted still
        hands.press("Terima semua yang tidak melonjak")
    hands.choose({name: "accepted" for name in hands.fields() if name.startswith("decision:")})
    _decide(hands, "Sahkan")
    year.work()
    assert "Sahkan: selesai" in hands.text, hands.text
    year.kept["verification"] = hands.address.partition("?")[0]


def _fill(hands: Hands, period: str, wrong: str) -> None:
    rows = [found[1] for name in hands.fields() if (found := ROWS.match(name))]
    assert len(rows) == (4 if period == "q4" else 3), rows
    causes = facts()["reports"]["causes"]
    values = {f"value:{key}": typed(key, 2025, period) or "" for key in rows}
    if wrong:
        values["value:layanan"] = wrong
    told = {f"{what}:{key}": causes[key][what] for key in rows for what in ("drivers", "obstacles", "actions")}
    times = PERIODS.index(period) + 1
    spent = {f"absorbed:{AGENCY}.{key}": str(amount * times) for key, amount in SPENT.items()}
    hands.choose(values | told | spent)
    hands.press("Tambah bukti")
    hands.fill("kind", "Berita acara evaluasi triwulanan")
    hands.fill("title", f"Berita acara {QUARTERS[period]}")
    hands.fill("link", f"https://dokumen.example/{period}")
    hands.press("Daftarkan bukti")
    piece = re.search(r"added=(\d+)", hands.address)
    assert piece is not None, hands.address
    hands.choose({f"evidence:{key}": piece[1] for key in rows})


def _send_back(year: Played, report: str, note: str, comment: str, indicator: str) -> None:
    year.work()
    hands = year.person("slamet")
    hands.open(report.replace("/reports/", "/verifications/").partition("?")[0])
    hands.choose({name: "accepted" for name in hands.fields() if name.startswith("decision:")})
    hands.choose({f"decision:{indicator}": "returned", f"note:{indicator}": note})
    hands.fill("Catatan untuk perangkat daerah", comment)
    _decide(hands, "Kembalikan ke perangkat daerah")
    year.work()


def _decide(hands: Hands, button: str) -> None:
    """Without scripts a button that is off comes on when the page is drawn again with what was decided."""
    if not hands.has(button):
        hands.press("Simpan draf")
    hands.press(button)


def _sent_back(period: str) -> dict[str, str] | None:
    said: dict[str, str] = facts()["reports"]["returned"]
    return said if period == said["period"] else None
