"""Search: every case the reader may see, by number, subject, person or unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import gettext as _

from engine.cases.search import search
from web.language import short_day, words
from web.officer.listing import Address, SearchBox, csv_file, whole_number
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("cases", __name__)

PAGE, MOST_IN_CSV = 25, 5000


@bp.get("/cases")
@signed_in
def index() -> str:
    """One page of what was found; without words the newest cases."""
    address = _address()
    found = _read(address, address.values["after"] or None, PAGE)
    number = whole_number(address.values["page"], 1)
    box = SearchBox(address.path, address.values["q"], _("Search by number, subject, person or unit"),
                    _("Number, subject, person or unit"))  # fmt: skip
    return render_template(
        "officer/cases.html",
        rows=found.rows, search=box, page=number, shown=len(found.rows), first_href=address.href(),
        next_href=address.href(after=found.next_key, page=number + 1) if found.next_key else "",
        csv_href=url_for("cases.as_csv", **dict[str, Any](address.kept())), has_sealed=found.has_sealed,
    )  # fmt: skip


@bp.get("/cases.csv")
@signed_in
def as_csv() -> Response:
    """Everything that was found, for a spreadsheet; without sealed cases."""
    head = (_("Number"), _("Subject"), _("Kind"), _("Unit"), _("Opened by"), _("Step"), _("Opened"), _("Ended"))
    return csv_file("alur-cases", head, _csv_rows(_address()))


def _csv_rows(address: Address) -> Iterator[tuple[object, ...]]:
    after, written = None, 0
    while written < MOST_IN_CSV:
        found = _read(address, after, 200, for_file=True)
        for row in found.rows:
            written += 1
            yield (row.number, row.title, words(row.type_title), row.unit_name, row.initiator_name,
                   words(row.state_title), short_day(row.opened_at),
                   short_day(row.closed_at) if row.closed_at else "")  # fmt: skip
        after = found.next_key
        if after is None:
            return


def _address() -> Address:
    return Address(url_for("cases.index"), {name: request.args.get(name, "")[:200] for name in ("q", "after", "page")})


def _read(address: Address, after: str | None, limit: int, *, for_file: bool = False) -> Any:
    return search(
        db(), g.person.id, address.values["q"].strip(), now(), after=after, limit=limit, for_file=for_file
    )  # fmt: skip
