"""The cheapest way to the next predicate: everything in the address, steps by who does them, a file of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.changes import Refusal
from sakip.configuration.evaluation import Evaluation
from sakip.configuration.whatif import WhatIf
from sakip.facts.reports import said_beside
from sakip.improving import Improvement, improvement
from sakip.improving_all import Listed, ways_listed
from sakip.reasons import NOT_A_NUMBER, Reason
from sakip.typed_numbers import read_number
from sakip.values import as_text
from sakip.whatif.model import NEXT, Answer, Way, WhatIfFault, Wish
from web.language import words
from web.officer.listing import csv_file
from web.performance.asked import LONGEST, NotMeant, year_asked
from web.performance.evaluation_words import band_words, number
from web.performance.whatif_plan import open_plan
from web.performance.whatif_view import band_picture, heading, holds_of, part_titles, way_view
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("whatif", __name__)

FURTHER_WAYS = 2
MOST_FIXED = 400  # paths in one address
MOST_WEEKS, MOST_MARGIN = 520, 100
MARGIN_PLACES = 4  # decimals of points
_WEEKS = re.compile(r"[0-9]{1,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, as typed, with what is wrong by field."""

    to: str
    margin: str
    weeks: str
    fixed: tuple[str, ...]
    faults: dict[str, str]

    def query(self, year: int) -> str:
        """The address' part after the question mark that asks the same again."""
        pairs = [("year", str(year)), ("to", self.to), ("margin", self.margin), ("weeks", self.weeks)]
        return urlencode([pair for pair in pairs if pair[1]] + [("fixed", path) for path in self.fixed])


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A row of the list: ``after`` is where its way leads, ``but`` what stands against it, both in words or empty."""

    row: Listed
    after: str
    but: str


@bp.get("/performance/whatif")
@signed_in
def index() -> Any:
    """Everything one may read of with today's predicate and how far the next one is; asked to, the way of each."""
    typed, wish = _wish(further=0)
    is_asked = "ways" in request.args
    try:
        found = ways_listed(db(), g.person.id, year_asked(), wish if is_asked else None, now())
    except WhatIfFault as fault:
        raise NotMeant("no_such_goal") from fault
    rows = [ListedLine(one, *_said_of(one)) for one in found.rows]
    query = typed.query(found.year) if is_asked else f"year={found.year}"
    page = render_template(
        "performance/whatif_index.html", found=found, rows=rows, number=number, is_asked=is_asked, typed=typed,
        goals=_goals(found.evaluation, found.whatif), query=query,
    )  # fmt: skip
    return (page, 422) if typed.faults else page


def _said_of(row: Listed) -> tuple[str, str]:
    """How far a row's way goes and why it goes no further, both in words."""
    answer = row.answer
    if answer is None:
        return "", ""
    if isinstance(answer, Reason):
        return "", words(answer.sentence)
    after = f"{band_words(answer.way.judged.predicate)} ({number(answer.way.judged.printed)})"
    return after, "" if answer.is_reachable else str(_("as far as it goes"))


@bp.get("/performance/whatif/<name>")
@signed_in
def show(name: str) -> Any:
    """The cheapest way of a unit or the region, as the address asks for it."""
    typed, wish = _wish()
    found = _found(name, wish)
    answer = found.answer if isinstance(found.answer, Answer) else None
    page = render_template(
        "performance/whatif.html", found=found, typed=typed, title=heading(found), answer=answer,
        picture=_picture(found, answer), way=way_view(found, answer.way) if answer else None,
        further=[way_view(found, way) for way in answer.alternatives] if answer else [],
        holds=holds_of(found, answer) if answer and not answer.is_reachable else (),
        reason=found.answer if isinstance(found.answer, Reason) else None, fixable=_fixable(found),
        goals=_goals(found.sheet.evaluation if found.sheet else None, found.whatif),
        unsure=_unsure(found), margin=_margin_words(found), has_errors=bool(typed.faults),
        csv_href=f"{url_for('whatif.as_csv', name=name)}?{typed.query(found.year)}",
        plan_href=f"{url_for('whatif.plan', name=name)}?{typed.query(found.year)}" if found.may_plan else "",
    )  # fmt: skip
    return (page, 422) if typed.faults else page


@bp.post("/performance/whatif/<name>/plan")
@signed_in
def plan(name: str) -> Any:
    """Open an action plan with the steps the address leads to."""
    typed, wish = _wish()
    found = _found(name, wish)
    if typed.faults or not isinstance(found.answer, Answer) or not found.answer.way.steps or not found.may_plan:
        raise NotMeant("no_such_plan")
    outcome = open_plan(found, found.answer)
    if isinstance(outcome, Refusal):
        db().rollback()
        flash(words(outcome.sentence), "bad")
        return redirect(f"{url_for('whatif.show', name=name)}?{typed.query(found.year)}", 303)
    flash(_("The action plan is open. Complete it, then send it on."), "good")
    return redirect(url_for("case.show", case_id=outcome.case_id), 303)


@bp.get("/performance/whatif/<name>.csv")
@signed_in
def as_csv(name: str) -> Response:
    """Every step of every way for a spreadsheet, numbers with a point."""
    typed, wish = _wish()
    if typed.faults:
        raise NotMeant(f"no_such_{next(iter(typed.faults))}")
    found = _found(name, wish)
    head = (
        _("Way"), _("Who"), _("Component"), _("Criterion"), _("From answer"), _("To answer"), _("Adds"), _("Effort"),
        _("Weeks"), _("Missing evidence"),
    )  # fmt: skip
    return csv_file(f"alur-jalan-{name}-{found.year}", [str(one) for one in head], _rows(found))


def _rows(found: Improvement) -> Iterator[tuple[object, ...]]:
    if not isinstance(found.answer, Answer):
        return
    ways: tuple[Way, ...] = (found.answer.way, *found.answer.alternatives)
    for place, way in enumerate(ways, 1):
        for group in way_view(found, way).groups:
            for line in group.lines:
                yield (place, group.who, line.part, line.criterion, line.start, line.end, line.adds_in_file, line.cost,
                       line.weeks, "; ".join(line.missing))  # fmt: skip


def _found(name: str, wish: Wish) -> Improvement:
    try:
        return improvement(db(), g.person.id, name, year_asked(), wish, now())
    except WhatIfFault as fault:
        raise NotMeant("no_such_goal" if " is no predicate " in str(fault) else "no_such_criterion") from fault


def _wish(further: int = FURTHER_WAYS) -> tuple[Typed, Wish]:
    """What the address wishes; what was mistyped stays in its field and is left out of the question."""
    args = request.args
    to, margin, weeks = (args.get(name, "").strip()[:LONGEST] for name in ("to", "margin", "weeks"))
    fixed = tuple(dict.fromkeys(args.getlist("fixed")))
    if len(fixed) > MOST_FIXED or any(len(path) > LONGEST or "*" in path for path in fixed):
        raise NotMeant("no_such_criterion")
    faults: dict[str, str] = {}
    if weeks and (not _WEEKS.fullmatch(weeks) or int(weeks) > MOST_WEEKS):
        faults["weeks"] = str(_("Write whole weeks from 0 to %(most)s.", most=MOST_WEEKS))
    points = read_number(margin, places=MARGIN_PLACES) if margin else None
    if isinstance(points, Reason) and points.code == NOT_A_NUMBER and points.values.get("proposal"):
        faults["margin"] = words(said_beside(points))
    elif points is not None and (isinstance(points, Reason) or not 0 <= points <= MOST_MARGIN):
        faults["margin"] = str(_("Write points from 0 to %(most)s, for example 1,5.", most=MOST_MARGIN))
    wish = Wish(
        to or None, points if isinstance(points, Fraction) and "margin" not in faults else None,
        int(weeks) if weeks and "weeks" not in faults else None, fixed, further,
    )  # fmt: skip
    return Typed(to, margin, weeks, fixed, faults), wish


def _picture(found: Improvement, answer: Answer | None) -> Any:
    if answer is None or found.sheet is None:
        return None
    after = answer.way.judged if answer.way.cost else None
    return band_picture(found.sheet.evaluation, answer.start, after)


def _goals(evaluation: Evaluation | None, whatif: WhatIf | None) -> list[tuple[str, str]]:
    """The predicates one may aim at, the next one first."""
    if evaluation is None:
        return []
    rows = [(row.key, words(row.title) or band_words(row)) for row in reversed(evaluation.predicate.rows)]
    usual = whatif.goal if whatif is not None else NEXT
    first = ("" if usual == NEXT else NEXT, str(_("The next predicate")))
    return [first, *((("" if key == usual else key), said) for key, said in rows)]


def _fixable(found: Improvement) -> list[dict[str, Any]]:
    """What can be marked as not to be changed: components, their parts, the questions of each."""
    if found.sheet is None:
        return []
    titles = part_titles(found)
    return [
        {"path": section.sub.path, "title": titles[section.sub.path],
         "questions": [(one.path, words(one.title)) for one in section.questions if one.path != section.sub.path]}
        for section in found.sheet.sections
        if section.questions
    ]  # fmt: skip


def _margin_words(found: Improvement) -> str:
    """The margin the file has, as the empty field means it."""
    return "" if found.whatif is None else number(as_text(found.whatif.margin))


def _unsure(found: Improvement) -> list[str]:
    """What this region has not settled yet and the numbers rest on (`to_confirm`)."""
    if found.sheet is None or found.whatif is None:
        return []
    heads = (found.sheet.evaluation.head, found.whatif.head)
    return list(dict.fromkeys(words(said) for head in heads for said in head.unsure.values()))
