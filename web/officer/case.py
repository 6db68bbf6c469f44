"""One case: the document to read, the decision to take, and the acts on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import escape
from werkzeug.datastructures import MultiDict

from engine.cases import drafts
from engine.cases.answers import visible
from engine.cases.calling import calls_of
from engine.cases.fire import Fired, fire
from engine.cases.follow import LONGEST_COMMENT, follow, unfollow
from engine.cases.follow import comment as add_remark
from engine.cases.step import Step
from engine.cases.views import CasePage
from engine.changes import Refusal
from engine.connectors import title_of
from engine.errors import InvalidInput
from engine.facts import Command, PersonId
from web.installation import here
from web.language import language, words
from web.officer.case_roles import PREFIX, RoleAsked, people_chosen, people_held, roles_asked
from web.officer.case_words import call_states, history_kinds, mail_reasons, printed
from web.officer.changes import changed_paths, differences
from web.officer.decision import again, command, decision, next_href, note, refused_note
from web.officer.document import Part, document, elsewhere, folded
from web.officer.files import attachment_rows, keep_file
from web.officer.form import led_away, may_be_incomplete, unsent_answers
from web.officer.own_pages import in_own_words, own_page, tables_there
from web.officer.printed import printables
from web.officer.proof import done_with_code
from web.officer.reading import is_out_of_sight, read_case_page
from web.officer.road import KINDS, history, picture, steps
from web.officer.shown import Reading
from web.officer.working_days import working_day_test
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("case", __name__)

STALE = frozenset({"stale_revision", "claimed_by_other", "already_decided"})


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed and is shown again: the note, the people (the posted form), the remark with what is wrong."""

    comment: str = ""
    form: MultiDict[str, str] | None = None
    remark: str = ""
    remark_fault: str = ""
    pause_reason: str = ""
    pause_fault: str = ""
    message: str = ""
    message_fault: str = ""
    motive: str = ""
    motive_fault: str = ""


NOTHING = Typed()


@bp.get("/case/<int:case_id>")
@signed_in
def show(case_id: int) -> str:
    """The page of a case."""
    return _render(_read(case_id))


@bp.post("/case/<int:case_id>/act")
@signed_in
def act(case_id: int) -> Any:
    """Decide, take, give back or hand over. A refusal shows the page again with everything typed still in it."""
    if "more" in request.form:
        return _render(_read(case_id), Typed(request.form.get("comment", ""), request.form))
    said = command(request.form.get("act", ""), g.person.id, request.form.get("revision", ""),
                   note(request.form.get("comment", "")))  # fmt: skip
    if said is None:
        raise InvalidInput("no such act")
    chosen = refused_note(said.comment) or _people(case_id, said)
    waiting = None if chosen else unsent_answers(case_id, said)
    if waiting is not None:
        return redirect(waiting, 303)
    outcome = (
        chosen
        if isinstance(chosen, Refusal)
        else done_with_code(lambda is_proven: _fire(case_id, replace(said, has_second_factor=is_proven), chosen))
    )
    if isinstance(outcome, Refusal):
        db().rollback()
        page = _render(_read(case_id), Typed(request.form.get("comment", ""), request.form), outcome)
        return page, 409 if outcome.code in STALE else 422
    if is_out_of_sight(case_id):
        return led_away()
    flash(_done(said.action, case_id), "good")
    return redirect(url_for("case.show", case_id=case_id), 303)


@bp.post("/case/<int:case_id>/remarks")
@signed_in
def remark(case_id: int) -> Any:
    """Say something beside the acts; it moves nothing."""
    text = request.form.get("remark", "").strip()
    if not text or len(text) > LONGEST_COMMENT:
        fault = _("Write between 1 and %(most)s characters.", most=LONGEST_COMMENT)
        return _render(_read(case_id), Typed(remark=text, remark_fault=str(fault))), 422
    add_remark(db(), case_id, g.person.id, text, now())
    flash(_("Your remark stands in the history."), "good")
    return redirect(url_for("case.show", case_id=case_id) + "#history", 303)


@bp.post("/case/<int:case_id>/follow")
@signed_in
def change_following(case_id: int) -> Response:
    """Put the case among those one follows, or take it out."""
    if request.form.get("follow") == "yes":
        follow(db(), case_id, g.person.id, now())
        flash(_("You follow this case now."), "good")
    else:
        is_seen = unfollow(db(), case_id, g.person.id, now())
        flash(_("You no longer follow this case."), "good")
        if not is_seen:
            return redirect(url_for("queue.show", tab="follow"), 303)  # type: ignore[return-value]
    return redirect(url_for("case.show", case_id=case_id), 303)  # type: ignore[return-value]


@bp.get("/case/<int:case_id>/mails")
@signed_in
def mails(case_id: int) -> str:
    """Every mail of the case: to whom, when, and why it was sent; and what went on from it to registers and systems."""
    page = _read(case_id)
    calls = calls_of(db(), g.person.id, case_id, now())
    return render_template(
        "officer/mails.html", case=page, reasons=mail_reasons(), calls=calls, states=call_states(), title_of=title_of
    )


@bp.get("/case/<int:case_id>/diagram.svg")
@signed_in
def diagram(case_id: int) -> Response:
    """The picture alone, for looking at it large."""
    css = "".join(
        f'<?xml-stylesheet type="text/css" href="{escape(url_for("static", filename=f"css/{name}.css"))}"?>'
        for name in ("tokens", "theme")
    )
    return Response(f'<?xml version="1.0"?>{css}{picture(_read(case_id)).svg}', mimetype="image/svg+xml")


def page_of(case_id: int, typed: Typed) -> str:
    """The page of a case with what was typed and what is wrong with it."""
    return _render(_read(case_id), typed)


def _read(case_id: int) -> CasePage:
    return read_case_page(case_id)


def _people(case_id: int, said: Command) -> Mapping[str, tuple[PersonId, ...]] | Refusal:
    """The people typed for case roles that this act fills."""
    if not any(name.startswith(PREFIX) for name in request.form):
        return {}
    return people_chosen(_read(case_id), said, request.form)


def _fire(case_id: int, said: Command, chosen: Mapping[str, tuple[PersonId, ...]]) -> Fired | Refusal:
    """The act with what came beside the buttons: whom a task goes to, people for case roles, a file."""
    sent = request.files.get("attachment")
    fault = keep_file(case_id, sent) if sent else None
    if fault is not None:
        return replace(fault, code="attachment_required")
    to = request.form.get("to", "")
    complete = replace(
        said, new_attachments=1 if sent else 0, assign=chosen,
        answers=_drafted(case_id, said) if chosen else {},
        to=int(to) if to.isdecimal() and len(to) < 19 else None,
        until=_day(request.form.get("until", "")),
        # The file is a line of the history of its own, so the case has moved on by one since it was seen.
        revision=said.revision + 1 if sent and said.revision is not None else said.revision,
    )  # fmt: skip
    return fire(db(), case_id, complete, now=now())


def _day(typed: str) -> date | None:
    """The day of a date input; None for an empty one, and for what is none."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def _drafted(case_id: int, said: Command) -> Mapping[str, Any]:
    """Answers typed and not yet sent go along with the people, who could not wait for them on another page."""
    if said.state is None or may_be_incomplete(_read(case_id), said.state, said.action):
        return {}
    draft = drafts.load(db(), g.person.id, drafts.of_case(case_id))
    return draft.answers if draft is not None else {}


def _done(action: str, case_id: int) -> str:
    told = {"claim": _("You hold this task now."), "release": _("You have given the task back."),
            "assign": _("The task has been handed over."),
            "delegate": _("Somebody stands in for you now."), "recall": _("You have taken it back.")}  # fmt: skip
    if action in told:
        return str(told[action])
    page = _read(case_id)
    title = next((words(line.action_title) for line in reversed(page.history) if line.action == action), action)
    return str(_("%(act)s: done. The case now stands at %(state)s.", act=title, state=words(page.state_title)))


def _render(page: CasePage, typed: Typed = NOTHING, refusal: Refusal | None = None) -> str:
    is_working_day = working_day_test()
    back = page.changed_since_return
    seen = _visible(page)
    changes = differences(page, back, seen) if back is not None and page.closed_at is None else ()
    letters = printables(page)
    printed_as = {item.field for item in letters if not item.is_draft}  # an attachment is no answer left out
    visible_here = seen - printed_as
    reading = Reading(page.form, language(), page.facts.directory, visible_here, changed_paths(changes))
    parts, later = folded(_told(page, reading), _to_fill(page))
    kind = request.args.get("history", "all")
    roles = roles_asked(page, typed.form, refusal)
    decided = decision(page, is_working_day)
    kept = again(decided, typed.comment, typed.form)
    paused = () if page.may_pause or not typed.pause_reason else ((str(_("Reason")), typed.pause_reason),)
    return render_template(
        "officer/case.html",
        case=page, parts=parts, later=later, back=back, changes=changes,
        decision=decided, steps=steps(page), comment=kept.note, handed=kept.handed,
        left=(*kept.left, *paused),
        picture=picture(page), days=history(page, kind if kind in KINDS else "all"), kinds=history_kinds(page, kind),
        files=attachment_rows(page), printables=letters, refusal=refusal,
        roles=roles, people=people_held(page), remark=typed.remark, remark_fault=typed.remark_fault,
        pause_reason=typed.pause_reason, pause_fault=typed.pause_fault,
        faults=_faults(page, refusal, roles) if refusal is not None else [],
        typed=typed, printed=printed(page),
        own_page=own_page(page),
        has_errors=refusal is not None
        or bool(typed.remark_fault or typed.pause_fault or typed.message_fault or typed.motive_fault),
        upload_limit=here().settings.max_upload_megabytes,
        state_sign="check" if page.closed_at else ("pause" if page.is_suspended else "eye"),
    )  # fmt: skip


def _told(page: CasePage, reading: Reading) -> tuple[Part, ...]:
    if page.form is None:
        return ()
    kind = page.facts.case_type
    parts = document(page.form, in_own_words(kind, page.answers), reading)
    return elsewhere(parts, tables_there(kind, page.case_id, page.form))


def _to_fill(page: CasePage) -> frozenset[str]:
    """The fields that are the reader's to fill in, by their task or by an act they may do."""
    own = {name for name, mode in page.fields.items() if mode == "edit"}
    return frozenset(own.union(*(view.edits for view in page.actions if view.refusal is None)))


def _visible(page: CasePage) -> frozenset[str]:
    """The fields the reader may see: asked for as the answers stand, and not hidden from them."""
    if page.form is None:
        return frozenset()
    asked = visible(page.definition, page.form, page.answers, Step(page.definition, page.facts, page.reader).scope())
    return frozenset(name for name in asked if page.fields.get(name, "read") != "hidden")


def _faults(page: CasePage, refusal: Refusal, roles: Sequence[RoleAsked]) -> list[tuple[str, str]]:
    """The refusal for the summary on top: its sentence, then each answer in question, with links."""
    anchors = {role.key: role.id for role in roles}
    href = next_href(page.case_id, refusal)
    found = [(href.removeprefix("#") if href.startswith("#") else "", words(refusal.sentence))]
    if any(fault.path in (*anchors, "until") for fault in refusal.faults):
        found = [("", words(refusal.sentence))]
    return found + [(anchors.get(fault.path, ""), words(fault.message)) for fault in refusal.faults]
