"""A new case: choose its type, fill in its form with a draft that keeps, open it, and send it on in the same breath."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.cases import drafts
from engine.cases.fire import fire
from engine.cases.open import Opened, open_case, rows_proposed
from engine.cases.sealed import openable, require_kept
from engine.cases.stored import definition_of
from engine.cases.whose import unit_of_new
from engine.changes import Refusal
from engine.definitions.model import Definition, State
from engine.errors import NotFound
from engine.facts import CaseFacts, CaseState, Command
from engine.organisation.directory import snapshot
from engine.publishing import library
from web.form_sections import SEND, summary
from web.language import language, short_moment, words
from web.officer import intake
from web.officer.desk import REMOVED, TITLE, Desk
from web.officer.filling import SendAct, carry_out, receive, show
from web.posted import new_row
from web.protection import signed_in
from web.transaction import db, keep_on_refusal, now

bp = Blueprint("new_case", __name__)

OPEN_ONLY = "open"


@bp.get("/cases/new")
@signed_in
def choose() -> str:
    """Which kinds of case there are, and which of them were begun."""
    begun = {draft.subject: draft for draft in drafts.of_person(db(), g.person.id)}
    kinds = []
    for version in openable(db(), g.person.region_id, now()).values():
        draft = begun.get(drafts.of_new(version.case_type))
        kinds.append({
            "title": version.title.get(language()) or version.title.get("id", version.case_type),
            "version": version.version,
            "href": url_for("new_case.fill_in", case_type=version.case_type),
            "begun": short_moment(draft.updated_at) if draft is not None else "",
            "case_type": version.case_type,
        })  # fmt: skip
    kinds.sort(key=lambda kind: kind["title"].casefold())
    return render_template("officer/new_case.html", kinds=kinds, receives_reports=intake.may_use())


@bp.get("/cases/new/<case_type>")
@signed_in
def fill_in(case_type: str) -> Any:
    """One section of the form a new case begins with, or the page that checks and opens it."""
    desk = _desk(case_type)
    return show(desk, _acts(desk))


@bp.post("/cases/new/<case_type>")
@signed_in
def send(case_type: str) -> Any:
    """Keep what was typed, then do what the button says."""
    desk = _desk(case_type)
    receive(desk)
    if "act" in request.form:
        return _open(desk, request.form["act"])
    return carry_out(desk)


@bp.post("/cases/new/<case_type>/discard")
@signed_in
def discard(case_type: str) -> Any:
    """Throw away what was begun."""
    drafts.discard(db(), g.person.id, drafts.of_new(case_type))
    flash(_("The draft was discarded."), "good")
    return redirect(url_for("new_case.choose"), 303)


def first_state(definition: Definition) -> State:
    """The innermost state a new case rests in."""
    state = definition.states[definition.initial]
    while state.initial is not None:
        state = definition.states[state.initial]
    return state


def _desk(case_type: str) -> Desk:
    directory = snapshot(db(), g.person.region_id, now())
    definition = definition_of(db(), library.newest(db(), g.person.region_id, case_type, directory.day(now())))
    require_kept(definition)
    state = first_state(definition)
    task = state.task
    if task is None or task.form is None:
        raise NotFound("This kind of case does not begin with a form.")
    form = definition.forms[task.form]
    names = [name for name in form.fields if task.fields.get(name, "read") != "hidden"]
    active = dict.fromkeys(_line(definition, state.key), 1)
    facts = CaseFacts(
        case_type=case_type, number=None, title="", region=directory.region_key,
        unit=unit_of_new(db(), g.person.region_id, definition, directory.person(g.person.id).unit),
        initiator=g.person.id, opened_at=now(), revision=0,
        state=CaseState(active=active, visited=frozenset(active)), answers={}, now=now(), directory=directory,
        holidays=directory.holidays, store=(db(), g.person.region_id),
    )  # fmt: skip
    desk = Desk(
        drafts.of_new(case_type), definition, form, facts,
        frozenset(name for name in names if task.fields.get(name) == "edit"), frozenset(names),
        "new_case.fill_in", {"case_type": case_type}, str(_("New case: %(type)s", type=words(definition.title))),
        url_for("new_case.choose"), str(_("New case")),
    ).load()  # fmt: skip
    _propose(desk)
    return desk


def _propose(desk: Desk) -> None:
    """Rows a source would propose when the case is opened stand in their section already, and on the last page. A table
    in which nothing was typed is left without its empty row, which would be asked for and keep the proposal away."""
    wanted = [key for key in desk.form.fields if key in desk.editable and _is_bare(desk, key)]
    if not wanted or REMOVED in desk.raw:
        return
    bare = {key: desk.raw[key] for key in wanted}
    desk.raw.update({key: [] for key in wanted})
    reading = desk.read()
    section = desk.chosen(reading)
    here = {placement.field for placement in section.placements} if section is not None else set(wanted)
    if here.isdisjoint(wanted):
        return
    found = rows_proposed(db(), g.person.region_id, desk.definition, desk.facts, reading.values)
    for key in here.intersection(wanted):
        desk.raw[key] = (
            desk.boxes.typed(desk.form.fields[key], found[key]) if found.get(key) else bare[key] or desk.start(key)
        )


def _is_bare(desk: Desk, key: str) -> bool:
    asked = desk.form.fields[key]
    return "rows_from" in asked.options and desk.raw[key] in (None, [], "", [new_row(asked, [], None)])


def _line(definition: Definition, key: str) -> list[str]:
    line = [key]
    while (parent := definition.states[line[-1]].parent) is not None:
        line.append(parent)
    return line


def _acts(desk: Desk) -> tuple[SendAct, ...]:
    """Open it and send it on, or open it only."""
    onward = _onward(desk.definition)
    acts = [SendAct(action, words(title), "primary") for action, title in onward]
    acts.append(SendAct(OPEN_ONLY, str(_("Open without sending")), "" if onward else "primary", needs_answers=False))
    return tuple(acts)


def _onward(definition: Definition) -> list[tuple[str, Any]]:
    """The acts of the first task that carry a case on: not those that end it or say why."""
    found = []
    key: str | None = first_state(definition).key
    while key is not None:
        state = definition.states[key]
        for action, transition in state.transitions.items():
            ends = transition.to is not None and definition.states[transition.to].kind == "final"
            if not (ends or transition.tone == "danger" or transition.requires or transition.is_internal):
                found.append((action, transition.title))
        key = state.parent
    found.sort(key=lambda pair: pair[0] != "submit")
    return found[:1]


def _open(desk: Desk, act: str) -> Any:
    reading = desk.read()
    sends_on = act in {action for action, _title in _onward(desk.definition)}
    if reading.invalid or (sends_on and reading.missing):
        return redirect(desk.href(SEND), 303)
    case_type = desk.definition.case_type
    opened = open_case(
        db(), region_id=g.person.region_id, case_type=case_type, person_id=g.person.id, answers=desk.answers,
        title=str(desk.raw.get(TITLE) or "") or None, now=now(),
    )  # fmt: skip
    if isinstance(opened, Refusal):
        return _refused(desk, opened)
    return _send_on(desk, opened, act) if sends_on else _done(opened, _("%(number)s was opened.", number=opened.number))


def _send_on(desk: Desk, opened: Opened, act: str) -> Any:
    """The first act of the case just opened; when it is not possible the case stays open, and says why."""
    command = Command(act, g.person.id, answers=desk.answers, revision=opened.revision)
    outcome = fire(db(), opened.case_id, command, now=now())
    if isinstance(outcome, Refusal):
        reason = words(outcome.sentence)
        flash(_("%(number)s was opened but not sent: %(reason)s", number=opened.number, reason=reason), "warn")
        return redirect(url_for("form.edit", case_id=opened.case_id, section=SEND), 303)
    return _done(opened, _("%(number)s was opened and sent.", number=opened.number))


def _done(opened: Opened, said: str) -> Any:
    flash(said, "good")
    return redirect(url_for("case.show", case_id=opened.case_id), 303)


def _refused(desk: Desk, refusal: Refusal) -> Any:
    keep_on_refusal()
    told = [("", words(refusal.sentence))]
    told += [("", said) for _anchor, said in summary(refusal.faults, desk.form, desk.raw, language())]
    return show(desk, _acts(desk), refused=told), 422
