"""The worksheet of an evaluation: the task of `lke_evaluation` in clothes of its own, sent as the ordinary command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.cases.fire import fire
from engine.changes import ActionView, FieldFault, Refusal
from engine.errors import InvalidInput
from engine.facts import Command
from sakip.unsettled import unsettled
from sakip.values import as_text
from sakip.worksheet_items import FILTERS, Item, Worksheet
from web.language import words
from web.officer.decision import note, revision_seen
from web.officer.form import STALE, acts_of, led_away
from web.officer.listing import Address
from web.officer.proof import done_with_code
from web.officer.reading import is_out_of_sight, read_case_page
from web.performance import worksheet_view as said
from web.performance.asked import NotMeant
from web.performance.evaluation_words import number, piece_words
from web.performance.evidence_choice import add_address, added_piece
from web.performance.worksheet_posted import press, take, use_added
from web.performance.worksheet_work import RECOMMENDATIONS, Work, work_on
from web.protection import signed_in
from web.transaction import db, keep_on_refusal, now

bp = Blueprint("worksheet", __name__)

PRESSES = frozenset({"same", "same_part", "use_all", "suggest", "accept_part"})
WRITTEN = ("note", "recommend")  # the fields of a row that hold words


@bp.get("/performance/worksheets/<int:case_id>")
@signed_in
def show(case_id: int) -> str:
    """One component of the worksheet, or the rows a filter leaves."""
    work = work_on(read_case_page(case_id))
    if (piece := added_piece()) is not None:
        use_added(work, request.args.get("at", ""), piece)
    return _render(work)


@bp.post("/performance/worksheets/<int:case_id>")
@signed_in
def send(case_id: int) -> Any:
    """Keep what was typed, then do what the button says."""
    page = read_case_page(case_id)
    work = work_on(page)
    if work.desk is None:
        return _not_theirs(work)
    take(work, work.view(), request.form)
    work.keep()
    if "act" in request.form:
        return _act(work, request.form["act"])
    verb, _colon, at = request.form.get("op", "save:").partition(":")
    if verb == "save":
        return _away(_address().href())
    if verb == "add":
        return _away(_new_piece(work, at))
    if verb == "next":
        return _away(_address().href(component=_after(work.view()), only=None))
    if verb not in PRESSES:
        raise InvalidInput("no such button")
    path = press(work, work.view(), verb, at)
    if path is None:
        raise NotMeant("no_such_criterion")
    work.keep()
    return _away(_address().href() + (f"#{said.anchor(path)}" if path else ""))


def _new_piece(work: Work, at: str) -> str:
    """The form for the piece that is missing at a row; it leads back there. Raises NotMeant for none that is asked."""
    path, _colon, piece = at.partition(":")
    item = next((one for one in work.view().items if one.path == path and work.is_mine(one.component)), None)
    asked = next((one for one in item.asked if one.piece == piece), None) if item is not None else None
    if item is None or asked is None:
        raise NotMeant("no_such_criterion")
    back = Address(request.path, {**_address().values, "at": path}).href() + f"#{said.anchor(path)}"
    return add_address(work.sheet.subject_key, asked.year, back, asked.kind)


def _away(href: str) -> Any:
    return redirect(href, 303)


def _address() -> Address:
    wanted = ("component", "only", "tier")
    return Address(request.path, {name: request.args.get(name, "")[:120] for name in wanted})


def _component(view: Worksheet) -> str:
    """The component the address names; the first without one. Raises NotMeant for one that is not asked."""
    known = list(dict.fromkeys(panel.component.key for panel in view.panels))
    wanted = request.args.get("component") or (known[0] if known else "")
    if known and wanted not in known:
        raise NotMeant("no_such_component")
    return wanted


def _only() -> str:
    only = request.args.get("only", "")
    if only and only not in FILTERS:
        raise NotMeant("no_such_filter")
    return only


def _after(view: Worksheet) -> str:
    known = list(dict.fromkeys(panel.component.key for panel in view.panels))
    return known[(known.index(_component(view)) + 1) % len(known)] if known else ""


# -- acts ----------------------------------------------------------------------------------------------------------


def _act(work: Work, text: str) -> Any:
    assert work.desk is not None
    action, _bar, rest = text.partition("|")
    state, _bar, item = rest.partition("|")
    wanted = _view_of(work, action, state)
    if wanted is None:
        raise InvalidInput("no such act")
    command = Command(
        action, g.person.id, state, item or None, note(request.form.get("comment", "")), work.desk.answers,
        revision=revision_seen(request.form.get("revision", "")),
    )  # fmt: skip
    outcome = done_with_code(
        lambda is_proven: fire(db(), work.page.case_id, replace(command, has_second_factor=is_proven), now=now()),
        keeps=True,
    )
    if isinstance(outcome, Refusal):
        keep_on_refusal()
        again = work_on(read_case_page(work.page.case_id))
        return _render(again, outcome), 409 if outcome.code in STALE else 422
    if is_out_of_sight(work.page.case_id):
        return led_away()
    flash(_("%(act)s: done.", act=words(wanted.title)), "good")
    if wanted.is_internal:
        return _away(_address().href())
    return _away(url_for("case.show", case_id=work.page.case_id))


def _view_of(work: Work, action: str, state: str) -> ActionView | None:
    return next((one for one in work.page.actions if one.action == action and one.state == state), None)


def _not_theirs(work: Work) -> Any:
    """Nobody scores what is not theirs to score: the engine is asked, and says why."""
    action, _bar, rest = request.form.get("act", "").partition("|")
    state = rest.partition("|")[0]
    views = [one for one in work.page.actions if work.tier.key in one.edits or one.refusal is not None]
    wanted = _view_of(work, action, state) or next(iter(views), None)
    if wanted is None:
        return _render(work, written=_written(work)), 409
    seen = revision_seen(request.form.get("revision", ""))
    outcome = fire(db(), work.page.case_id, Command(wanted.action, g.person.id, wanted.state, revision=seen),
                   now=now()) if wanted.refusal is None else wanted.refusal  # fmt: skip
    db().rollback()
    refusal = outcome if isinstance(outcome, Refusal) else None
    return _render(work_on(read_case_page(work.page.case_id)), refusal, _written(work)), 422


def _written(work: Work) -> list[tuple[str, str]]:
    """The words that were sent with what is not kept, each with the row it stood at, to be copied."""
    found = []
    for name, text in request.form.items(multi=True):
        field, _colon, path = name.partition(":")
        question = work.sheet.questions.get(path)
        if field in WRITTEN and text.strip():
            found.append((words(question.title) if question is not None else "", text))
    return found


# -- the page ------------------------------------------------------------------------------------------------------


def _render(work: Work, refusal: Refusal | None = None, written: Sequence[tuple[str, str]] = ()) -> str:
    view, address, only = work.view(), _address(), _only()
    component = _component(view)
    panels = [
        (panel, items) for panel in view.panels
        if (items := [one for one in panel.items if (only in one.marks if only else one.component == component)])
    ]  # fmt: skip
    acts = [one for one in acts_of(work.page, work.desk) if not one.needs_note] if work.desk is not None else []
    internal = {(one.action, one.state) for one in work.page.actions if one.is_internal}
    keeping = [one for one in acts if tuple(one.value.split("|")[:2]) in internal]
    faults, at_row = _faults(work, refusal, address)
    return render_template(
        "performance/worksheet.html", work=work, view=view, said=said, panels=panels, address=address,
        component=component, only=only, tabs=said.tabs(view, address, "" if only else component),
        parts=said.parts(panels), differing=[] if only else said.differing(view, address),
        filters=said.filters(view, address, only), tiers=said.tier_tabs(work, request.path), due=said.window(work),
        extended=said.more_time(work),
        score=said.score_words(view), openings=list(said.open_rows(view, work.is_mine, address)), keeping=keeping,
        acts=[one for one in acts if one not in keeping], refused=_refusals(work), faults=faults, at_row=at_row,
        recommended=said.recommended(work), written=written, refusal=refusal,
        takes_recommendations=_takes_recommendations(work),
        piece_words=lambda piece: piece_words(work.sheet.evaluation, piece), number=number, has_errors=bool(faults),
        used_at=_used_at(view, (item for _panel, items in panels for item in items)), titles=_piece_titles(view),
        weight=lambda sub: as_text(sub.weight),
        may_add=work.desk is not None, doubts=unsettled(work.sheet.evaluation.head),
        has_registered=any(asked.registered for item in view.items for asked in item.asked),
    )  # fmt: skip


def _takes_recommendations(work: Work) -> bool:
    return work.desk is not None and RECOMMENDATIONS in work.desk.editable


def _used_at(view: Worksheet, shown: Iterable[Item]) -> dict[int, list[tuple[str, str]]]:
    """Where each registered piece that fits the rows shown is used in this worksheet: titles with the address of the
    row."""
    fitting = {one.number for item in shown for asked in item.asked for one in asked.registered}
    address, found = _address(), {}  # type: ignore[var-annotated]
    for item in view.items:
        for number_ in (one for one in item.row["evidence"] if one in fitting):
            href = f"{address.href(component=item.component, only=None)}#{said.anchor(item.path)}"
            found.setdefault(number_, []).append((words(item.title), href))
    return found


def _piece_titles(view: Worksheet) -> dict[int, str]:
    return {one.number: one.title for item in view.items for asked in item.asked for one in asked.registered}


def _refusals(work: Work) -> list[ActionView]:
    """The acts on this tier that are not possible now, with their reasons; of others' tasks only for who has none."""
    possible = {one.value.split("|")[0] for one in acts_of(work.page, work.desk)} if work.desk is not None else set()
    return [
        one for one in work.page.actions
        if one.refusal is not None and not one.is_internal and work.tier.key in one.edits
        and one.action not in possible and (work.desk is None or one.refusal.code != "not_candidate")
    ]  # fmt: skip


def _faults(
    work: Work, refusal: Refusal | None, address: Address
) -> tuple[list[tuple[str, str]], dict[str, list[str]]]:  # fmt: skip
    """The refusal for the top of the page, each row's fault with a link, and the same by row."""
    if refusal is None:
        return [], {}
    at_row: dict[str, list[str]] = {}
    told = [("", words(refusal.sentence))]
    for fault in refusal.faults:
        path = _path_of(list(work.rows), work.tier.key, fault)
        if path is None:
            told.append(("", words(fault.message)))
            continue
        at_row.setdefault(path, []).append(words(fault.message))
        question = work.sheet.questions.get(path)
        title = words(question.title) if question is not None else path
        href = f"{address.href(component=path.partition('.')[0], only=None)}#{said.anchor(path)}"
        told.append((href, f"{title}: {words(fault.message)}"))
    return told, at_row


def _path_of(paths: Sequence[str], tier: str, fault: FieldFault) -> str | None:
    field, _dot, rest = fault.path.partition(".")
    place = rest.partition(".")[0]
    return paths[int(place)] if field == tier and place.isdecimal() and int(place) < len(paths) else None
