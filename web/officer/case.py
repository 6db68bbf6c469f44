"""One case: the document to read, the decision to take, and the acts on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from engine.cases.answers import visible
from engine.cases.fire import fire
from engine.cases.follow import follow, unfollow
from engine.cases.pages import case_page
from engine.cases.step import Step
from engine.cases.views import CasePage
from engine.changes import Refusal
from engine.errors import InvalidInput
from web.installation import here
from web.language import language, moment, words
from web.officer.changes import changed_paths, differences
from web.officer.decision import command, decision, next_href
from web.officer.document import document
from web.officer.files import attachment_rows, keep_file
from web.officer.form import unsent_answers
from web.officer.printed import printables
from web.officer.road import KINDS, history, picture, steps
from web.officer.shown import Reading
from web.officer.working_days import working_day_test
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("case", __name__)

STALE = frozenset({"stale_revision", "claimed_by_other", "already_decided"})


@bp.get("/case/<int:case_id>")
@signed_in
def show(case_id: int) -> str:
    """The page of a case."""
    return _render(_read(case_id))


@bp.post("/case/<int:case_id>/act")
@signed_in
def act(case_id: int) -> Any:
    """Decide, take, give back or hand over. A refusal shows the page again with everything typed still in it."""
    said = command(request.form.get("act", ""), g.person.id, request.form.get("revision", ""),
                   request.form.get("comment", "").strip())  # fmt: skip
    if said is None:
        raise InvalidInput("no such act")
    waiting = unsent_answers(case_id, said)
    if waiting is not None:
        return redirect(waiting, 303)
    sent = request.files.get("attachment")
    fault = keep_file(case_id, sent) if sent else None
    outcome = Refusal("attachment_required", fault) if fault else fire(db(), case_id, _complete(said, sent), now=now())
    if isinstance(outcome, Refusal):
        db().rollback()
        page = _render(_read(case_id), outcome, request.form.get("comment", ""))
        return page, 409 if outcome.code in STALE else 422
    flash(_done(said.action, case_id), "good")
    return redirect(url_for("case.show", case_id=case_id), 303)


@bp.post("/case/<int:case_id>/follow")
@signed_in
def change_following(case_id: int) -> Response:
    """Put the case among those one follows, or take it out."""
    if request.form.get("follow") == "yes":
        follow(db(), case_id, g.person.id, now())
        flash(_("You follow this case now."), "good")
    else:
        unfollow(db(), case_id, g.person.id)
        flash(_("You no longer follow this case."), "good")
    return redirect(url_for("case.show", case_id=case_id), 303)  # type: ignore[return-value]


@bp.get("/case/<int:case_id>/mails")
@signed_in
def mails(case_id: int) -> str:
    """Every mail of the case: to whom, when, and why it was sent."""
    page = _read(case_id)
    return render_template("officer/mails.html", case=page, reasons=_reasons())


@bp.get("/case/<int:case_id>/diagram.svg")
@signed_in
def diagram(case_id: int) -> Response:
    """The picture alone, for looking at it large."""
    css = "".join(
        f'<?xml-stylesheet type="text/css" href="{escape(url_for("static", filename=f"css/{name}.css"))}"?>'
        for name in ("tokens", "theme")
    )
    return Response(f'<?xml version="1.0"?>{css}{picture(_read(case_id)).svg}', mimetype="image/svg+xml")


def _read(case_id: int) -> CasePage:
    return case_page(db(), g.person.id, case_id, now())


def _complete(said: Any, sent: Any) -> Any:
    """The command with what came beside the buttons: whom a task goes to, people for case roles, a file."""
    values: dict[str, Any] = {"new_attachments": 1 if sent else 0}
    if request.form.get("to", "").isdecimal():
        values["to"] = int(request.form["to"])
    people = {name.removeprefix("assign."): ids for name, ids in request.form.lists() if name.startswith("assign.")}
    if people:
        values["assign"] = {role: tuple(int(i) for i in ids if i.isdecimal()) for role, ids in people.items()}
    return type(said)(**{**{name: getattr(said, name) for name in said.__dataclass_fields__}, **values})


def _done(action: str, case_id: int) -> str:
    told = {"claim": _("You hold this task now."), "release": _("You have given the task back."),
            "assign": _("The task has been handed over."),
            "delegate": _("Somebody stands in for you now."), "recall": _("You have taken it back.")}  # fmt: skip
    if action in told:
        return str(told[action])
    page = _read(case_id)
    title = next((words(line.action_title) for line in page.history if line.action == action), action)
    return str(_("%(act)s: done. The case now stands at %(state)s.", act=title, state=words(page.state_title)))


def _render(page: CasePage, refusal: Refusal | None = None, comment: str = "") -> str:
    is_working_day = working_day_test()
    back = page.changed_since_return
    changes = differences(page, back) if back is not None and page.closed_at is None else ()
    reading = Reading(page.form, language(), page.facts.directory, _visible(page), changed_paths(changes))
    parts = document(page.form, page.answers, reading) if page.form is not None else ()
    kind = request.args.get("history", "all")
    return render_template(
        "officer/case.html",
        case=page, parts=parts, back=back, changes=changes, decision=decision(page, is_working_day), steps=steps(page),
        picture=picture(page), days=history(page, kind if kind in KINDS else "all"), kinds=_kinds(page, kind),
        files=attachment_rows(page), printables=printables(page), comment=comment, refusal=refusal,
        faults=_faults(page, refusal),
        has_errors=refusal is not None, printed=_printed(page), upload_limit=here().settings.max_upload_megabytes,
        state_sign="check" if page.closed_at else ("pause" if page.is_suspended else "eye"),
    )  # fmt: skip


def _visible(page: CasePage) -> frozenset[str]:
    """The fields the reader may see: asked for as the answers stand, and not hidden from them."""
    if page.form is None:
        return frozenset()
    asked = visible(page.definition, page.form, page.answers, Step(page.definition, page.facts, page.reader).scope())
    return frozenset(name for name in asked if page.fields.get(name, "read") != "hidden")


def _faults(page: CasePage, refusal: Refusal | None) -> list[tuple[str, str]]:
    """The refusal for the summary on top: its sentence, then each answer in question, with links."""
    if refusal is None:
        return []
    href = next_href(page.case_id, refusal)
    found = [(href.removeprefix("#") if href.startswith("#") else "", words(refusal.sentence))]
    return found + [("", words(fault.message)) for fault in refusal.faults]


def _kinds(page: CasePage, kind: str) -> tuple[tuple[str, str, bool], ...]:
    titles = {"all": _("All"), "decisions": _("Decisions"), "answers": _("Answers"), "mails": _("Mails")}
    chosen = kind if kind in KINDS else "all"
    link = url_for("case.show", case_id=page.case_id)
    return tuple((f"{link}?history={key}#history", str(title), key == chosen) for key, title in titles.items())


def _printed(page: CasePage) -> Markup:
    return Markup("%s · %s · %s · %s") % (
        page.region_name,
        page.number,
        _("revision %(number)s", number=page.revision),
        _("printed %(moment)s by %(name)s", moment=moment(page.now), name=g.person.name),
    )


def _reasons() -> dict[str, str]:
    return {
        "assigned": _("A task was offered to you or your position."),
        "reminder": _("A task you may work on is about to fall due."),
        "escalated": _("A task was not done in time and came to you."),
        "returned": _("A case of yours was sent back."),
        "outcome": _("A case of yours was decided."),
        "incident": _("Something needs a supervisor."),
        "followed": _("You follow this case."),
    }
