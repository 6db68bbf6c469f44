"""The form of a task in a case: fill in, keep as a draft, check, and send with an act."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from engine.cases import drafts
from engine.cases.fire import fire
from engine.cases.views import CasePage
from engine.changes import ActionView, Refusal
from engine.errors import Conflict, InvalidInput, NotFound
from engine.facts import Command
from web.form_sections import SEND, summary
from web.language import language, short_moment, words
from web.officer.case_roles import roles_filled_by
from web.officer.case_words import title_words
from web.officer.decision import note, refused_note, revision_seen
from web.officer.desk import Desk
from web.officer.filling import SendAct, carry_out, receive, show
from web.officer.proof import REQUIRED, done_with_code, place_of_code
from web.officer.reading import is_out_of_sight, read_case_page
from web.protection import signed_in
from web.transaction import db, keep_on_refusal, now

bp = Blueprint("form", __name__)

ANSWERS_STAND_IN_THE_WAY = frozenset({"field_invalid", "guard", "comment_required", "attachment_required"})
STALE = frozenset({"stale_revision", "claimed_by_other", "already_decided"})


@bp.get("/case/<int:case_id>/edit")
@signed_in
def edit(case_id: int) -> Any:
    """One section of the form, or the page that checks and sends."""
    page = read_case_page(case_id)
    desk = desk_of(page)
    return show(desk, acts_of(page, desk), notices=_notices(page, desk))


@bp.post("/case/<int:case_id>/edit")
@signed_in
def send(case_id: int) -> Any:
    """Keep what was typed, then do what the button says."""
    page = read_case_page(case_id)
    try:
        desk = desk_of(page)
    except NotFound as gone:  # they see the case, so its form was theirs before it went on
        raise Conflict("Nothing of this case is to be filled in any more.") from gone
    receive(desk)
    if "act" in request.form:
        return _act(page, desk, request.form["act"])
    return carry_out(desk)


def led_away() -> Any:
    """The queue, for somebody whose own act ended their part in a case they may read only while they have one."""
    flash(_("Done. The case went on to others and is no longer open to you."), "good")
    return redirect(url_for("queue.show"), 303)


def unsent_answers(case_id: int, said: Command) -> str | None:
    """Where to go instead when typed answers wait that the act would leave behind; the note goes along."""
    draft = drafts.load(db(), g.person.id, drafts.of_case(case_id))
    if draft is None or not draft.answers:
        return None
    page = read_case_page(case_id)
    view = next((v for v in page.actions if v.action == said.action and said.state in (None, v.state)), None)
    if view is None or not (view.edits and view.form) or may_be_incomplete(page, view.state, view.action):
        return None
    drafts.save(
        db(), g.person.id, draft.subject, form=draft.form, answers=draft.answers, now=now(),
        comment=said.comment or draft.comment, revision=draft.revision,
    )  # fmt: skip
    flash(_("You have typed answers that were not sent yet. Check them, then send."), "warn")
    return url_for("form.edit", case_id=case_id, section=SEND)


def desk_of(page: CasePage) -> Desk:
    """The form of the task this person may fill in now. Raises NotFound when there is none."""
    asking = [view for view in page.actions if view.edits and view.form and _is_open(view)]
    if not asking:
        raise NotFound("Nothing of this case is for this person to fill in now.")
    form = page.definition.forms[str(asking[0].form)]
    editable = frozenset(name for view in asking if view.form == form.key for name in view.edits if name in form.fields)
    visible = frozenset(name for name in form.fields if page.fields.get(name, "read") != "hidden")
    back = page.changed_since_return
    who = _("Note by %(name)s, %(moment)s", name=back.by or "–", moment=short_moment(back.at)) if back else ""
    return Desk(
        drafts.of_case(page.case_id), page.definition, form, page.facts, editable, visible, "form.edit",
        {"case_id": page.case_id}, f"{title_words(page.title, page.type_title)} · {words(page.state_title)}",
        url_for("case.show", case_id=page.case_id), page.number, page.revision,
        (str(who), back.note if back else ""), page.case_id,
    ).load()  # fmt: skip


def _is_open(view: ActionView) -> bool:
    return view.refusal is None or view.refusal.code in ANSWERS_STAND_IN_THE_WAY


def acts_of(page: CasePage, desk: Desk) -> tuple[SendAct, ...]:
    """The acts of the task, the one that carries the case on first and alone in its tone."""
    views = [view for view in _asking(page, desk) if not roles_filled_by(page, view)]
    views.sort(key=lambda view: (view.tone == "danger", view.tone != "primary", "comment" in view.needs))
    acts = []
    for number, view in enumerate(views):
        tone = "danger" if view.tone == "danger" else ("primary" if number == 0 else "")
        title = words(view.title)
        asks = str(_("%(act)s? This cannot be undone.", act=title)) if tone == "danger" else ""
        value = f"{view.action}|{view.state}|{view.item or ''}"
        needs_answers = not may_be_incomplete(page, view.state, view.action)
        needs_code = "second_factor" in view.needs
        acts.append(SendAct(value, title, tone, "comment" in view.needs, needs_answers, asks, needs_code))
    return tuple(acts)


def _asking(page: CasePage, desk: Desk) -> list[ActionView]:
    """The actions that take these answers."""
    return [view for view in page.actions if view.form == desk.form.key and view.edits and _is_open(view)]


def may_be_incomplete(page: CasePage, state: str, action: str) -> bool:
    """Whether the act does not ask for answers; a parent's transition holds in its children."""
    key: str | None = state
    while key is not None:
        found = page.definition.states[key].transitions.get(action)
        if found is not None:
            return found.may_be_incomplete
        key = page.definition.states[key].parent
    return False


def _notices(page: CasePage, desk: Desk) -> tuple[str, ...]:
    found = []
    if desk.note[1]:
        found.append(f"{desk.note[0]}: {desk.note[1]}")
    drafted = desk.draft.revision if desk.draft is not None else None
    if drafted is not None and drafted < page.revision:
        found.append(str(_("The case has moved on since you began. Your answers are kept; check before you send.")))
    if any(roles_filled_by(page, view) for view in _asking(page, desk)):
        found.append(str(_("People are chosen on the page of the case. What you type here is kept and goes along.")))
    return tuple(found)


def _act(page: CasePage, desk: Desk, said: str) -> Any:
    action, _bar, rest = said.partition("|")
    state, _bar, item = rest.partition("|")
    wanted = next((v for v in page.actions if v.action == action and v.state == state and (v.item or "") == item), None)
    if wanted is None:
        raise InvalidInput("no such act")
    comment = note(request.form.get("comment", ""))
    is_whole = not may_be_incomplete(page, state, action)
    command = Command(
        action, g.person.id, state, item or None, comment, desk.answers if is_whole else {},
        revision=revision_seen(request.form.get("revision", "")),
    )  # fmt: skip
    if (too_long := refused_note(comment)) is not None:
        return _refused(page.case_id, too_long, comment)
    if is_whole and desk.read().invalid:
        return redirect(desk.href(SEND), 303)
    outcome = done_with_code(
        lambda is_proven: fire(db(), page.case_id, replace(command, has_second_factor=is_proven), now=now()),
        keeps=True,
    )
    if isinstance(outcome, Refusal):
        return _refused(page.case_id, outcome, comment)
    if is_out_of_sight(page.case_id):
        return led_away()
    flash(_("%(act)s: done.", act=words(wanted.title)), "good")
    return redirect(url_for("case.show", case_id=page.case_id), 303)


def _refused(case_id: int, refusal: Refusal, comment: str) -> Any:
    """The page again, with everything that was typed; the draft stays."""
    keep_on_refusal()
    page = read_case_page(case_id)
    try:
        desk = desk_of(page)
    except NotFound:
        flash(words(refusal.sentence), "bad")
        return redirect(url_for("case.show", case_id=case_id), 303)
    needs_note = refusal.code == "comment_required"
    faults = summary(refusal.faults, desk.form, desk.raw, language())
    anchor = "comment" if needs_note else place_of_code(refusal).lstrip("#") if refusal.code == REQUIRED else ""
    told = [(anchor, words(refusal.sentence)), *(("", said) for _anchor, said in faults)]
    shown = show(
        desk, acts_of(page, desk), notices=_notices(page, desk), refused=told, comment=comment,
        note_error=words(refusal.sentence) if needs_note else "",
        code_error=words(refusal.sentence) if refusal.code == REQUIRED else "",
    )  # fmt: skip
    return shown, 409 if refusal.code in STALE else 422
