"""What a newer version means for running cases, on both databases: grouped, sorted, decided, counted."""

from __future__ import annotations

from engine.cases.impact import Standing, of_version, standings, told, undecided
from engine.definitions.model import Definition
from engine.definitions.problems import Position
from tests.engine.cases.test_migrate import FIRST, PLAN, SECOND
from tests.engine.cases.written import define
from tests.kept import Kept

AT = Position("workflows/sample.yaml", 8, 1)


def some_cases(kept: Kept) -> str:
    """Two drafts, one in the archive, one in both branches, one finished in the first branch; one has ended."""
    digest = kept.publish(FIRST)
    for acts in (
        (), (), (("ani", "submit"), ("carla", "old")), (("ani", "submit"), ("carla", "go")),
        (("ani", "submit"), ("carla", "go"), ("fina", "fine")),
        (("ani", "submit"), ("carla", "go"), ("fina", "fine"), ("leo", "legal_ok"), ("hana", "approve"),
         ("pia", "approve")),
    ):  # fmt: skip
        kept.open()
        for person, action in acts:
            assert kept.do(person, action) is None
    assert kept.ended
    return digest


def draft(plan: str = "") -> Definition:
    """A version without ``check`` and ``archive``, not published."""
    return define(SECOND.replace("total: edit", "amount: edit") + plan)


def by_states(found: tuple[Standing, ...]) -> dict[tuple[str, ...], Standing]:
    return {each.states: each for each in found}


def test_running_cases_are_grouped_by_where_they_stand(kept: Kept) -> None:
    digest = some_cases(kept)
    found = by_states(standings(kept.session, draft(), kept.region.id))
    assert {states: (each.kind, each.count) for states, each in found.items()} == {
        ("draft",): ("step_changed", 2),
        ("archive",): ("step_gone", 1),
        ("finance_check", "legal_check"): ("changes_ahead", 1),
        ("finance_done", "legal_check"): ("changes_ahead", 1),
    }
    assert {each.digest for each in found.values()} == {digest}
    assert len(found[("draft",)].examples) == 2
    assert all(each.oldest == kept.now for each in found.values())


def test_a_removed_step_is_undecided_until_a_plan_covers_it(kept: Kept) -> None:
    some_cases(kept)
    for archive, decision in (
        ("archive: stay", "stay"),
        ("archive: inspection", "map"),
        ("archive: {close: x}", "close"),
    ):
        plan = PLAN.replace("ARCHIVE", archive).replace("    fields: {amount: total}\n", "")
        newer = draft(plan)
        found = standings(kept.session, newer, kept.region.id)
        assert by_states(found)[("archive",)].decisions == {"from_1": decision}
        assert not undecided(newer, found, AT)
    found = standings(kept.session, draft(), kept.region.id)
    (problem,) = undecided(draft(), found, AT)
    assert (problem.code, problem.is_error, problem.position) == ("WF090", True, AT)
    assert "archive" in problem.message.en


def test_no_case_has_the_newer_version_nor_another_region(kept: Kept) -> None:
    digest = some_cases(kept)
    assert not standings(kept.session, draft(), kept.region.id + 1)
    assert not standings(kept.session, draft(), None), "its versions are of a region"
    assert of_version(kept.session, digest, kept.region.id)[0] == 5
    assert len(of_version(kept.session, digest, kept.region.id, limit=2)[1]) == 2


def test_json_has_numbers_people_know(kept: Kept) -> None:
    some_cases(kept)
    newer = draft()
    (gone,) = [each for each in standings(kept.session, newer, kept.region.id) if each.kind == "step_gone"]
    row = told(newer, gone, {gone.examples[0]: "SP/1"})
    assert (row["examples"], row["gone"], row["count"]) == (["SP/1"], ["archive"], 1)
    assert row["oldest"] == kept.now.date().isoformat()
