"""The register of evidence: the pieces of units, one piece with its uses and history, judging it (reference §8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, send_file, url_for

from engine.definitions.model import Text
from sakip.evidence_judging import ACCEPT, REFUSE, REPAIR, RESTORE, judge
from sakip.evidence_pages import STATES, Wanted, open_file, piece_shown, pieces_listed
from sakip.evidence_rights import Keeper, keeper_of
from sakip.facts.evidence import REFUSED, NotPossible
from sakip.improving import evaluated_years
from web.installation import here
from web.language import words
from web.officer.listing import Address, FilterForm, SearchBox, chips, whole_number
from web.performance import evidence_view as said
from web.performance.asked import NotMeant, year_asked
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("evidence", __name__)

PAGE = 25
NAMES = ("unit", "year", "kind", "state", "q", "after", "page")
DONE = {
    ACCEPT: Text("Bukti diterima.", "The evidence is accepted."),
    REFUSE: Text("Bukti ditolak.", "The evidence is refused."),
    REPAIR: Text("Bukti menunggu diperiksa lagi.", "The evidence waits to be looked at again."),
    RESTORE: Text("Bukti dipakai lagi di sana.", "The evidence is used there again."),
}
NOT_DONE = {
    "reason_missing": Text("Tulis alasannya.", "Give the reason."),
    "reason_unfit": Text(
        "Alasan memuat paling banyak 2.000 huruf, tanpa tanda tersembunyi.",
        "A reason has at most 2,000 characters, none of them hidden.",
    ),
    "not_yours": Text(
        "Bukti dinilai oleh verifikator, dan tidak oleh orang yang bekerja di unit pemiliknya.",
        "Evidence is judged by those who verify, and never by who works in the unit it belongs to.",
    ),
    "own_use": Text(
        "Pemakaian bukti tidak dinilai oleh orang yang bekerja di unit pemakainya.",
        "The use of evidence is never judged by who works in the unit that uses it.",
    ),
    "superseded": Text("Bukti ini sudah digantikan versi baru.", "A newer version took the place of this piece."),
    "state": Text("Keadaan bukti ini sudah berubah.", "The piece has changed since you opened it."),
}
REASON = Text("Alasan", "Reason")


def keeper() -> Keeper:
    """The person of this request at the register."""
    return keeper_of(db(), g.person.id, now())


@bp.get("/performance/evidence")
@signed_in
def index() -> str:
    """One page of the pieces this person may read, as the address narrows them."""
    values = {name: _asked(name) for name in NAMES}
    address, year = Address(url_for("evidence.index"), values), year_asked()
    if values["state"] and values["state"] not in STATES:
        raise NotMeant("no_such_state")
    wanted = Wanted(values["unit"], year, values["kind"], values["state"], values["q"].strip())
    after = int(values["after"]) if values["after"].isdecimal() and len(values["after"]) < 19 else None
    found = pieces_listed(db(), g.person.id, wanted, after, PAGE, now())
    who, following = found.keeper, found.following
    this, configuration = who.viewer.today.year, who.viewer.configuration
    years = sorted({*evaluated_years(configuration), this, this - 1, *([year] if year else [])}, reverse=True)
    fields, number = said.filter_fields(who, values, years), whole_number(values["page"], 1)
    hint = words(Text("Cari judul bukti", "Search by title"))
    return render_template(
        "performance/evidence_list.html", rows=found.rows, said=said, keeper=who, chips=chips(address, fields),
        filters=FilterForm(fields, address.kept("unit", "year", "kind", "state")), page=number,
        search=SearchBox(address.path, values["q"], hint, hint, address.kept("q")), first_href=address.href(),
        next_href=address.href(after=following, page=number + 1) if following is not None else "",
        is_narrowed=any(values[name] for name in NAMES[:5]), registers=who.places(), configuration=configuration,
    )  # fmt: skip


def _asked(name: str) -> str:
    """A value of the address, without what no list can hold."""
    return "".join(letter for letter in request.args.get(name, "")[:200] if letter.isprintable())


@bp.get("/performance/evidence/<int:piece_id>")
@signed_in
def show(piece_id: int) -> str:
    """One piece."""
    return piece_page(piece_id)


@bp.get("/performance/evidence/<int:piece_id>/file")
@signed_in
def file(piece_id: int) -> Response:
    """The file of a piece, always as a download, never shown by the browser as a page of ours."""
    piece, stream = open_file(db(), g.person.id, piece_id, here().files, now())
    answer = send_file(stream, mimetype="application/octet-stream", as_attachment=True, download_name=piece.file_name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@bp.post("/performance/evidence/<int:piece_id>")
@signed_in
def act(piece_id: int) -> Any:
    """Accept or refuse a piece, say that it was put right, or judge one use of it alone."""
    verb, _colon, use = request.form.get("act", "").partition(":")
    if use and not (use.isdecimal() and len(use) < 19):  # never the whole piece instead
        raise NotMeant("no_such_use")
    reason = request.form.get(f"reason:{use}" if use else "reason", "").replace("\r\n", "\n")
    try:
        judge(db(), keeper(), piece_id, verb, reason, now(), int(use) if use else None)
    except NotPossible as fault:
        db().rollback()
        return piece_page(piece_id, words(NOT_DONE[fault.code]), use, reason), 422
    flash(words(DONE[verb]), "good")
    return redirect(url_for("evidence.show", piece_id=piece_id), 303)


def piece_page(
    piece_id: int, fault: str = "", at: str = "", reason: str = "", left: Sequence[tuple[str, str]] = ()
) -> str:
    """The page of a piece with what was just refused, at a use or at the whole piece; ``left`` is what had been typed
    on another page, as (name, text)."""
    shown = piece_shown(db(), g.person.id, piece_id, now())
    piece, who = shown.piece, shown.keeper
    uses, may_add, is_newest = said.use_rows(shown, who), who.may_add_to(piece.unit_id), shown.newer is None
    may_judge, may_repair = who.may_judge(piece) and is_newest, may_add and is_newest
    if at:
        has_place = who.may_judge(piece) and any(str(use.number) == at for use in uses)
    else:
        has_place = may_judge or (may_repair and piece.state == REFUSED)
    if reason and not has_place:  # the case went on, or it was never theirs to judge: to be read, and taken elsewhere
        left = [*left, (words(REASON), reason)]
    return render_template(
        "performance/evidence_one.html", shown=shown, piece=piece, said=said, keeper=who,
        kind=said.kind_words(who.viewer.configuration, piece.kind), unit=said.unit_words(who, piece.unit_id),
        content=said.content_words(piece), uses=uses,
        begun=said.begun_rows(shown, who), days=said.history_days(shown, who),
        versions=list(said.version_lines(shown)), may_judge=may_judge, may_repair=may_repair, fault=fault, at=at,
        reason=reason, has_place=has_place, left=left,
        unit_key=said.unit_key(who, piece.unit_id), has_errors=bool(fault),
    )  # fmt: skip
