"""What follows an evaluation: the cheapest way to the next predicate is made a plan of actions."""

from __future__ import annotations

from demo.performance_facts import facts
from tests.journeys.year.regency import REGENCY, Played

WHATIF = f"/performance/whatif/{REGENCY}?year=2025&to=bb&weeks=28"


def way(year: Played) -> None:
    """The cheapest way to BB that can be gone in 28 weeks becomes a plan."""
    year.at(facts()["way"]["opened"])
    year.look(year.hand("bureau", None), WHATIF)
    hands = year.sits("bureau", None)
    hands.open(WHATIF)
    year.kept["way"] = hands.text
    hands.press("Jadikan rencana aksi")
    year.kept["plan"] = hands.text
