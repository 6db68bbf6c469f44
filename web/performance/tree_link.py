"""The form of the links of a node beside parent and child: a new one, also to a partner's goal, one that ends."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.errors import InvalidInput, NotFound
from engine.organisation.snapshot import UnitRow
from sakip.configuration.levels import EdgeKind
from sakip.tree.rows import edge_key
from sakip.tree.store import tree_on
from sakip.tree.values import Edge, Node
from web.language import words
from web.performance.tree_desk import Drafting, TooManyRows, read_drafting
from web.performance.tree_edit import own_node
from web.performance.tree_form import Faults
from web.performance.tree_refused import refused_page
from web.performance.tree_view import refusal_words
from web.performance.tree_words import level_words, node_words
from web.protection import signed_in
from web.transaction import db

bp = Blueprint("tree_link", __name__, url_prefix="/performance/tree-drafts/<int:case_id>")

MOST = 500  # goals offered in one list
LONGEST_NAME = 160


@bp.get("/nodes/<key>/links")
@signed_in
def show(case_id: int, key: str) -> str:
    """The links of a node, and the form of a new one; ``partner`` in the address offers another unit's goals."""
    drafting = read_drafting(case_id)
    typed = {name: request.args.get(name, "")[:LONGEST_NAME] for name in ("partner", "kind")}
    return _form(drafting, own_node(drafting, key), typed, {})


@bp.post("/nodes/<key>/links")
@signed_in
def put(case_id: int, key: str) -> Any:
    """Put a link into the draft."""
    drafting = read_drafting(case_id)
    node = own_node(drafting, key)
    names = ("partner", "kind", "end", "weight", "partner_name")
    typed = {name: request.form.get(name, "").strip() for name in names}
    faults, edge = _read(drafting, node, typed)
    if edge is None:
        return _form(drafting, node, typed, faults), 422
    return _kept(drafting, key, edge, is_ended=False)


@bp.post("/nodes/<key>/links/end")
@signed_in
def end(case_id: int, key: str) -> Any:
    """A link that begins at this node ends."""
    drafting = read_drafting(case_id)
    node = own_node(drafting, key)
    wanted = request.form.get("edge", "")
    edge = next((one for one in drafting.draft.page.tree.edges if one.key == wanted and one.start == node.key), None)
    if edge is None:
        raise NotFound("There is no such link in this draft.")
    return _kept(drafting, key, edge, is_ended=True)


def _kept(drafting: Drafting, key: str, edge: Edge, *, is_ended: bool) -> Any:
    try:
        drafting.put_edge(edge, is_ended=is_ended)
    except TooManyRows as refused:
        return refused_page(drafting, refused), 422
    flash(_("The link ends in the draft.") if is_ended else _("The link stands in the draft."), "good")
    return redirect(url_for("tree_draft.show", case_id=drafting.case.case_id, node=key, _anchor="chosen"), 303)


def _read(drafting: Drafting, node: Node, typed: dict[str, str]) -> tuple[Faults, Edge | None]:
    kinds = {kind.key: kind for kind in _kinds(drafting, node)}
    kind, faults = kinds.get(typed["kind"]), {}
    if kind is None:
        return {"kind": refusal_words("unknown_edge") if typed["kind"] else str(_("Choose the kind of link."))}, None
    partner = _unit(drafting, typed["partner"])
    ends = {one.key: one for one in _ends(drafting, node, kinds, partner)}
    other = ends.get(typed["end"])
    name = typed["partner_name"]
    if typed["end"] and (other is None or other.level not in kind.ends):
        faults["end"] = refusal_words("edge_not_allowed")
    elif not typed["end"] and not (kind.partners and name):
        faults["end"] = str(_("Choose a goal, or name the institution that is the partner."))
    if len(name) > LONGEST_NAME:
        faults["partner_name"] = str(_("Write at most %(most)s characters.", most=LONGEST_NAME))
    weight = _weight(kind, typed["weight"], faults)
    if faults:
        return faults, None
    asked = partner.key if partner is not None and other is not None and kind.agreed_by else None
    partner_key = asked or name or None
    end = typed["end"] or None
    return {}, Edge(edge_key(kind.key, node.key, end, partner_key), kind.key, node.key, end, weight, partner_key)


def _weight(kind: EdgeKind, text: str, faults: Faults) -> Fraction | None:
    if not text:
        return None
    weight = Fraction(int(text)) if text.isdecimal() and len(text) < 4 else None
    if weight is None or kind.weight is None or not kind.weight[0] <= weight <= kind.weight[1]:
        faults["weight"] = refusal_words("edge_weight")
        return None
    return weight


def _kinds(drafting: Drafting, node: Node) -> tuple[EdgeKind, ...]:
    levels = drafting.draft.page.levels
    if levels is None:
        raise InvalidInput("No levels govern this year.")
    return tuple(kind for kind in levels.edges.values() if node.level in kind.starts)


def _unit(drafting: Drafting, name: str) -> UnitRow | None:
    """The partner an address or a form names: a unit of the region that keeps a tree. Raises NotFound for another."""
    if not name:
        return None
    unit = next((one for one in _partners(drafting) if one.key == name), None)
    if unit is None:
        raise NotFound("There is no such partner.")
    return unit


def _partners(drafting: Drafting) -> list[UnitRow]:
    levels, own = drafting.draft.page.levels, drafting.draft.page.place.name
    subjects = levels.subjects if levels is not None else ()
    return sorted((one for one in drafting.desk_units() if one.level in subjects and one.key != own), key=_named)


def _named(unit: UnitRow) -> str:
    return unit.name


def _ends(drafting: Drafting, node: Node, kinds: dict[str, EdgeKind], partner: UnitRow | None) -> list[Node]:
    """The goals a link may lead to: of the own tree and the region's, or, with a partner, of the partner's."""
    wanted = {level for kind in kinds.values() for level in kind.ends}
    nodes = list(drafting.draft.around.nodes.values())
    if partner is not None:
        found = tree_on(db(), g.person.region_id, partner.id, drafting.draft.page.day)
        nodes = [one for one in found.nodes.values() if one.tree == partner.key]
    return [one for one in nodes if one.level in wanted and one.key != node.key]


def _form(drafting: Drafting, node: Node, typed: dict[str, str], faults: Faults) -> str:
    levels = drafting.draft.page.levels
    kinds = {kind.key: kind for kind in _kinds(drafting, node)}
    partner = _unit(drafting, typed["partner"])
    found = _ends(drafting, node, kinds, partner)
    ends = [(one.key, f"{level_words(levels, one.level)}: {node_words(one)}") for one in found[:MOST]]
    own = [
        (edge.key, words(kinds[edge.kind].title) if edge.kind in kinds else edge.kind, _end_words(drafting, edge))
        for edge in drafting.draft.page.tree.edges
        if edge.start == node.key
    ]
    return render_template(
        "performance/link.html", drafting=drafting, node=node, statement=node_words(node), typed=typed, fault=faults,
        faults=[(name, said) for name, said in faults.items()], has_errors=bool(faults), own=own,
        kinds=[("", "–"), *((key, words(kind.title)) for key, kind in kinds.items())], ends=[("", "–"), *ends],
        left=max(len(found) - MOST, 0),
        partners=[("", str(_("This tree and the region's"))), *((one.key, one.name) for one in _partners(drafting))],
        may_name=any(kind.partners for kind in kinds.values()), may_weigh=any(kind.weight for kind in kinds.values()),
    )  # fmt: skip


def _end_words(drafting: Drafting, edge: Edge) -> str:
    other = drafting.draft.around.nodes.get(edge.end or "")
    partner = drafting.draft.page.units.get(edge.partner or "", edge.partner or "")
    said = node_words(other) if other is not None else edge.end or ""
    return ", ".join(part for part in (said, partner) if part)
