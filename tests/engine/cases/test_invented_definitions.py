"""Definitions nobody wrote, walked at random: no exception, no illegal place, nothing changed by a refusal."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from engine.cases.paper import PaperCase, read_given
from engine.cases.state import to_plain
from engine.definitions.model import Duration
from engine.errors import InvalidInput
from engine.facts import Command
from tests.engine.cases.inventing import GIVEN, invented
from tests.engine.cases.test_random_walks import coherent, excluded_are_no_candidates, possible, views_agree_with_acts

ANSWERS = [
    {"names": ["x", "y", "z"]}, {"names": []}, {"amount": 20}, {"amount": 3}, {"day": "2026-03-01"},
    {"day": "2026-03-12"}, {"people": ["leo"]}, {"people": []}, {"count": 9}, {"owner": "carla"}, {"nothing": 1},
]  # fmt: skip
ACTIONS = [
    "act0", "act1", "act2", "approve", "reject", "sign", "decline", "halt", "back", "done", "approved", "claim",
    "release", "recall",
]  # fmt: skip


def _command(case: PaperCase, chosen: random.Random) -> Command | None:
    kind = chosen.random()
    if kind < 0.6:
        command = possible(case, chosen.randrange(60))
        return replace(command, answers=chosen.choice(ANSWERS)) if command and chosen.random() < 0.3 else command
    if kind > 0.8:
        return None
    people = sorted({str(person) for person in case.everybody()})
    return Command(
        chosen.choice(ACTIONS), chosen.choice(people), item=chosen.choice([None, None, "x", "1"]),
        comment=chosen.choice(["", "because"]), answers=chosen.choice([{}, {}, *ANSWERS]),
        state=chosen.choice([None, None, *case.facts.state.active]),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_an_invented_case_type_is_walked_without_harm(seed: int) -> None:
    definition = invented(seed)
    if definition is None:
        return
    chosen = random.Random(seed)
    try:
        case = PaperCase(definition, read_given(definition, GIVEN))
    except InvalidInput:
        return  # an effect on the way to the first task fails: such a case cannot be opened
    for number in range(30):
        coherent(case)
        if case.facts.state.is_ended:
            return
        before, plain = case.facts, to_plain(case.facts.state)
        command = _command(case, chosen)
        if command is None:
            case.advance(Duration(chosen.choice(["working_days", "hours"]), chosen.choice([0, 1])))
        elif case.act(command).refusal is not None:
            assert case.facts is before
        if number % 5 == 0:
            views_agree_with_acts(case, "carla")
        assert to_plain(before.state) == plain
        excluded_are_no_candidates(case)
