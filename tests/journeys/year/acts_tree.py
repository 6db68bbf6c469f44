"""The tree: a partner's own by its forms, the agency's pasted from a spreadsheet, a link the partner agrees to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from demo.performance_facts import facts
from tests.journeys.year.hands import Hands
from tests.journeys.year.regency import AGENCY, Played

UNIT, PARTNER = "DISKOMINFO", "BAPPERIDA"
HEADINGS = (
    "key", "level", "parent", "statement", "result_kind", "owner", "indicator", "name", "measure", "direction",
    "consolidation", "due_in", "baseline", "plan_targets", "targets", "weight", "is_key", "is_published",
    "success_factor", "plan_code", "crosscutting",
)  # fmt: skip
OWNERS = {
    "agency_head": "Kepala Dinas Komunikasi dan Informatika",
    "division": "Kepala Bidang Informasi dan Komunikasi Publik",
}
PARTNER_GOAL = "Meningkatnya mutu perencanaan layanan digital"
IN_FORCE = "Berlaku"


def partner_s_tree(year: Played) -> None:
    """The partner has a goal of its own, made by the forms, so that there is something to link to."""
    year.at("2025-01-14 08:30")
    hands = year.person("rina")
    hands.open(f"/performance/trees/{PARTNER}")
    hands.press("Mulai revisi")
    draft = hands.address
    hands.follow("Tambah simpul")
    hands.fill("Berinduk pada", "sasaran-1")
    hands.fill("Jenjang", "Sasaran perangkat daerah")
    hands.fill("Pernyataan", PARTNER_GOAL)
    hands.press("Tambahkan ke rancangan")
    hands.press("Tambah indikator")
    hands.fill("nodes.0.owner", "Kepala Bapperida")
    hands.fill("Faktor penentu keberhasilan", "Rencana yang sama dipakai semua")
    indicator = {
        "name": "Rencana layanan digital yang selaras", "unit": "Persen", "direction": "Makin tinggi makin baik",
        "plan_targets.2025": "80", "targets.q4": "80", "targets.year": "80", "baseline": "70", "weight": "100",
    }  # fmt: skip
    for name, value in indicator.items():
        hands.fill(f"nodes.0.indicators.0.{name}", value)
    hands.press("Simpan ke rancangan")
    _submitted(hands, draft)
    _adopted(year, hands.address, ("gita", "gita"))


def agency_s_tree(year: Played) -> None:
    """The agency's tree comes from a spreadsheet, with a link to the partner's goal."""
    year.at("2025-01-15 08:30")
    hands = year.sits("secretary")
    hands.open(f"/performance/trees/{UNIT}")
    hands.press("Mulai revisi")
    draft = hands.address
    hands.follow("Tempel baris")
    hands.fill("Baris yang disalin dari Excel", pasted())
    hands.press("Masukkan baris ini ke rancangan")
    assert "4 simpul masuk rancangan" in hands.text, hands.text
    hands.open(f"{draft}?node={AGENCY}.s2")
    hands.follow("Kaitan")
    hands.fill("partner", "Badan Perencanaan, Riset dan Inovasi Daerah")
    hands.press("Tampilkan sasaran ini")
    hands.fill("kind", "crosscuts")
    hands.fill("end", f"Sasaran perangkat daerah: {PARTNER_GOAL}")
    hands.press("Masukkan kaitan ke rancangan")
    _submitted(hands, draft)
    _adopted(year, hands.address, (year.hand("agency_head"), "rina"))


def partner_agrees(year: Played) -> None:
    """The link counts once the partner has agreed."""
    hands = year.sits("secretary")
    hands.open(f"/performance/trees/{UNIT}?node={AGENCY}.s2")
    year.kept["before_consent"] = hands.text
    year.at("2025-01-16 09:00")
    hands = year.person("gita")
    hands.open("/queue")
    hands.follow("Meningkatnya kematangan layanan digital pemerintah")
    hands.press("Sepakati")
    year.work()


def pasted() -> str:
    """The agency's goals of the facts as cells of a spreadsheet, a line an indicator."""
    lines = [HEADINGS, *_lines(facts()["tree"]["agencies"][AGENCY])]
    return "\n".join("\t".join(line) for line in lines)


def _lines(nodes: list[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    for node in nodes:
        for one in node["indicators"]:
            said = {**node, **one, "key": node["key"], "indicator": one["key"], "measure": one["unit"]}
            said |= {"owner": OWNERS[node["owner"]]}
            said |= {name: _pointed(said[name]) for name in ("baseline", "plan_targets", "targets") if name in said}
            yield tuple(_cell(said.get(name, "")) for name in HEADINGS)


def _pointed(number: str) -> str:
    """Under the headings of the export numbers are as it writes them."""
    return number.replace(",", ".")


def _cell(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else str(value)


def _submitted(hands: Hands, draft: str) -> None:
    said = facts()["tree"]
    hands.open(draft)
    hands.follow("Alasan, dasar hukum, dan tanggal")
    hands.fill("reason", said["reason"])
    hands.fill("legal_basis", said["legal_basis"])
    hands.press("Simpan dan lanjut")
    hands.open(draft)
    hands.press("Ajukan revisi")


def _adopted(year: Played, case: str, people: tuple[str, str]) -> None:
    for account, button in zip(people, ("Setujui dan teruskan", "Setujui"), strict=True):
        hands = year.person(account)
        hands.open(case)
        hands.press(button)
    year.work()
    hands.open(case)
    assert IN_FORCE in hands.text, hands.text
