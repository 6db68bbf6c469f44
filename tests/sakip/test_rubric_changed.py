"""A rubric that changes while evaluations run: what tiers said stays what it was, and nobody's case is stuck (§3.2)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.outbox.models import ConnectorCall
from sakip.facts.models import ResultRow, ScoreRow
from sakip.facts.rebuild import rebuild
from sakip.facts.score_results import SCORE, evaluate, score_rows
from sakip.facts.scores import current_answers
from sakip.standing import configuration_of
from tests.sakip.evaluation_office import (
    AT_B,
    an_evaluation_office,
    assured,
    closed,
    locked_by_the_unit,
    scored,
    sheet,
    verified_by_all,
)
from tests.sakip.regional_patch import publish_patch
from tests.sakip.tree_office import Office

CHANGES: dict[str, dict[str, Any]] = {
    "answers become accepted evidence": {
        "components": {"planning": {"sub_components": {"existence": {"answered_by": "evidence", "scale": "yes_no"}}}}
    },
    "another agency looks at a component": {"tiers": {"verify": {"by_component": {"reporting": "inspectorate"}}}},
    "a tier is given up": {"tiers": {"assure": None, "final": {"starts_from": "self"}}},
    "recommendations are due at another day": {"recommendations": {"due": {"days": 30}}},
}


@pytest.fixture
def office(session: Session) -> Office:
    return an_evaluation_office(session)


def wrong(office: Office, *, is_check: bool = True) -> list[str]:
    """What differs of what cases said, and of the scores they give."""
    found = rebuild(office.session, office.region.id, office.now, is_check=is_check).different
    return [f"{one.table} {dict(one.row)}" for one in found]


@pytest.mark.parametrize("change", CHANGES)
def test_what_tiers_said_is_drawn_again_by_the_rubric_that_counted_then(
    office: Office, tmp_path: Path, change: str
) -> None:
    case_id = locked_by_the_unit(office, AT_B)
    verified_by_all(office, case_id)
    assured(office, case_id, AT_B)
    office.work()
    answers = select(func.count()).select_from(ScoreRow)
    written = office.session.scalar(answers)
    office.now += timedelta(hours=2)  # on the same day
    publish_patch(office, tmp_path, lke_2025=CHANGES[change])
    assert wrong(office) == []
    wrong(office, is_check=False)
    assert office.session.scalar(answers) == written


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_closed_stays_and_is_held_against_the_rubric_it_was_closed_by(
    office: Office, tmp_path: Path, change: str
) -> None:
    case_id = locked_by_the_unit(office, AT_B)
    verified_by_all(office, case_id)
    assured(office, case_id, AT_B)
    office.work()
    scored(office, case_id, AT_B, {"path": "planning.use.plan_monitored", "text": "Pantau rencana aksi"})
    closed(office, case_id)
    office.work()
    office.now += timedelta(hours=2)
    publish_patch(office, tmp_path, lke_2025=CHANGES[change])
    shown = {row.span: row.shown for row in score_rows(office.session, sheet(office))}
    assert shown == dict.fromkeys(("self", "assure", "final", "result"), "66.25")
    asked = sheet(office)
    told = evaluate(asked, current_answers(office.session, asked))
    assert {span: one.judged.printed for span, one in told.items()} == shown  # type: ignore[union-attr]
    assert wrong(office) == []


def test_a_closed_score_that_names_a_rubric_it_was_not_closed_by_is_told(office: Office, tmp_path: Path) -> None:
    """Its rubric is read by the digest of the row: one that gives the same scores would hide that it was changed."""
    case_id = locked_by_the_unit(office, AT_B)
    verified_by_all(office, case_id)
    assured(office, case_id, AT_B)
    office.work()
    scored(office, case_id, AT_B, {"path": "planning.use.plan_monitored", "text": "Pantau rencana aksi"})
    closed(office, case_id)
    office.work()
    office.now += timedelta(hours=2)
    publish_patch(office, tmp_path, lke_2025=CHANGES["recommendations are due at another day"])
    newer = configuration_of(office.session, office.region.id).evaluation(2025)
    assert newer is not None
    where = (ResultRow.figure == SCORE, ResultRow.span == "result")
    office.session.execute(update(ResultRow).where(*where).values(digest=newer.head.digest))
    (told,) = wrong(office)
    assert "'span': 'result'" in told and "sakip_results" in told


def test_a_case_at_a_tier_that_was_given_up_passes_through_and_is_closed(office: Office, tmp_path: Path) -> None:
    case_id = locked_by_the_unit(office, AT_B)
    verified_by_all(office, case_id)
    office.work()
    office.now += timedelta(hours=2)
    publish_patch(office, tmp_path, lke_2025=CHANGES["a tier is given up"])
    assured(office, case_id, AT_B)
    office.work()
    scored(office, case_id, AT_B)
    office.work()
    closed(office, case_id)
    office.work()
    open_calls = select(func.count()).select_from(ConnectorCall).where(ConnectorCall.state != "done")
    assert office.session.scalar(open_calls) == 0
    assert office.states(case_id) == ["closed"]
    assert wrong(office) == []


NO_DAYS: dict[str, dict[str, Any]] = {
    "a tier that was given up": {"tiers": {"assure": None, "final": {"starts_from": "self"}}},
    "tiers without a window": {"tiers": {tier: {"window": None} for tier in ("self", "verify", "assure", "final")}},
}


@pytest.mark.parametrize("rubric", NO_DAYS)
def test_a_tier_the_rubric_gives_no_days_may_be_left_any_day(office: Office, tmp_path: Path, rubric: str) -> None:
    publish_patch(office, tmp_path, lke_2025=NO_DAYS[rubric])
    case_id = locked_by_the_unit(office, AT_B)
    verified_by_all(office, case_id)
    assured(office, case_id, AT_B)
    scored(office, case_id, AT_B)
    closed(office, case_id)
    office.work()
    assert office.states(case_id) == ["closed"]
    assert {row.span: row.shown for row in score_rows(office.session, sheet(office))}["result"] == "66.25"
