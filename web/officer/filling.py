"""What happens at a desk: a section is drawn, a button of the form is carried out, nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, g, jsonify, redirect, render_template, request
from flask_babel import gettext as _

from engine.errors import InvalidInput
from engine.field_types.table import TOO_MANY_WITHIN
from web.answering import Reading
from web.form_sections import SEND, NavItem, place_words, summary
from web.forms import identity
from web.language import language, words
from web.officer.companions import fill_companions
from web.officer.desk import REMOVED, TITLE, Desk
from web.officer.document import Part, document
from web.officer.filed import take_files, take_out
from web.officer.own_pages import in_own_words, page_of_section
from web.officer.shown import Reading as DocumentReading
from web.posted import Operation, find_row, find_table, has_room, keep_files, operate, read_posted
from web.transaction import db


@dataclass(frozen=True, slots=True)
class SendAct:
    """A button of the last page."""

    value: str
    words: str
    tone: str
    needs_note: bool = False
    needs_answers: bool = True
    asks: str = ""
    needs_code: bool = False


@dataclass(frozen=True, slots=True)
class ReviewPart:
    part: Part
    href: str


@dataclass(slots=True)
class FormView:
    """Everything the page of a form shows."""

    title: str
    subject: str
    back_href: str
    back_words: str
    action: str
    section: str
    revision: str
    nav: tuple[NavItem, ...]
    saved: str
    faults: list[tuple[str, str]]
    notices: tuple[str, ...]
    removed: str
    next_words: str = ""
    groups: Any = ()
    review: bool = False
    parts: tuple[ReviewPart, ...] = ()
    acts: tuple[SendAct, ...] = ()
    missing: int = 0
    comment: str = ""
    note_hint: str = ""
    note_error: str = ""
    code_hint: str = ""
    code_error: str = ""
    takes_title: bool = False
    has_tables: bool = False
    has_draft: bool = False
    case_title: str = ""


def show(
    desk: Desk,
    acts: Sequence[SendAct],
    *,
    notices: tuple[str, ...] = (),
    refused: Sequence[tuple[str, str]] = (),
    note_error: str = "",
    code_error: str = "",
    comment: str | None = None,
) -> str:
    """The page of the section the address names. ``refused`` are (anchor, words) of an act that was not possible."""
    reading = desk.read()
    section = desk.chosen(reading)
    checks = "check" in request.args or section is None
    current = SEND if section is None else section.key
    view = FormView(
        title=str(_("Check and send")) if section is None else words(section.title),
        subject=desk.subject, back_href=desk.back_href, back_words=desk.back_words,
        action=desk.href(current, **({"check": 1} if checks and section is not None else {})),
        section=current, revision="" if desk.revision is None else str(desk.revision),
        nav=desk.navigation(reading, current, checks), saved=desk.saved_words,
        faults=[*refused, *_faults(desk, reading, section, checks)], notices=notices, removed=desk.removed_words,
    )  # fmt: skip
    if section is None:
        _review(view, desk, reading, acts, note_error, comment)
        requiring = ", ".join(act.words for act in acts if act.needs_code)
        view.code_hint = str(_("Required for: %(acts)s.", acts=requiring)) if requiring else ""
        view.code_error = code_error
    else:
        keys = [one.key for one in desk.sections(reading)]
        is_last = keys.index(section.key) == len(keys) - 1
        view.next_words = str(_("Save and check") if is_last else _("Save and continue"))
        view.groups = desk.groups(section, reading, checks)
        view.has_tables = any(group.table is not None for group in view.groups)
    return render_template("officer/form.html", view=view, has_errors=bool(view.faults) and (checks or bool(refused)))


def _faults(desk: Desk, reading: Reading, section: Any, checks: bool) -> list[tuple[str, str]]:
    if not checks:
        return []
    if section is None:
        return summary(reading.faults, desk.form, desk.raw, language(), lambda path, _a: _fault_href(desk, path))
    keys = {placement.field for placement in section.placements}
    here = [fault for fault in reading.faults if fault.path.partition(".")[0] in keys]
    return summary(here, desk.form, desk.raw, language())


def _fault_href(desk: Desk, path: str) -> str:
    field = path.partition(".")[0]
    for section in desk.form.sections:
        if any(placement.field == field for placement in section.placements):
            return f"{desk.href(section.key, check=1)}#{identity(path)}"
    return ""


def _review(
    view: FormView, desk: Desk, reading: Reading, acts: Sequence[SendAct], note_error: str, comment: str | None
) -> None:
    look = DocumentReading(desk.form, language(), desk.facts.directory, desk.visible & reading.asked)
    sections = {f"part-{section.key.replace('_', '-')}": section for section in desk.sections(reading)}
    parts = []
    for part in document(desk.form, in_own_words(desk.facts.case_type, reading.values), look):
        section = sections.get(part.id)
        parts.append(ReviewPart(part, desk.href(section.key) if section is not None else ""))
    view.review, view.parts, view.acts = True, tuple(parts), tuple(acts)
    view.missing = len(reading.faults)
    view.comment = comment if comment is not None else (desk.draft.comment if desk.draft else "")
    needing = ", ".join(act.words for act in acts if act.needs_note)
    view.note_hint = str(_("Required for: %(acts)s. Everybody who sees this case can read it.", acts=needing))
    view.note_error = note_error
    view.takes_title = desk.revision is None
    view.has_draft = desk.draft is not None and desk.revision is not None
    view.case_title = str(desk.raw.get(TITLE) or "")


# -- buttons of the form -------------------------------------------------------------------------------------------


def receive(desk: Desk) -> None:
    """Put what was posted on the desk and keep it as a draft."""
    section = desk.chosen(desk.read())
    raw = dict(desk.raw)
    if section is not None:
        asked = {p.field: desk.form.fields[p.field] for p in section.placements if p.field in desk.editable}
        posted = read_posted(request.form.items(multi=True), asked)
        # A table posts its rows, or the sign that it has none; questions that were not on the page keep their answer.
        keep_files(asked, desk.raw, posted)
        raw.update(posted)
        take_files(desk, asked, raw)
        editable = {key: desk.form.fields[key] for key in desk.form.fields if key in desk.editable}
        fill_companions(db(), g.person.region_id, editable, desk.raw, raw)
    if TITLE in request.form:
        raw[TITLE] = request.form[TITLE][:300]
    desk.keep(raw, request.form.get("comment"))


def carry_out(desk: Desk) -> Response:
    """Do what a button of the form says (``op``) and lead on; the draft is kept already."""
    text = request.form.get("op", "save:")
    if text == "keep:":
        return _kept(desk)
    operation = Operation.read(text)
    if operation is None:
        raise InvalidInput("no such button")
    checks = {"check": 1} if "check" in request.args else {}
    reading = desk.read()
    section = desk.chosen(reading)
    here = SEND if section is None else section.key
    if operation.verb == "reset":
        desk.forget()
        return _away(desk.href(here))
    if operation.verb == "next" and section is not None:
        return _lead_on(desk, reading, section.key)
    at = _change_rows(desk, operation) if operation.verb not in ("save", "next", "refresh", "reset") else None
    return _away(desk.href(here, at=identity(at) if at else None, **checks))


def _lead_on(desk: Desk, reading: Reading, section: str) -> Response:
    keys = [one.key for one in desk.sections(reading)]
    asked = {p.field for one in desk.form.sections if one.key == section for p in one.placements}
    if any(fault.path.partition(".")[0] in asked for fault in reading.faults):
        return _away(desk.href(section, check=1))
    after = keys.index(section) + 1
    if after < len(keys) and desk.case_id is not None:
        elsewhere = page_of_section(desk.facts.case_type, desk.case_id, keys[after])
        if elsewhere is not None:
            return _away(elsewhere)
    return _away(desk.href(keys[after] if after < len(keys) else SEND))


def _change_rows(desk: Desk, operation: Operation) -> str | None:
    raw = dict(desk.raw)
    fields = {key: desk.form.fields[key] for key in desk.editable}
    removed = raw.pop(REMOVED, None)
    if operation.verb == "unfile":
        at = take_out(raw, operation.path, operation.column or "")
    elif operation.verb == "undo":
        at = _bring_back(raw, fields, removed)
    else:
        if operation.verb == "remove":
            place = find_row(operation.path, fields, raw)
            if place is not None:
                label = place_words(operation.path, desk.form, raw, language())
                raw[REMOVED] = {"path": operation.path, "row": place[0][place[1]], "label": label}
        if operation.verb in ("add", "paste") and not has_room(operation.path, fields, raw):
            flash(words(TOO_MANY_WITHIN), "warn")
        pasted = request.form.get("pasted") or request.form.get(f"paste:{operation.path}", "")
        at = operate(operation, fields, raw, pasted)
        if operation.verb == "paste" and at is not None:
            _settle(desk, fields, raw, at)
    desk.keep(raw)
    return at


def _settle(desk: Desk, fields: Any, raw: dict[str, Any], at: str) -> None:
    """Turn pasted words into what the boxes hold, cell by cell; what cannot be read stays as it was pasted."""
    found = find_table(at.rpartition(".")[0] if at.rpartition(".")[2].isdecimal() else at, fields, raw)
    if found is None:
        return
    table, rows, _around = found
    # Units first: the boxes of measures depend on them.
    columns = sorted((c for c in table.columns.values() if c.type != "table"), key=lambda c: c.type == "measure")
    for row in rows:
        for column in columns:
            if isinstance(row.get(column.key), str) and row[column.key]:
                row[column.key] = desk.boxes.settled(column, row[column.key], row)


def _bring_back(raw: dict[str, Any], fields: Any, removed: Any) -> str | None:
    if not isinstance(removed, dict):
        return None
    table, _dot, number = str(removed["path"]).rpartition(".")
    found = find_table(table, fields, raw)
    if found is None:
        return None
    found[1].insert(int(number), removed["row"])
    return str(removed["path"])


def _kept(desk: Desk) -> Response:
    reading = desk.read()
    section = desk.chosen(reading)
    placed = section.placements if section is not None else ()
    conditional = [p.field for p in placed if p.visible_when is not None and p.field in desk.editable]
    totals = {
        key: desk.boxes.said(asked, reading.values.get(key)) or "–"
        for key, asked in desk.form.fields.items()
        if asked.computed is not None and key in desk.visible
    }
    current = SEND if section is None else section.key
    nav = desk.navigation(reading, current, "check" in request.args)
    return jsonify(
        saved=desk.saved_words,
        totals=totals,
        out={key: key not in reading.asked for key in conditional},
        nav=[{"key": item.key, "words": item.words} for item in nav],
    )


def _away(href: str) -> Response:
    return redirect(href, 303)  # type: ignore[return-value]
