"""A way to a predicate made an action plan: one action a step, who does it, by when, with what to show for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import g
from flask_babel import gettext as _

from engine.cases.open import Opened, open_case
from engine.cases.twice import just_opened
from engine.changes import Refusal
from sakip.cycle import ACTION_PLAN
from sakip.improving import Improvement
from sakip.whatif.model import Answer
from web.performance.evaluation_words import band_words
from web.performance.whatif_view import Line, way_view
from web.transaction import db, now

LONGEST, LONGEST_WHO = 1_000, 200


def open_plan(found: Improvement, answer: Answer) -> Opened | Refusal:
    """Open an action plan with a row a step of the way the page shows first; pressed twice, one plan."""
    title = str(_("Action plan to %(goal)s, %(name)s", name=found.subject.name,
                  goal=band_words(answer.way.judged.predicate)))  # fmt: skip
    return just_opened(db(), g.person.id, ACTION_PLAN, title, now()) or open_case(
        db(), region_id=g.person.region_id, case_type=ACTION_PLAN, person_id=g.person.id,
        answers=plan_answers(found, answer), title=title, now=now(),
    )  # fmt: skip


def plan_answers(found: Improvement, answer: Answer) -> dict[str, Any]:
    """The answers the plan begins with."""
    until = found.whatif.target_date if found.whatif is not None else None
    rows = [
        _row(line, group.who, found.today, until)
        for group in way_view(found, answer.way).groups
        for line in group.lines
    ]
    answers: dict[str, Any] = {"year": str((until or found.today).year), "actions": rows}
    return answers if found.subject.unit_id is None else {**answers, "planned_unit": found.subject.unit_id}


def _row(line: Line, who: str, today: date, until: date | None) -> dict[str, str]:
    by = today + timedelta(weeks=line.weeks)
    activity = _("%(criterion)s: from %(start)s to %(end)s", criterion=line.criterion, start=line.start, end=line.end)
    row = {
        "activity": str(activity)[:LONGEST], "path": line.path, "responsible": who[:LONGEST_WHO],
        "until": (by if until is None else min(by, max(until, today))).isoformat(),
    }  # fmt: skip
    return row if not line.missing else {**row, "result": ", ".join(line.missing)[:LONGEST]}
