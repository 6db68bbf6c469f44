"""The list behind each number of a dashboard, as a page and as a file, and how the number is computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from sakip.behind_figures import behind
from sakip.exchange.allowed import may_bring_in
from sakip.exchange.writing import neutral
from sakip.figures import FIGURES, Figure, figure_for
from sakip.indicator_signs import indicator_signs
from sakip.listing import NUMBER, Cell, Item
from sakip.unit_signs import UnitSign
from web.language import words
from web.officer.listing import Address, Chip, whole_number
from web.performance.cells import in_file, in_unit, judged, number, on_page
from web.performance.figure_words import filter_words
from web.performance.looks import KEPT, Looks, looks
from web.performance.sheets import Value, as_csv, as_workbook
from web.protection import signed_in

bp = Blueprint("figures", __name__)

PAGE, AT_ONCE, MOST_IN_FILE = 25, 1_000, 100_000
MEASURED = frozenset({"target", "realisation"})
JUDGED = frozenset({"achievement", "absorption", "score", "points", "weight"})  # columns compared down the page
BROUGHT_IN = frozenset({"unverified", "not_reporting", "indicators", "recommendations"})  # what a file may fill


@bp.get("/performance/list/<name>")
@signed_in
def show(name: str) -> str:
    """One page of the list; its heading says the number that the whole list adds up to."""
    figure, look = _asked(name)
    listing = look.listing(name)
    total = listing.count(look.session)
    page = listing.page(look.session, request.args.get("after"), PAGE)
    address = _address(figure, name)
    place = whole_number(request.args.get("page"), 1)
    return render_template(
        "performance/list.html", figure=figure, look=look, total=total, heading=words(figure.sentence(total)),
        rows=_rows_shown(figure, look, page.items), number=place, chips=_chips(figure, look, address),
        numbers={column.key for column in figure.columns if column.holds == NUMBER}, address=address,
        next_href=address.href(after=page.next_key, page=place + 1) if page.next_key else "",
        how_href=look.how_href(name, **look.filters.values), doubts=behind(figure, look.viewer, look.filters).doubts,
        csv_href=look.href("figures.csv_file", name=name, **look.filters.values),
        xlsx_href=look.href("figures.xlsx_file", name=name, **look.filters.values),
        back_href=look.href("dashboard.show"),
        may_bring_in=name in BROUGHT_IN and may_bring_in(look.viewer),
    )  # fmt: skip


@bp.get("/performance/list/<name>.csv")
@signed_in
def csv_file(name: str) -> Response:
    """The whole list with semicolons."""
    figure, look = _asked(name)
    return as_csv(f"alur-{name}", _head(figure), _rows(figure, look))


@bp.get("/performance/list/<name>.xlsx")
@signed_in
def xlsx_file(name: str) -> Response:
    """The whole list as a workbook."""
    figure, look = _asked(name)
    return as_workbook(f"alur-{name}", _head(figure), _rows(figure, look))


@bp.get("/performance/how/<name>")
@signed_in
def how(name: str) -> str:
    """How the number is computed: the rule, the file and its version, legal basis, what is not settled."""
    figure, look = _asked(name)
    return render_template(
        "performance/how.html", figure=figure, look=look, behind=behind(figure, look.viewer, look.filters),
        list_href=look.list_href(name, **look.filters.values), back_href=look.href("dashboard.show"), number=number,
    )  # fmt: skip


def _asked(name: str) -> tuple[Figure, Looks]:
    figure = FIGURES.values().get(name)
    look = looks(figure)
    return figure_for(name, look.viewer), look


def _head(figure: Figure) -> list[str]:
    return [neutral(words(column.title)) for column in figure.columns]


def _rows(figure: Figure, look: Looks) -> Iterator[list[Value]]:
    listing, after, written = look.listing(figure.name), None, 0
    while written < MOST_IN_FILE:
        page = listing.page(look.session, after, AT_ONCE)
        for item in page.items:
            written += 1
            yield [in_file(item.cells.get(column.key)) for column in figure.columns]
        after = page.next_key
        if after is None:
            return


def _rows_shown(figure: Figure, look: Looks, items: Sequence[Item]) -> list[dict[str, Any]]:
    """The lines of a page; targets and realisations with the sign of their indicator's unit."""
    is_measured = any(column.key in MEASURED for column in figure.columns)
    keys = {item.leads_to[1] for item in items if item.leads_to is not None and item.leads_to[0] == "indicator"}
    signs = indicator_signs(look.session, look.viewer, keys if is_measured else (), look.filters.year)
    return [_shown(figure, look, item, signs.get(item.leads_to[1]) if item.leads_to else None) for item in items]


def _shown(figure: Figure, look: Looks, item: Item, measure: UnitSign | None) -> dict[str, Any]:
    cells = [(column, _cell(column.key, item.cells.get(column.key), measure)) for column in figure.columns]
    return {"cells": cells, "href": _leads_to(look, item), "tone": item.tone, "note": words(item.note)}


def _cell(key: str, cell: Cell, measure: UnitSign | None) -> str:
    if key in MEASURED and measure is not None:
        return in_unit(cell, measure)
    return judged(cell) if key in JUDGED and isinstance(cell, Fraction) else on_page(cell)


def _leads_to(look: Looks, item: Item) -> str:
    """The page a line leads to; "" for none."""
    match item.leads_to:
        case ("case", case_id):
            return url_for("case.show", case_id=case_id)
        case ("unit", key):
            return look.list_href("unit_parts", unit=key)
        case ("parts", (year, source)):
            return look.list_href("score_parts", year=year, source=source)
        case ("evidence", piece_id):
            return url_for("evidence.show", piece_id=piece_id)
        case ("indicator", key):
            return look.href("indicator.show", key=key)
    return ""


def _address(figure: Figure, name: str) -> Address:
    names = (*KEPT, *sorted(figure.filters), "after", "page")
    return Address(url_for("figures.show", name=name), {one: request.args.get(one, "")[:600] for one in names})


def _chips(figure: Figure, look: Looks, address: Address) -> list[Chip]:
    found = []
    if look.filters.unit is not None:
        found.append(Chip(look.filters.unit.name, address.href(unit=None)))
    for name, value in look.filters.values.items():
        found.append(Chip(filter_words(look, figure, name, value), address.href(**{name: None})))
    return found
