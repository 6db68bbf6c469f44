"""Several tasks of the queue at once: what would happen to each, then, once confirmed, what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from engine.cases.bulk import MOST, Choice, Line, Outcome, fire_many, review
from engine.changes import Refusal
from engine.errors import InvalidInput
from web.language import words
from web.officer.decision import BACK_SIGN, LONGEST_NOTE, next_href, note
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("bulk", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the review or of the result. ``value`` is posted when it is confirmed."""

    value: str
    href: str
    number: str
    title: str
    words: str
    next_step: str = ""
    next_href: str = ""
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """One act with the lines it would be done to and those it would not."""

    value: str
    title: str
    button: str
    tone: str
    sign: str
    asks: str
    note_hint: str
    ready: tuple[Row, ...]
    left_out: tuple[Row, ...]


@bp.post("/queue/review")
@signed_in
def look() -> Any:
    """The review page; nothing is decided by looking."""
    lines = [line for line in map(line_of, request.form.getlist("line")[:MOST]) if line is not None]
    if not lines:
        flash(_("Choose at least one task first."), "warn")
        return redirect(url_for("queue.show", **_back()), 303)
    return _review(lines)


@bp.post("/queue/decide")
@signed_in
def decide() -> Any:
    """Do the confirmed act to every line; the result says of each what became of it."""
    action, _bar, title = request.form.get("act", "").partition("|")
    lines = [line for line in map(line_of, request.form.getlist(f"line.{action}|{title}")[:MOST]) if line is not None]
    comment = note(request.form.get(f"comment.{action}|{title}", ""))[:LONGEST_NOTE]
    if not action or not lines:
        raise InvalidInput("no such act")
    choice = next(
        (c for c in review(db(), g.person.id, lines, now()) if (c.action, c.title.id) == (action, title)), None
    )
    if choice is not None and choice.needs_comment and not comment:
        return _review(lines, f"{action}|{title}"), 422
    outcomes = fire_many(db(), g.person.id, lines, action, title, comment, now=now())
    rows = tuple(map(_result, outcomes))
    done = sum(row.is_done for row in rows)
    act = words(choice.title) if choice is not None else ""
    return render_template(
        "officer/bulk_result.html", rows=rows, act=act, done=done, skipped=len(rows) - done,
        back_href=url_for("queue.show", **_back()),
    )  # fmt: skip


def line_value(case_id: int, state: str | None, item: str | None, revision: int | None = None) -> str:
    """How a task is posted: case, revision seen, state, item."""
    return f"{case_id}:{revision or ''}:{state or ''}:{item or ''}"


def line_of(value: str) -> Line | None:
    """The task a posted value means, None for anything else."""
    case_id, *rest = value.split(":", 3)
    if len(rest) != 3 or not case_id.isdecimal() or len(case_id) > 18:
        return None
    revision, state, item = rest
    seen = int(revision) if revision.isdecimal() and len(revision) < 10 else None
    return Line(int(case_id), state[:200], item or None, seen)


def _back() -> dict[str, Any]:
    """What narrowed the queue one came from."""
    return {name: value for name, value in request.args.items() if value}


def _review(lines: Iterable[Line], missing_note: str = "") -> str:
    choices = review(db(), g.person.id, tuple(replace(line, revision=None) for line in lines), now())
    acts = tuple(_act(choice, number == 0) for number, choice in enumerate(choices))
    fault = _("Write a note for this act.") if missing_note else ""
    return render_template(
        "officer/bulk_review.html", acts=acts, chosen=len(set(lines)), missing_note=missing_note, fault=fault,
        has_errors=bool(fault), back=_back(), notes=request.form, back_href=url_for("queue.show", **_back()),
    )  # fmt: skip


def _act(choice: Choice, is_first: bool) -> Act:
    title, count = words(choice.title), len(choice.ready)
    is_final = choice.tone == "danger"
    hint = _("Required. It is kept with each of these cases; everybody who sees them can read it.")
    if not choice.needs_comment:
        hint = _("Optional. It is kept with each of these cases; everybody who sees them can read it.")
    ready = tuple(
        Row(line_value(each.line.case_id, each.line.state, each.line.item, each.line.revision),
            url_for("case.show", case_id=each.line.case_id), each.number, _named(each.title, each.line),
            str(_("Next: %(steps)s", steps=words(each.next))))
        for each in choice.ready
    )  # fmt: skip
    left_out = tuple(
        Row("", url_for("case.show", case_id=each.line.case_id), each.number, _named(each.title, each.line),
            words(each.reason))
        for each in choice.left_out
    )  # fmt: skip
    return Act(
        f"{choice.action}|{choice.title.id}", title,
        str(ngettext("%(act)s: %(num)d case", "%(act)s: %(num)d cases", count, act=title)),
        "danger" if is_final else ("primary" if is_first else ""),
        BACK_SIGN.get(choice.tone or "", "check"),
        str(_("%(act)s? This cannot be undone.", act=title)) if is_final else "", str(hint), ready, left_out,
    )  # fmt: skip


def _named(title: str, line: Line) -> str:
    return f"{title}: {line.item}" if line.item else title


def _result(outcome: Outcome) -> Row:
    line, refusal = outcome.line, outcome.refusal
    href = url_for("case.show", case_id=line.case_id)
    title = _named(outcome.title, line)
    if refusal is None:
        stands = str(_("The case now stands at %(state)s.", state=words(outcome.stands)))
        return Row("", href, outcome.number, title, stands, is_done=True)
    return Row("", href, outcome.number, title, _told(refusal), words(refusal.next_step), _where(line, refusal))


def _told(refusal: Refusal) -> str:
    faults = dict.fromkeys(words(fault.message) for fault in refusal.faults)
    return " ".join([words(refusal.sentence), *faults])


def _where(line: Line, refusal: Refusal) -> str:
    place = next_href(line.case_id, refusal)
    case = url_for("case.show", case_id=line.case_id)
    return case + place if place.startswith("#") else place or case
