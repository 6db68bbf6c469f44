"""The agreement: its rows come from the tree as the form is filled in, and it goes its way until both have signed."""

from __future__ import annotations

from demo.performance_facts import facts
from tests.journeys.year.regency import Played

PARTIES = {
    "first_party": ("Ratna Sulistyo, S.Kom., M.Si.", "Kepala Dinas Komunikasi dan Informatika"),
    "second_party": ("Bupati Contoh", "Bupati Contoh"),
}
ROAD = (
    ("section", "Setujui dan teruskan"), ("division", "Setujui dan teruskan"), ("planning", "Setujui"),
    ("personnel", "Setujui"), ("secretary", "Setujui dan teruskan"), ("agency_head", "Tanda tangani"),
    ("head", "Tanda tangani"),
)  # fmt: skip


def agreement(year: Played) -> None:
    """Drafted by the agency's staff, looked at by everybody the agreement passes, signed, in force."""
    year.at("2025-01-20 09:00")
    hands = year.sits("staff")
    hands.open("/cases/new/performance_agreement")
    hands.fill("Tahun", "2025")
    hands.choose({"level": "agency", "stage": "original"})
    hands.press("Simpan dan lanjut")
    for party, (name, position) in PARTIES.items():
        told = {"": f"{name}, {position}", "_name": name, "_position": position, "_capacity": "definitive"}
        hands.choose({f"{party}{what}": value for what, value in told.items()})
    hands.choose({"place": "Contoh", "document_on": "2025-01-20"})
    hands.press("Simpan dan lanjut")
    said = [name for name in hands.fields() if name.endswith(".statement") and ".indicators." in name]
    assert len(said) == 4 and "Meningkatnya keterbukaan informasi publik" in hands.text, hands.text
    hands.press("Simpan dan lanjut")
    budgets = facts()["agreements"][2025]["budgets"]
    hands.choose(
        {f"programmes.{place}.budget": str(budgets[code]) for place, code in enumerate(("2.16.02", "2.21.02"))}
    )
    hands.press("Simpan dan periksa")
    hands.press("Ajukan untuk ditelaah")
    case = hands.address
    for part, button in ROAD:
        hands = year.sits(part)
        hands.open(case)
        hands.press(button)
    year.work()
    hands.open(case)
    assert "Berlaku" in hands.text
    hands.follow("Bandingkan dan ubah")
    year.kept["compared"] = hands.text
