"""A new piece for the register: a file that is checked and stored, or an address; also in the place of an older one."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.cases.file_types import UnfitFile
from engine.definitions.model import Text
from engine.errors import InvalidInput, NotFound
from engine.field_types.question import Unfit
from engine.field_types.reading.words import line
from sakip.evidence_judging import is_superseded
from sakip.evidence_pages import piece_to_read, stored_file
from sakip.evidence_rights import Keeper
from sakip.facts.evidence import LONGEST_TITLE, Content, register
from sakip.facts.models import EvidencePiece
from sakip.improving import evaluated_years
from sakip.subjects_seen import Subject
from web.installation import here
from web.language import own_address, words
from web.performance import evidence_view as said
from web.performance.evidence import NOT_DONE, keeper, piece_page
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("evidence_add", __name__)

NAMES = ("unit", "year", "kind", "title", "link", "back", "supersedes")
IN_ORDER = ("unit", "kind", "year", "title", "file", "link")  # as the form asks
ANOTHER = "another"  # what the button for one more says
LONGEST_LINK = 2_000
TITLES = {"title": Text("Judul", "Title"), "link": Text("Alamat", "Address")}
YEARS_BACK, YEARS_AHEAD = 3, 1
FAULTS = {
    "unit": Text("Pilih milik siapa bukti ini.", "Choose whose evidence this is."),
    "year": Text("Pilih tahunnya.", "Choose the year."),
    "kind": Text("Pilih jenis buktinya.", "Choose the kind of evidence."),
    "title": Text("Tulis judulnya.", "Give it a title."),
    "content": Text("Pilih berkas, atau tulis alamatnya.", "Choose a file, or give the address."),
    "both": Text("Isi berkas atau alamat, bukan keduanya.", "Give a file or an address, not both."),
    "link": Text("Alamat dimulai dengan https:// atau http://.", "An address begins with https:// or http://."),
    "long_link": Text("Alamat memuat paling banyak 2.000 huruf.", "An address has at most 2,000 characters."),
}


@bp.get("/performance/evidence/add")
@signed_in
def form() -> Any:
    """The form, filled in by what the address says; of a piece that was replaced meanwhile its page, which says so."""
    who = keeper()
    typed = {name: request.args.get(name, "")[:LONGEST_LINK] for name in NAMES}
    if (replaced := _replaced(who, typed)) is not None:
        return piece_page(replaced.id, words(NOT_DONE["superseded"])), 409
    return _render(who, typed, {})


@bp.post("/performance/evidence/add")
@signed_in
def send() -> Any:
    """Register what was given; a fault gives the form back with everything typed. Whoever has more to register gets the
    form again, for the same register and year."""
    who = keeper()
    typed = {name: request.form.get(name, "").strip() for name in NAMES}
    if (replaced := _replaced(who, typed)) is not None:
        left = [(words(title), typed[name]) for name, title in TITLES.items() if typed[name]]
        return piece_page(replaced.id, words(NOT_DONE["superseded"]), left=left), 409
    before, place = _before(who, typed), _place(who, typed["unit"])
    faults = _faults(who, typed, place)
    sent = request.files.get("file")
    has_file = sent is not None and bool(sent.filename)
    if has_file and typed["link"]:
        faults["file"] = words(FAULTS["both"])
    elif not has_file and not typed["link"]:
        faults["file"] = words(FAULTS["content"])
    content = Content(link=typed["link"] or None)
    if has_file and not faults:
        assert sent is not None
        try:
            kept = stored_file(here().files, sent.stream, sent.filename or "", here().settings.largest_file)
            content = Content(file=kept)
        except UnfitFile as unfit:
            faults["file"] = words(unfit.reason)
        except InvalidInput:
            megabytes = here().settings.largest_file // 1_000_000
            faults["file"] = words(Text(f"Berkas lebih besar dari {megabytes} MB.",
                                        f"The file is larger than {megabytes} MB."))  # fmt: skip
    if faults or place is None:
        return _render(who, typed, faults), 422
    piece = register(
        db(), who.region_id, place.unit_id, kind=typed["kind"], year=int(typed["year"]), title=typed["title"],
        content=content, by=who.person_id, now=now(), supersedes=None if before is None else before.id,
    )  # fmt: skip
    flash(words(Text("Bukti terdaftar.", "The evidence is registered.")), "good")
    if request.form.get("then") == ANOTHER:
        return redirect(url_for("evidence_add.form", unit=place.key, year=typed["year"]), 303)
    own = url_for("evidence.show", piece_id=piece.id)
    back = own_address(typed["back"], "")
    return redirect(_with_piece(back, piece.id) if back else own, 303)


def _with_piece(address: str, number: int) -> str:
    """An address of ours with the piece that was just registered in it."""
    parts = urlsplit(address)
    asked = [(name, value) for name, value in parse_qsl(parts.query) if name != "added"]
    return urlunsplit(("", "", parts.path, urlencode([*asked, ("added", str(number))]), parts.fragment))


def _before(who: Keeper, typed: dict[str, str]) -> EvidencePiece | None:
    """The piece this is a newer version of, None for a new one; unit, kind and year are then its own. Raises NotFound
    for one that is not theirs to put right."""
    piece = _put_right(who, typed)
    if piece is not None:
        typed |= {"unit": said.unit_key(who, piece.unit_id), "kind": piece.kind, "year": str(piece.year)}
    return piece


def _put_right(who: Keeper, typed: dict[str, str]) -> EvidencePiece | None:
    text = typed["supersedes"]
    if not text:
        return None
    piece = piece_to_read(db(), who, int(text)) if text.isdecimal() and len(text) < 19 else None
    if piece is None or not who.may_add_to(piece.unit_id):
        raise NotFound("There is no such piece of evidence to put right.")
    return piece


def _replaced(who: Keeper, typed: dict[str, str]) -> EvidencePiece | None:
    """The piece that was to be put right, when somebody was faster."""
    piece = _put_right(who, typed)
    return piece if piece is not None and is_superseded(db(), piece) else None


def _place(who: Keeper, unit: str) -> Subject | None:
    places = who.places()
    return next((one for one in places if one.key == unit), places[0] if not unit and len(places) == 1 else None)


def _years(who: Keeper) -> list[int]:
    this = who.viewer.today.year
    around = range(this - YEARS_BACK, this + YEARS_AHEAD + 1)
    return sorted({*around, *evaluated_years(who.viewer.configuration)}, reverse=True)


def _faults(who: Keeper, typed: dict[str, str], place: Subject | None) -> dict[str, str]:
    found = {}
    if place is None:
        found["unit"] = words(FAULTS["unit"])
    if not typed["supersedes"]:
        if typed["kind"] not in said.kind_titles(who.viewer.configuration):
            found["kind"] = words(FAULTS["kind"])
        if typed["year"] not in {str(one) for one in _years(who)}:
            found["year"] = words(FAULTS["year"])
    if not typed["title"]:
        found["title"] = words(FAULTS["title"])
    else:
        try:
            typed["title"] = line(typed["title"], {"max_length": LONGEST_TITLE})
        except Unfit as fault:
            found["title"] = words(fault.message)
    if typed["link"] and not _is_link(typed["link"]):
        found["link"] = words(FAULTS["long_link" if len(typed["link"]) > LONGEST_LINK else "link"])
    return found


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and len(text) <= LONGEST_LINK
        and text.isprintable()
        and " " not in text
    )


def _render(who: Keeper, typed: dict[str, str], faults: dict[str, str]) -> str:
    before, places = _before(who, typed), who.places()
    if not places:
        raise NotFound("There is no register for this person to add to.")
    configuration = who.viewer.configuration
    in_order = {name: faults[name] for name in IN_ORDER if name in faults}
    return render_template(
        "performance/evidence_add.html", typed=typed, faults=in_order, before=before, longest=LONGEST_TITLE,
        registers=[(one.key, one.name) for one in places], years=[(str(one), str(one)) for one in _years(who)],
        kinds=said.kinds_to_add(configuration, typed["kind"]), has_errors=bool(faults),
        kind=said.kind_words(configuration, typed["kind"]) if before is not None else "",
        back=own_address(typed["back"], "") or url_for("evidence.index"), has_lost_file=bool(request.files.get("file")),
        megabytes=here().settings.max_upload_megabytes,
    )  # fmt: skip
