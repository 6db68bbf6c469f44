"""Bringing a file in: choose it, look at what would change and what is wrong, then bring all of it in or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for

from engine.definitions.model import Text
from engine.errors import NotFound
from sakip.exchange.agreements import AGREEMENT
from sakip.exchange.allowed import Allowed, allowed
from sakip.exchange.bringing import KINDS
from sakip.exchange.cells import readable
from sakip.exchange.kept import MOST_BYTES, SEEN, WAITING, drop, import_of, import_shown, imports_of, look_at, take
from sakip.exchange.models import ImportRow
from sakip.exchange.templates import head_of
from sakip.exchange.work import COMMA, POINT, Wish
from web.language import words
from web.performance.asked import NotMeant
from web.performance.cells import number
from web.performance.importing_view import KIND_WORDS, Listed, counted, listed, preview
from web.performance.sheets import as_workbook
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("importing", __name__, url_prefix="/performance/import")

FIRST_YEAR, LAST_YEAR = 2000, 2099
FOUR_DIGITS = re.compile("[0-9]{4}")
LONGEST_NAME, LONGEST_WORDS = 200, 400
SECONDS_TO_ASK_AGAIN = "4"
ACTS = (WRITE, SKIP_BAD, DROP) = ("write", "skip_bad", "drop")
NO_FILE = Text("Pilih berkas yang akan dimasukkan.", "Choose the file to bring in.")
TOO_LARGE = Text(
    "Berkas lebih dari 5 MB. Bagi menjadi beberapa berkas.",
    "The file has more than 5 MB. Divide it into several files.",
)
NO_YEAR = Text("Tulis tahun dengan empat angka, seperti 2026.", "Write the year in four digits, like 2026.")
NO_DAY = Text("Tulis tanggal seperti 2026-01-31.", "Write the day like 2026-01-31.")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, as typed, with what is wrong by field."""

    values: Mapping[str, str]
    faults: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> str:
        return self.values.get(name, "")


@bp.get("")
@signed_in
def index() -> str:
    """The form, templates of every kind, and what the reader brought in last."""
    may = allowed(db(), g.person.id, now())
    return _form(may, Typed({"year": str(may.year), "decimal": COMMA}))


@bp.post("")
@signed_in
def look() -> Any:
    """Look at the file that was sent and keep it; with a fault of the form itself nothing is looked at."""
    may = allowed(db(), g.person.id, now())
    names = ("unit", "year", "kind", "decimal", "on", "reason", "legal_basis")
    typed = Typed({name: request.form.get(name, "").strip()[:LONGEST_WORDS] for name in names})
    sent = request.files.get("file")
    content = sent.stream.read(MOST_BYTES + 1) if sent is not None and sent.filename else b""
    if sent is None or not sent.filename:
        typed.faults["file"] = words(NO_FILE)
    elif len(content) > MOST_BYTES:
        typed.faults["file"] = words(TOO_LARGE)
    wish = _wish(may, typed)
    if typed.faults or sent is None:
        return _form(may, typed), 422
    name = readable(PurePosixPath((sent.filename or "").replace("\\", "/")).name)[:LONGEST_NAME] or "-"
    row = look_at(db(), g.person.id, wish, name, content, now())
    return redirect(url_for("importing.show", import_id=row.id), 303)


@bp.get("/<int:import_id>")
@signed_in
def show(import_id: int) -> Any:
    """What a file would change and what is wrong with it, or what came of it."""
    may, row = import_shown(db(), g.person.id, import_id, now())
    answer = Response(
        render_template(
            "performance/import_seen.html", row=row, seen=preview(row), is_open=row.state == SEEN,
            is_waiting=row.state == WAITING, typed=_typed_before(may, row), may=may, kinds=_kinds(may), number=number,
            counted=counted,
        )
    )  # fmt: skip
    if row.state == WAITING:
        answer.headers["Refresh"] = SECONDS_TO_ASK_AGAIN
    return answer


@bp.post("/<int:import_id>")
@signed_in
def decide(import_id: int) -> Any:
    """Bring the file in as it was looked at (``skip_bad``: without the rows that are wrong), or forget it. Raises
    NotMeant for no button of the page."""
    may = allowed(db(), g.person.id, now())
    row = import_of(db(), g.person.id, import_id, is_to_decide=True)
    if not may.includes(row.wish["kind"] or row.outcome["kind"], row.wish["unit_id"]):
        raise NotFound("There is no such import.")  # who changed office since
    act = request.form.get("act", "")
    if act not in ACTS:
        raise NotMeant("no_such_act")
    if act == DROP:
        drop(row, now())
        flash(words(Text("Berkas itu tidak dimasukkan.", "That file was not brought in.")), "good")
        return redirect(url_for("importing.index"), 303)
    if request.form.get("digest") != row.digest:
        raise NotFound("Another file was looked at.")
    take(db(), row, act == SKIP_BAD, now())
    return redirect(url_for("importing.show", import_id=row.id), 303)


@bp.get("/template/<kind>.xlsx")
@signed_in
def template(kind: str) -> Response:
    """An empty workbook with the headings of a kind."""
    may = allowed(db(), g.person.id, now())
    if kind not in may.kinds or kind not in KINDS:
        raise NotFound("There is no such template.")
    head = head_of(db(), may.region_id, kind, now())
    return as_workbook(f"alur-{kind}", [words(column.title) for column in head], ())


def _form(may: Allowed, typed: Typed) -> str:
    last: list[Listed] = [listed(row) for row in imports_of(db(), g.person.id)]
    return render_template(
        "performance/import.html", may=may, typed=typed, kinds=_kinds(may), last=last, has_errors=bool(typed.faults),
        templates=[(KIND_WORDS[kind], kind) for kind in may.kinds if kind != AGREEMENT],
    )  # fmt: skip


def _kinds(may: Allowed) -> list[tuple[str, str]]:
    if not may.is_whole:
        return []
    return [("", words(Text("Dikenali dari judul kolom", "Recognised by its headings")))] + [
        (kind, words(KIND_WORDS[kind])) for kind in may.kinds
    ]


def _wish(may: Allowed, typed: Typed) -> Wish:
    """What the form asks; what cannot be meant goes to its faults. Raises NotFound for a unit that is not theirs."""
    year, on = None, None
    if typed.year:
        if FOUR_DIGITS.fullmatch(typed.year) and FIRST_YEAR <= int(typed.year) <= LAST_YEAR:
            year = int(typed.year)
        else:
            typed.faults["year"] = words(NO_YEAR)
    if typed.on:
        try:
            on = date.fromisoformat(typed.on)
        except ValueError:
            typed.faults["on"] = words(NO_DAY)
    kind = typed.kind if may.is_whole else may.kinds[0]
    if kind and kind not in may.kinds:
        raise NotFound("There is no such kind.")
    return Wish(
        may.region_id, may.unit(typed.unit), year, g.person.id, kind or None,
        decimal=POINT if typed.decimal == POINT else COMMA, on=on, reason=typed.reason, legal_basis=typed.legal_basis,
        may_verify=False,
    )  # fmt: skip


def _typed_before(may: Allowed, row: ImportRow) -> Typed:
    """The form as it was filled in for a file, so that a corrected one needs nothing but to be chosen."""
    wish = row.wish
    unit = next((unit.key for unit in may.units if unit.id == wish["unit_id"]), "")
    told = {"year": wish["year"], "kind": wish["kind"], "decimal": wish["decimal"], "on": wish["on"], "unit": unit}
    return Typed({
        **{name: str(value or "") for name, value in told.items()},
        "reason": wish["reason"], "legal_basis": wish["legal_basis"],
    })  # fmt: skip
