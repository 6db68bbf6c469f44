"""A quarter's entry: the task of `measurement_report` in clothes of its own, sent as the ordinary command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.cases.fire import fire
from engine.changes import ActionView, Refusal
from engine.errors import Conflict, InvalidInput
from engine.facts import Command
from sakip.entry_desk import EntryDesk, EntryItem
from web.language import words
from web.officer.decision import revision_seen
from web.officer.filling import SendAct
from web.officer.form import STALE, acts_of, led_away
from web.officer.proof import done_with_code
from web.officer.reading import is_out_of_sight, read_case_page
from web.performance import entry_view as said
from web.performance.asked import NotMeant
from web.performance.entry_posted import take
from web.performance.entry_work import ROWS, Report, report_on
from web.performance.evidence_choice import Choosing, EvidenceChoice, add_address, added_piece
from web.performance.verification_work import is_to_verify
from web.protection import signed_in
from web.transaction import db, keep_on_refusal, now

bp = Blueprint("entry", __name__)

PART = "X-Alur-Part"  # a script asks for the page itself, not for the way to it
MOST_BOXES = 300  # of evidence on one page; with more of them a row shows the register when it is asked to
ROW_BUTTONS = ("fix", "add", "choose")


@dataclass(frozen=True, slots=True)
class Proof:
    """The evidence of a row: what can be ticked, how many pieces the register has that are not shown (0: none), and
    whether its list was asked for."""

    choice: EvidenceChoice
    waiting: int
    is_open: bool = False


@bp.get("/performance/reports/<int:case_id>")
@signed_in
def show(case_id: int) -> Any:
    """The report with every row that is due; filled in by whose task it is, read by everybody else; who verifies it
    gets to the page for that."""
    page = read_case_page(case_id)
    if is_to_verify(page):
        return redirect(url_for("verification.show", case_id=case_id))
    report = report_on(page)
    _add_piece(report)
    return _render(report, report.view())


@bp.post("/performance/reports/<int:case_id>")
@signed_in
def send(case_id: int) -> Any:
    """Keep what was typed, then do what the button says."""
    report = report_on(read_case_page(case_id))
    view = report.view()
    if report.desk is None or view is None:
        raise Conflict("Nothing of this report is to be filled in any more.")
    take(report, view, request.form)
    if "act" in request.form:
        report.keep()
        return _act(report, request.form["act"])
    verb, _colon, key = request.form.get("op", "check:").partition(":")
    if verb == "check":
        report.keep()
        return _render(report, report.view()) if PART in request.headers else _away(case_id)
    if key not in report.rows or verb not in ROW_BUTTONS:
        raise NotMeant("no_such_row" if verb in ROW_BUTTONS else "no_such_button")
    if verb == "fix":
        _correct(report, key)
    report.keep()
    if verb == "add":
        return redirect(_new_piece(report, view, key), 303)
    return _away(case_id, said.anchor(key)) if verb == "fix" else _away(case_id, f"{said.anchor(key)}-evidence", key)


def _away(case_id: int, anchor: str | None = None, choose: str | None = None) -> Any:
    return redirect(url_for("entry.show", case_id=case_id, choose=choose, _anchor=anchor), 303)


def _correct(report: Report, key: str) -> None:
    """Take the number that was probably meant."""
    view = report.view()
    item = next((one for one in view.items if one.key == key), None) if view is not None else None
    if item is not None and item.proposal:
        report.rows[key]["value"] = item.proposal


def _new_piece(report: Report, view: EntryDesk, key: str) -> str:
    """Where a new piece is registered; from there the way leads back to the row."""
    back = url_for("entry.show", case_id=report.page.case_id, row=key)
    return add_address(view.unit.key, view.due.year, back)


def _add_piece(report: Report) -> None:
    """Choose the piece that was just registered for a row; it is kept with the next press."""
    piece, row = added_piece(), report.rows.get(request.args.get("row", ""))
    if piece is not None and row is not None and report.desk is not None:
        kept = row.get("evidence") or ()
        numbers = kept.splitlines() if isinstance(kept, str) else [str(one) for one in kept]
        row["evidence"] = list(dict.fromkeys((*numbers, str(piece))))


# -- acts ----------------------------------------------------------------------------------------------------------


def _act(report: Report, text: str) -> Any:
    assert report.desk is not None
    action, _bar, rest = text.partition("|")
    state, _bar, item = rest.partition("|")
    case_id = report.page.case_id
    wanted = next((one for one in report.page.actions if (one.action, one.state) == (action, state)), None)
    if wanted is None:
        raise InvalidInput("no such act")
    command = Command(
        action, g.person.id, state, item or None, answers=report.desk.answers,
        revision=revision_seen(request.form.get("revision", "")),
    )  # fmt: skip
    outcome = done_with_code(
        lambda is_proven: fire(db(), case_id, replace(command, has_second_factor=is_proven), now=now()), keeps=True
    )
    if isinstance(outcome, Refusal):
        keep_on_refusal()
        again = report_on(read_case_page(case_id))
        return _render(again, again.view(), outcome), 409 if outcome.code in STALE else 422
    if is_out_of_sight(case_id):
        return led_away()
    flash(_done(wanted), "good")
    return _away(case_id) if wanted.is_internal else redirect(url_for("case.show", case_id=case_id), 303)


def _done(wanted: ActionView) -> str:
    return str(_("%(act)s: done.", act=words(wanted.title)))


# -- the page ------------------------------------------------------------------------------------------------------


def _render(report: Report, view: EntryDesk | None, refusal: Refusal | None = None) -> str:
    page = report.page
    if view is None:
        return render_template("performance/entry_nothing.html", page=page, may_edit=report.desk is not None)
    acts = acts_of(page, report.desk) if report.desk is not None else ()
    internal = {(one.action, one.state) for one in page.actions if one.is_internal}
    faults = said.faults_of(report, view, refusal)
    return render_template(
        "performance/entry.html", report=report, page=page, view=view, said=said, due=said.due_of(report),
        keeping=[one for one in acts if _pair(one) in internal], onward=_onward(acts, internal), faults=faults,
        refusal=refusal, has_errors=bool(faults.lines), proof=_proof(report, view),
        programmes=said.programmes_of(report),
        columns=page.form.fields[ROWS].columns if page.form is not None else {},
    )  # fmt: skip


def _pair(act: SendAct) -> tuple[str, str]:
    action, state, _item = act.value.split("|")
    return action, state


def _onward(acts: tuple[SendAct, ...], internal: set[tuple[str, str]]) -> list[SendAct]:
    """What carries the report on; taking it back or throwing it away is done on the page of the case."""
    return [one for one in acts if _pair(one) not in internal and one.tone != "danger" and not one.needs_note]


def _proof(report: Report, view: EntryDesk) -> Callable[[EntryItem], Proof]:
    """How a row chooses its evidence: a function of the row."""
    if PART in request.headers:
        return lambda item: Proof(EvidenceChoice(f"evidence:{item.key}", (), ""), 0)
    used = {number for item in view.items for number in item.typed.evidence}
    register = Choosing.of(view.due.unit_id, view.due.year, used)
    is_short = len(view.items) * len(register.pieces) > MOST_BOXES
    opened = request.args.get("choose", "")

    def of_row(item: EntryItem) -> Proof:
        chosen = item.typed.evidence
        add = f"add:{item.key}" if report.desk is not None else ""
        if not is_short or item.key == opened:
            return Proof(register.choice(f"evidence:{item.key}", chosen, add_value=add), 0, item.key == opened)
        few = replace(register, pieces=tuple(one for one in register.pieces if one.number in chosen))
        return Proof(few.choice(f"evidence:{item.key}", chosen, add_value=add), len(register.pieces))

    return of_row
