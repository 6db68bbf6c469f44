"""The verification of a report: each row accepted or returned beside its evidence, sent as the ordinary command."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.cases.fire import fire
from engine.changes import ActionView, Refusal
from engine.definitions.model import Text
from engine.errors import Conflict, InvalidInput
from engine.facts import Command
from sakip.evidence_judging import ACCEPT, REFUSE, judge, pieces_to_judge
from sakip.evidence_rights import keeper_of
from sakip.facts.evidence import NotPossible
from sakip.facts.models import EvidencePiece
from web.language import words
from web.officer.decision import note, refused_note, revision_seen
from web.officer.form import STALE, acts_of, led_away
from web.officer.proof import done_with_code
from web.officer.reading import is_out_of_sight, read_case_page
from web.officer.road import history
from web.performance import entry_view, evidence_view
from web.performance import verification_view as said
from web.performance.asked import NotMeant
from web.performance.evidence import NOT_DONE
from web.performance.evidence_choice import Choosing
from web.performance.verification_work import Verifying, is_to_verify, verifying
from web.protection import signed_in
from web.transaction import db, keep_on_refusal, now

bp = Blueprint("verification", __name__)

PART = "X-Alur-Part"  # a script asks for the page itself, not for the way to it
PIECES = {"accept_piece": ACCEPT, "refuse_piece": REFUSE}
WRITTEN = frozenset({"comment", "note", "why"})  # the fields of the form that hold words


@bp.get("/performance/verifications/<int:case_id>")
@signed_in
def show(case_id: int) -> Any:
    """The rows as they wait to be looked at; who does not verify them reads the report."""
    page = read_case_page(case_id)
    if not is_to_verify(page):
        return redirect(url_for("entry.show", case_id=case_id))
    return _render(verifying(page))


@bp.post("/performance/verifications/<int:case_id>")
@signed_in
def send(case_id: int) -> Any:
    """Keep what was decided, then do what the button says."""
    page = read_case_page(case_id)
    if not is_to_verify(page):
        return _not_theirs(case_id)
    work, comment = verifying(page), note(request.form.get("comment", ""))
    work.take(request.form)
    work.keep(comment)
    if "act" in request.form:
        return _act(work, request.form["act"], comment)
    verb, _colon, rest = request.form.get("op", "check:").partition(":")
    if verb == "check":
        return _render(work) if PART in request.headers else _away(case_id)
    if verb == "accept_unchanged":
        work.accept_together()
        work.keep(comment)
        return _away(case_id)
    if verb in PIECES:
        return _judge(work, PIECES[verb], rest)
    raise NotMeant("no_such_button")


def _away(case_id: int, key: str = "") -> Any:
    anchor = entry_view.anchor(key) if key else None
    return redirect(url_for("verification.show", case_id=case_id, _anchor=anchor), 303)


def _not_theirs(case_id: int) -> Any:
    """Nobody verifies what is not theirs to verify: said on the report, and nothing is changed. Raises Conflict for
    who has written something, whose words stand on its page."""
    if any(text.strip() for name, text in request.form.items(multi=True) if name.partition(":")[0] in WRITTEN):
        raise Conflict("This report is not this person's to verify now.")
    flash(words(Text("Laporan ini tidak sedang Anda verifikasi.", "This report is not yours to verify now.")), "bad")
    return redirect(url_for("entry.show", case_id=case_id), 303)


def _judge(work: Verifying, verb: str, rest: str) -> Any:
    """Accept or refuse a piece where it stands at a row."""
    number, _colon, key = rest.partition(":")
    if not number.isdecimal() or len(number) > 18 or key not in work.rows:
        raise InvalidInput("no such piece")
    reason = request.form.get(f"why:{number}:{key}", "").replace("\r\n", "\n")
    try:
        judge(db(), keeper_of(db(), g.person.id, now()), int(number), verb, reason, now())
    except NotPossible as fault:
        keep_on_refusal()
        row = (f"{entry_view.anchor(key)}-evidence", words(NOT_DONE[fault.code]))
        return _render(work, told=(row,), at_piece={(int(number), key): (row[1], reason)}), 422
    return _away(work.page.case_id, key)


# -- acts ----------------------------------------------------------------------------------------------------------


def _act(work: Verifying, text: str, comment: str) -> Any:
    action, _bar, rest = text.partition("|")
    state, _bar, item = rest.partition("|")
    case_id = work.page.case_id
    wanted = next((one for one in work.page.actions if (one.action, one.state) == (action, state)), None)
    if wanted is None:
        raise InvalidInput("no such act")
    if (too_long := refused_note(comment)) is not None:
        keep_on_refusal()
        return _render(work, too_long), 422
    command = Command(
        action, g.person.id, state, item or None, "" if wanted.is_internal else comment, work.desk.answers,
        revision=revision_seen(request.form.get("revision", "")),
    )  # fmt: skip
    outcome = done_with_code(
        lambda is_proven: fire(db(), case_id, replace(command, has_second_factor=is_proven), now=now()), keeps=True
    )
    if isinstance(outcome, Refusal):
        keep_on_refusal()
        again = read_case_page(case_id)
        if not is_to_verify(again):
            return _not_theirs(case_id)
        return _render(verifying(again), outcome), 409 if outcome.code in STALE else 422
    if is_out_of_sight(case_id):
        return led_away()
    flash(str(_("%(act)s: done.", act=words(wanted.title))), "good")
    if not wanted.is_internal:
        return redirect(url_for("case.show", case_id=case_id), 303)
    if comment:  # it belongs to the act that ends the look, and waits for it
        verifying(read_case_page(case_id)).keep(comment)
    return _away(case_id)


# -- the page ------------------------------------------------------------------------------------------------------


def _render(
    work: Verifying,
    refusal: Refusal | None = None,
    told: tuple[tuple[str, str], ...] = (),
    at_piece: Mapping[tuple[int, str], tuple[str, str]] = MappingProxyType({}),
) -> str:
    view, page = work.view(), work.page
    faults, at_row = said.faults_of(work, view, refusal)
    used = {number for one in view.checks for number in one.evidence}
    register = Choosing.of(view.entry.due.unit_id, view.entry.due.year, used)
    pieces, judging = pieces_to_judge(db(), g.person.id, used, now())
    internal = {(one.action, one.state) for one in page.actions if one.is_internal}
    acts = acts_of(page, work.desk)
    return render_template(
        "performance/verification.html", work=work, page=page, view=view, entry=view.entry, said=entry_view,
        told=said, due=entry_view.due_of(work.report), faults=[*told, *faults], at_row=at_row, at_piece=at_piece,
        pieces={one.item.key: register.chosen(one.evidence) for one in view.checks},
        keeping=[one for one in acts if _pair(one.value) in internal],
        acts=[said.verdict_of(one, view) for one in acts if _pair(one.value) not in internal],
        refused=_refusals(page.actions, internal, {_pair(one.value) for one in acts}),
        programmes=entry_view.programmes_of(work.report), judging=judging, opens=_opens(pieces),
        comment=work.desk.draft.comment if work.desk.draft else "",
        others=said.others_of(page, g.person.name), days=history(page, "decisions"), has_errors=bool(faults or told),
        needs_note=refusal is not None and refusal.code == "comment_required",
        columns=page.form.fields["rows"].columns if page.form is not None else {},
    )  # fmt: skip


def _pair(value: str) -> tuple[str, str]:
    action, state, _item = value.split("|")
    return action, state


def _refusals(
    views: Collection[ActionView], internal: set[tuple[str, str]], possible: set[tuple[str, str]]
) -> list[ActionView]:
    return [
        one for one in views
        if one.refusal is not None and (one.action, one.state) not in internal | possible
        and "verification" in one.edits
    ]  # fmt: skip


def _opens(pieces: Mapping[int, EvidencePiece]) -> dict[int, str]:
    """Where each piece itself is opened: its file or its address."""
    return {number: evidence_view.content_words(one)[1] for number, one in pieces.items()}
