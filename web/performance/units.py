"""Units that are split, merged or renamed: those that were, and the organisation bureau's form for a new one (§4.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from engine.definitions.model import Text
from engine.errors import InvalidInput
from sakip.tree.history import Refusal
from sakip.tree.successions import MERGED, RENAMED, SPLIT
from sakip.tree.values import Node
from sakip.unit_changes import KINDS, Going, UnitChanges, Wished, change_units, unit_changes
from web.language import words
from web.performance.tree import FIRST_YEAR, LAST_YEAR
from web.performance.tree_view import refusal_words
from web.performance.tree_words import level_words, node_words
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("units", __name__)

NOTHING_CHOSEN = Text("Pilih perangkat daerah sebelum dan sesudahnya.", "Choose the units before and after.")
LONGEST_REASON, LONGEST_BASIS, MOST_UNITS = 2_000, 300, 20


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    on: str
    reason: str
    legal_basis: str
    chosen: dict[str, str]

    @property
    def is_asked(self) -> bool:
        """Whether units were chosen already."""
        return bool(self.before or self.after)


@bp.get("/performance/units")
@signed_in
def show() -> str:
    """The changes that were made; for the bureau the form of a new one, and what it would carry over."""
    return _page(_typed(), {})


@bp.post("/performance/units")
@signed_in
def change() -> Any:
    """Carry the change out, or say why not with everything typed still there."""
    typed = _typed()
    wished = _wished(typed)
    faults = _faults(typed, wished)
    if wished is None or faults:
        return _page(typed, faults), 422
    made = change_units(db(), g.person.id, wished, now())
    if isinstance(made, tuple):
        db().rollback()
        return _page(typed, {"units": _refused(made)}), 422
    flash(ngettext("%(num)d tree went over to its successor.", "%(num)d trees went over to their successors.",
                   len(made)), "good")  # fmt: skip
    return redirect(url_for("units.show"), 303)


def _typed() -> Typed:
    said = request.values
    kind = said.get("kind", SPLIT)
    if kind not in KINDS:
        raise InvalidInput("no such change of units")
    before, after = (tuple(dict.fromkeys(one for one in said.getlist(name) if one)) for name in ("before", "after"))
    if max(len(before), len(after)) > MOST_UNITS:
        raise InvalidInput("too many units")
    chosen = {name.removeprefix("to."): value for name, value in said.items() if name.startswith("to.") and value}
    reason, basis = said.get("reason", "").strip(), said.get("legal_basis", "").strip()
    return Typed(kind, before, after, said.get("on", "").strip()[:10], reason, basis, chosen)


def _wished(typed: Typed) -> Wished | None:
    try:
        day = date.fromisoformat(typed.on) if len(typed.on) == len("2025-01-31") else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    return Wished(typed.kind, typed.before, typed.after, day, typed.reason, typed.legal_basis, typed.chosen)


def _faults(typed: Typed, wished: Wished | None) -> dict[str, str]:
    found: dict[str, str] = {}
    if wished is None:
        found["on"] = str(_("Give the day as year-month-day, for example 2027-01-01."))
    for name, longest in (("reason", LONGEST_REASON), ("legal_basis", LONGEST_BASIS)):
        said = getattr(typed, name)
        if not said:
            found[name] = str(_("This is required."))
        elif len(said) > longest:
            found[name] = str(_("Write at most %(most)s characters.", most=longest))
    return found


def _refused(refusals: tuple[Refusal, ...]) -> str:
    return " ".join(dict.fromkeys(refusal_words(one.code) for one in refusals))


def _page(typed: Typed, faults: dict[str, str]) -> str:
    wished = _wished(typed)
    found = unit_changes(db(), g.person.id, wished if typed.is_asked else None, now())
    going = found.going
    if typed.is_asked and wished is None:
        faults = {"on": str(_("Give the day as year-month-day, for example 2027-01-01.")), **faults}
    if "on" in request.args and not typed.is_asked:
        faults = {"before": words(NOTHING_CHOSEN), **faults}
    names = dict(found.units)
    titles = {SPLIT: str(_("Split")), MERGED: str(_("Merge")), RENAMED: str(_("Rename"))}
    tabs = [(titles[kind], url_for("units.show", kind=kind), kind == typed.kind) for kind in KINDS]
    return render_template(
        "performance/units.html", found=found, typed=typed, going=going, titles=titles, tabs=tabs, fault=faults,
        faults=[("" if name == "units" else name, said) for name, said in faults.items()], has_errors=bool(faults),
        rows=_rows(going, typed),
        refusal=_refused(going.refusals) if going else "", today=_first_day(found),
        takers=[(key, names.get(key, key)) for key in typed.after],
    )  # fmt: skip


Row = tuple[str, str, str]  # a node's key, its words, who was chosen


def _rows(going: Going | None, typed: Typed) -> list[tuple[Row, list[Row]]]:
    """The nodes somebody has to take, each with those near below that may go elsewhere."""
    if going is None:
        return []

    def row(one: Node) -> Row:
        return one.key, f"{level_words(going.levels, one.level)}: {node_words(one)}", typed.chosen.get(one.key, "")

    return [(row(top), [row(one) for one in near]) for top, near in going.tops]


def _first_day(found: UnitChanges) -> str:
    """Most changes begin with a year."""
    return date(found.today.year + 1, 1, 1).isoformat()
