"""What guessing a receipt costs, counted instead of timed; and what production refuses to start with: T14 and T50."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from config import read_settings
from engine.channel import settings as doors
from engine.channel.coming_back import come_back
from engine.channel.keys import CaseRef, DraftRef
from engine.disclosure import receipt as codes
from engine.disclosure.budget import MemoryBudget
from engine.errors import EnvironmentFault
from engine.organisation.faults import Unacceptable
from tests.disclosure.scene import PEPPER, Scene
from tests.reporting.conftest import HERE


class Counted(MemoryBudget):
    """A budget that remembers what was taken from it."""

    def __init__(self) -> None:
        super().__init__(1024 * 1024 * 1024)
        self.taken: list[int] = []

    @contextmanager
    def taking(self, size: int) -> Iterator[None]:
        self.taken.append(size)
        with super().taking(size):
            yield


def test_t14_a_known_a_draft_s_an_unknown_and_a_malformed_receipt_cost_the_same_slow_hash(scene: Scene) -> None:
    with scene.database.reading() as session:
        channel = doors.channel(session, HERE, scene.clock())

    def cost(typed: str, number: int) -> tuple[list[int], Any]:
        budget = Counted()
        found = come_back(
            scene.database, channel, typed, PEPPER.encode(), f"203.0.113.{number}", scene.clock(), budget=budget
        )
        return budget.taken, type(found)

    known, draft = cost(scene.code, 1), cost(scene.draft_code, 2)
    assert (known[1], draft[1]) == (CaseRef, DraftRef) and len(known[0]) == 1
    for number, typed in enumerate((codes.new(), "0000", "x" * 128, scene.code[:-2] + "00", scene.number, ""), 3):
        assert cost(typed, number)[0] == known[0] == draft[0], typed
    budget = Counted()
    with pytest.raises(Unacceptable):
        come_back(scene.database, channel, "x" * 129, PEPPER.encode(), "203.0.113.99", scene.clock(), budget=budget)
    assert budget.taken == []


@pytest.mark.parametrize(
    "given",
    [
        {"ALUR_SECRET_KEY": "short"}, {"ALUR_SECRET_KEY": ""}, {"ALUR_SECRET_KEY": "development"},
        {"ALUR_SECRET_KEY": "k" * 40, "FLASK_DEBUG": "1"}, {"ALUR_SECRET_KEY": "k" * 40, "ALUR_DEMO": "true"},
    ],
)  # fmt: skip
def test_t50_production_does_not_start_with_weak_secrets_or_for_everybody_to_look_inside(given: dict[str, str]) -> None:
    with pytest.raises(EnvironmentFault):
        read_settings({"ALUR_ENV": "production", **given})


@pytest.mark.parametrize("pepper", ["", "short", "k" * 40, "p" * 65])
def test_t50_receipts_need_a_long_pepper_that_is_not_the_secret_key(pepper: str) -> None:
    found = read_settings({"ALUR_ENV": "production", "ALUR_SECRET_KEY": "k" * 40, "ALUR_RECEIPT_PEPPER": pepper})
    with pytest.raises(EnvironmentFault):
        found.pepper  # noqa: B018
