"""Saved views of the queue: the menu beside the filters, and the page on which they are named and taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.errors import InvalidInput
from engine.organisation.models import Person, Unit
from engine.tasks.saved_views import LONGEST_NAME, MOST, View, retire_view, save_view, views_of
from web.officer.listing import Address
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("views", __name__)

NAMES = ("tab", "q", "step", "type", "unit", "due", "held", "returned")  # what of an address a view keeps


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    name: str
    href: str
    note: str
    is_current: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """The saved views, the plain queue first; ``save_href`` leads to naming what is shown now."""

    rows: tuple[Row, ...]
    save_href: str


def views_menu(address: Address, plain: str) -> Menu:
    """The menu on the page that shows ``address``; ``plain`` are the words for the queue without filters."""
    query = _kept(dict(address.kept()))
    first = Row(0, plain, url_for("queue.show"), "", not query, False)
    rows = tuple(_row(view, query) for view in views_of(db(), g.person.id))
    return Menu((first, *rows), url_for("views.show") + (f"?{query}" if query else ""))


@bp.get("/queue/views")
@signed_in
def show() -> str:
    """The form that names the view in the address, and the views there are."""
    return _page(_kept(request.args.to_dict()))


@bp.post("/queue/views")
@signed_in
def save() -> Any:
    """Keep the view under its name."""
    query, name = _kept(dict(parse_qsl(request.form.get("query", "")[:4000]))), request.form.get("name", "")
    is_shared = request.form.get("share") == "yes"
    try:
        save_view(db(), g.person.id, name, query, is_shared=is_shared, now=now())
    except InvalidInput:
        db().rollback()
        fault = _("Give it a name of at most %(most)s characters.", most=LONGEST_NAME)
        if len(views_of(db(), g.person.id)) >= MOST:
            fault = _("You keep %(most)s views already. Take one away first.", most=MOST)
        return _page(query, name, is_shared, str(fault)), 422
    flash(_("The view is saved."), "good")
    return redirect(_href(query), 303)


@bp.post("/queue/views/<int:view_id>/retire")
@signed_in
def retire(view_id: int) -> Any:
    """Take one's own view away, from those it was shared with as well."""
    retire_view(db(), g.person.id, view_id)
    flash(_("The view is taken away."), "good")
    return redirect(url_for("views.show"), 303)


def _page(query: str, name: str = "", is_shared: bool = False, fault: str = "") -> str:
    unit_id = db().get_one(Person, g.person.id).unit_id
    unit = db().get(Unit, unit_id) if unit_id is not None else None
    rows = tuple(_row(view, query) for view in views_of(db(), g.person.id))
    return render_template(
        "officer/views.html", rows=rows, query=query, name=name, is_shared=is_shared, fault=fault,
        has_errors=bool(fault), unit=unit.name if unit is not None else "", longest=LONGEST_NAME,
    )  # fmt: skip


def _row(view: View, query: str) -> Row:
    notes = []
    if view.is_shared:
        notes.append(_("Shared with the unit") if view.is_mine else _("Shared by %(name)s", name=view.owner_name))
    kept = _kept(dict(parse_qsl(view.query)))
    return Row(view.id, view.name, _href(kept), " ".join(map(str, notes)), kept == query, view.is_mine)


def _kept(values: dict[str, str]) -> str:
    """The part of an address that a view keeps, always in the same order."""
    return urlencode({name: values[name][:200] for name in NAMES if values.get(name)})


def _href(query: str) -> str:
    return url_for("queue.show") + (f"?{query}" if query else "")
