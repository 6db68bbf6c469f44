"""A report that was sent, as its reporter sees it: status in words, messages, files, what can be done (screen 13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.changes import ActionView, Refusal
from engine.channel import drafting, talking
from engine.channel.drafting import CaseRef, Faults
from engine.channel.evidence import given_up_on_failure
from engine.channel.report_page import ReportPage, report_page
from engine.definitions.model import Field, Text
from engine.disclosure.receiving import Unfit
from engine.errors import KeyNeeded, NotFound
from web.disclosure import asking, codes, taking, telling
from web.disclosure.browser import CHANGED, Page, glance, is_cut, keep, page
from web.disclosure.ended import Ended
from web.disclosure.house import db, door, here, now
from web.disclosure.language import language
from web.disclosure.showing import Fault, show

bp = Blueprint("mine", __name__)

Answer = tuple[str, int] | AnyResponse
COMMENT, FINAL = "comment", "danger"
ASK = "ask"  # an act that ends everything is asked once more, on a page of its own


@dataclass(frozen=True, slots=True)
class Act:
    """One thing the reporter can do, with its form; ``is_open`` when it is the reporter's turn."""

    action: str
    title: Text
    fields: tuple[asking.Asked, ...]
    needs_comment: bool
    comment: str
    fault: str
    is_open: bool
    is_final: bool
    shows_fields: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What was sent with an act, to be shown again: it was refused, or needs one more row."""

    action: str
    typed: Mapping[str, Any]
    comment: str
    refusal: Refusal | None = None
    more: str = ""  # the field that gets one more row


def opened() -> tuple[Page, CaseRef]:
    """The report this browser has open. Raises Ended when there is none any more."""
    kept = page()
    if kept is None or kept.case is None:
        raise Ended
    return kept, kept.case


def _report(ref: CaseRef) -> ReportPage:
    try:
        return report_page(db(), ref, door(), now())
    except (NotFound, KeyNeeded):
        raise Ended from None


@bp.get("/mine")
def show_mine() -> Answer:
    """Screen 13; a new code that nobody has kept yet comes first."""
    kept, ref = opened()
    if kept.receipt is not None and kept.receipt_for == CHANGED:
        return redirect(url_for("sending.keep_code"), 303)
    notices = {"sent": _("Your message is sent."), "file": _("The file is sent."), "done": _("Done."),
               "gone": _("The message is deleted.")}  # fmt: skip
    return _page(ref, notice=notices.get(request.args.get("said", ""), ""))


def _page(
    ref: CaseRef,
    *,
    faults: Sequence[Fault] = (),
    status: int = 200,
    notice: str = "",
    typed: Mapping[str, str] | None = None,
    tried: Tried | None = None,
) -> Answer:
    report = _report(ref)
    acts = [_act(one, report, tried if tried and tried.action == one.action else None) for one in report.actions]
    return show(
        "mine.html", status=status, at="mine.show_mine", faults=faults, door=door(), report=report, notice=notice,
        typed=typed or {}, acts=acts, asks=any(one.is_open for one in acts), is_cut=is_cut() and not faults,
    )  # fmt: skip


def _act(view: ActionView, report: ReportPage, tried: Tried | None) -> Act:
    is_final = view.tone == FINAL
    fields = [] if is_final else _fields(report, view.edits)  # who takes a report back adds nothing to it
    refused = None if tried is None else tried.refusal
    faults = {} if refused is None else {fault.path: fault.message for fault in refused.faults}
    told = refused.sentence if refused is not None and not faults else None
    typed, more = (asking.as_typed(fields, report.current), "") if tried is None else (tried.typed, tried.more)
    within = f"{view.action}-"
    return Act(
        action=view.action,
        title=view.title,
        fields=asking.asked(
            fields, typed, faults=faults, choices=telling.choices(report.kind), more=more, within=within
        ),
        needs_comment=COMMENT in view.needs,
        comment="" if tried is None else tried.comment,
        fault="" if told is None else told.into(language()),
        is_open=view.task is not None and view.refusal is None and not is_final,
        is_final=is_final,
        shows_fields=bool(faults or more),
    )


def _sure(act: Act, *, faults: Sequence[Fault] = (), status: int = 200) -> Answer:
    """Short, with its own words: whether that is really wanted."""
    return show("sure.html", status=status, at="mine.show_mine", faults=faults, door=door(), act=act)


def _fields(report: ReportPage, keys: Sequence[str]) -> list[Field]:
    fields = door().of(report.kind).definition.fields
    return [fields[key] for key in keys if key in fields]


@bp.post("/mine/say")
def say() -> Answer:
    """A message to the office."""
    kept, ref = opened()
    text = request.form.get("text", "").replace("\r\n", "\n")
    faults = talking.say(db(), ref, door(), text, now(), typed_receipt=kept.receipt)
    if isinstance(faults, Faults):
        return _page(ref, faults=tuple(faults.by_field.items()), status=422, typed={"text": text})
    keep(kept)
    return _again("sent")


@bp.post("/mine/remove")
def remove() -> Answer:
    """A message disappears from this page."""
    kept, ref = opened()
    talking.take_back(db(), ref, request.form.get("message", ""))
    keep(kept)
    return _again("gone")


@bp.post("/mine/act")
def act() -> Answer:
    """An answer to a question, an appeal, a withdrawal: what the region's definition lets a reporter do."""
    kept, ref = opened()
    action, comment = request.form.get("action", ""), request.form.get("comment", "").replace("\r\n", "\n")
    report = _report(ref)
    view = next((one for one in report.actions if one.action == action), None)
    if view is None:
        raise NotFound("There is no such act.")
    typed, wanted = asking.posted(_fields(report, view.edits), request.form), request.form.get("do", "")
    if wanted == ASK and view.tone == FINAL:
        return _sure(_act(view, report, None))
    if wanted.startswith(asking.ADD):
        return _page(ref, tried=Tried(action, typed, comment, more=wanted.removeprefix(asking.ADD)))
    refused = talking.act(
        db(), ref, door(), action, now(), answers=typed or None, comment=comment, typed_receipt=kept.receipt
    )  # fmt: skip
    if refused is not None:
        tried = Tried(action, typed, comment, refused)
        place = f"comment-{action}" if not refused.faults else f"{action}-{refused.faults[0].path.split('.')[0]}"
        told = refused.faults[0].message if refused.faults else refused.sentence
        faults = ((place, told),)
        if view.tone == FINAL:
            return _sure(_act(view, report, tried), faults=faults, status=422)
        return _page(ref, faults=faults, status=422, tried=tried)
    keep(kept)
    return _again("done")


@bp.post("/mine/file")
def upload() -> Answer:
    """One more file."""
    given, seen = request.files.get("file"), glance()
    if seen is None or seen.case is None:
        raise Ended
    if given is None or not given.filename:
        return _about_file(_("Choose a file first."), 422)
    received = taking.taken(given)  # slow: before the transaction
    if isinstance(received, Unfit):
        return _about_file(received.reason, received.status)
    with given_up_on_failure(received, here().vault):
        kept, ref = opened()
        taken = talking.add_file(db(), ref, door(), received, here().vault, now())
    if isinstance(taken, Unfit):
        return _about_file(taken.reason, taken.status)
    kept.is_cut = False
    keep(kept)
    return _again("file")


def too_large(told: str) -> Answer:
    """The page again, for a file that was too large to be read at all."""
    return _about_file(told, 413)


def _about_file(told: Text | str, status: int) -> Answer:
    _kept, ref = opened()
    return _page(ref, faults=(("file", told),), status=status)


@bp.post("/mine/fetch")
def fetch() -> Answer:
    """A file to keep. Asked by a form, so that its id is in no history; named as its sender saw it."""
    _kept, ref = opened()
    view, pieces = talking.file_pieces(db(), ref, request.form.get("file", ""), here().vault)
    answer = Response(pieces, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=view.name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return answer


@bp.post("/mine/another")
def another() -> Answer:
    """A report on top of this one: an addition, a request for protection, a report of retaliation."""
    kept, ref = opened()
    if kept.receipt is not None:
        return redirect(url_for("sending.keep_code"), 303)  # another report would take its place
    kind = request.form.get("kind", "")
    if kind not in [one.kind for one in _report(ref).linked]:
        raise NotFound("There is no such report to be made.")
    codes.count_draft()
    kept.draft, kept.is_sent = drafting.new_draft(db(), door(), now(), kind=kind, about=ref), False
    keep(kept)
    return redirect(url_for("writing.way"), 303)


@bp.post("/mine/code")
def new_code() -> Answer:
    """A new code; the old one opens nothing any more."""
    seen = glance()
    if seen is None or seen.case is None:
        raise Ended
    fresh = codes.fresh()  # slow: before the transaction begins
    kept, ref = opened()
    kept.case = talking.new_receipt(db(), ref, door(), fresh, now())
    kept.receipt, kept.receipt_for = fresh.receipt, CHANGED
    keep(kept)
    return redirect(url_for("sending.keep_code"), 303)


def _again(said: str) -> AnyResponse:
    return redirect(url_for("mine.show_mine", said=said), 303)
