"""A tree copied into the next year or planning period: what it would change, and the draft it opens (§4.8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from engine.changes import Refusal
from engine.errors import InvalidInput
from sakip.tree.copies import NEXT_YEAR, CopyOffer, offers_of
from sakip.tree.open_revisions import begin_revision, place_to_revise
from sakip.tree.readers import TreePlace
from web.language import words, zone
from web.performance.tree_view import refusal_words
from web.performance.tree_words import node_words
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("tree_copy", __name__)

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Offered:
    """A copy in words: what it is called, what it changes as lists, why it cannot be begun."""

    kind: str
    title: str
    said: str
    offer: CopyOffer
    left: tuple[str, ...]
    refusal: str


@bp.get("/performance/trees/<name>/copy")
@signed_in
def show(name: str) -> str:
    """The copies of a tree that may be begun, and what each would change."""
    place = place_to_revise(db(), g.person.id, name, now())
    offers = _offers(place)
    first = next((one.kind for one in offers if not one.refusal), "")
    return render_template("performance/copy.html", place=place, offers=offers, primary=first, most=MOST_LISTED)


@bp.post("/performance/trees/<name>/copy")
@signed_in
def begin(name: str) -> Any:
    """Open the draft of a copy and lead to it."""
    place = place_to_revise(db(), g.person.id, name, now())
    chosen = next((one for one in _offers(place) if one.kind == request.form.get("kind")), None)
    if chosen is None:
        raise InvalidInput("no such copy")
    if chosen.refusal:
        flash(chosen.refusal, "bad")
        return redirect(url_for("tree_copy.show", name=name), 303)
    title = str(_("%(copy)s, %(name)s", copy=chosen.title, name=place.title))
    opened = begin_revision(db(), g.person.id, place, title, now(), chosen.offer)
    if isinstance(opened, Refusal):
        flash(" ".join([words(opened.sentence), *(words(one.message) for one in opened.faults)]), "bad")
        return redirect(url_for("tree_copy.show", name=name), 303)
    flash(_("%(number)s was opened. Nobody else sees the draft before you submit it.", number=opened.number), "good")
    return redirect(url_for("tree_draft.show", case_id=opened.case_id), 303)


def _offers(place: TreePlace) -> tuple[Offered, ...]:
    return tuple(_offered(one) for one in offers_of(db(), g.person.region_id, place, now().astimezone(zone()).date()))


def _offered(offer: CopyOffer) -> Offered:
    year = offer.day.year
    title = (
        _("Copy for %(year)s", year=year) if offer.kind == NEXT_YEAR
        else _("Copy for the planning period from %(year)s", year=year)
    )  # fmt: skip
    changed = ngettext("%(num)d node changes", "%(num)d nodes change", offer.changed)
    refusal = refusal_words(offer.refusal) if offer.refusal is not None else ""
    return Offered(offer.kind, str(title), str(changed), offer, tuple(map(node_words, offer.left)), refusal)
