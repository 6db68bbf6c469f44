"""The form of one node of a draft: what was posted as a row of the case's form, what is asked, what is wrong where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask_babel import gettext as _

from sakip.configuration.levels import Level, NodeField
from sakip.configuration.measurement import TO_DATE, YEAR, Measurement
from sakip.facts.reports import said_beside
from sakip.reasons import Reason
from sakip.tree.target_text import NoTarget, number_of_text, text_of_target
from sakip.tree.typed_target import read_target
from web.language import words
from web.officer.region_lists import StoreLists
from web.performance.tree_boxes import IN_YEAR, LINES, PLANNED, Boxes, boxes_of, parts_of, put_together
from web.performance.tree_desk import NODES, Drafting, Row
from web.performance.tree_view import refusal_words
from web.performance.tree_words import basis_words, direction_words
from web.posted import Operation, operate, read_posted
from web.transaction import db

INDICATORS = "indicators"
PATH = f"{NODES}.0"
EMPTY = ("", "–")
Choices = tuple[tuple[str, str], ...]
Faults = dict[str, str]  # the name of a box -> what is wrong with it


@dataclass(frozen=True, slots=True)
class Asked:
    """The choices of the form of one node, and the rules by which its numbers are read."""

    rules: Measurement | None
    result_kinds: Choices
    positions: Choices
    fields: tuple[NodeField, ...]
    needs: tuple[str, ...]
    units: Choices
    directions: Choices
    methods: Choices
    consolidations: Choices
    bases: Choices
    periods: Choices
    superiors: Choices
    boxes: tuple[Boxes, ...]  # of each indicator, in their order


def posted_row(drafting: Drafting, before: Row) -> tuple[Row, str | None]:
    """The row as it was posted over what it was before, with a button of its rows of indicators carried out; and the
    path the focus goes to then."""
    table = drafting.at_work.form.fields[NODES]
    items = put_together(request.form.items(multi=True))
    posted = read_posted(items, {NODES: table}).get(NODES) or [{}]
    row: Row = {**before, **{name: value for name, value in posted[0].items() if name != INDICATORS}}
    known = {one.get("key"): one for one in before.get(INDICATORS) or () if isinstance(one, Mapping)}
    row |= {name: before[name] for name in ("act", "key", "level", "parent", "place") if name in before}
    if INDICATORS in posted[0]:
        row[INDICATORS] = [{**known.get(one.get("key"), {}), **one} for one in posted[0][INDICATORS]]
    else:
        row.setdefault(INDICATORS, [])
    at = None
    operation = Operation.read(request.form.get("op", ""))
    if operation is not None and operation.verb in ("add", "remove", "up", "down"):
        at = operate(operation, {NODES: table}, {NODES: [row]})
    _give_keys(row)
    return row, at


def _give_keys(row: Row) -> None:
    """Indicators that have no key yet get one no other of the node has."""
    taken = {str(one.get("key") or "") for one in row[INDICATORS]}
    for one in row[INDICATORS]:
        if not one.get("key"):
            one["key"] = next(key for number in range(1, 1_000) if (key := f"{row['key']}.i{number}") not in taken)
            taken.add(one["key"])


def asked(drafting: Drafting, row: Row) -> Asked:
    """What may be chosen for a node of a draft, by the row that stands for it."""
    page = drafting.draft.page
    node = page.tree.nodes.get(str(row.get("key")))
    level = _level(drafting, node.level if node else "")
    kinds = page.levels.result_kinds if page.levels is not None else {}
    allowed = level.result_kinds if level is not None and level.result_kinds else tuple(kinds)
    rules = page.measurement
    above = () if node is None else tuple(page.tree.ancestors(node))
    within = None if page.place.unit_id is None else page.place.name
    positions = StoreLists(db(), g.person.region_id, g.person.id).of("position", within)
    return Asked(
        rules,
        (EMPTY, *((kind, words(kinds[kind].title)) for kind in allowed if kind in kinds)),
        (EMPTY, *positions),
        tuple(page.levels.node_fields.values()) if page.levels is not None else (),
        level.needs if level is not None else (),
        _titled(rules.units if rules else {}),
        (EMPTY, *((key, direction_words(rules, key)) for key in (rules.directions if rules else ()))),
        _titled(rules.methods if rules else {}),
        _with_usual(rules.consolidations if rules else {}, rules.default_consolidation if rules else ""),
        _bases(rules),
        _with_usual(rules.periods if rules else {}, rules.default_periods if rules else ""),
        (EMPTY, *((one.key, one.name or one.key) for each in above for one in each.indicators)),
        tuple(boxes_of(one, page.levels, rules, page.day.year) for one in row.get(INDICATORS) or ()),
    )


def _titled(known: Mapping[str, Any]) -> Choices:
    return (EMPTY, *((key, words(one.title)) for key, one in known.items()))


def _with_usual(known: Mapping[str, Any], usual: str) -> Choices:
    """The choices, where an empty one means the usual: it says which that is."""
    title = words(known[usual].title) if usual in known else "–"
    return (("", str(_("As usual: %(title)s", title=title))), *_titled(known)[1:])


def _bases(rules: Measurement | None) -> Choices:
    usual = basis_words(rules.target_basis) if rules is not None else "–"
    bases = ((basis, basis_words(basis)) for basis in (TO_DATE, YEAR))
    return (("", str(_("As usual: %(title)s", title=usual))), *bases)


def _level(drafting: Drafting, level: str) -> Level | None:
    levels = drafting.draft.page.levels
    return None if levels is None else levels.levels.get(level)


# -- what is wrong -------------------------------------------------------------------------------------------------


def faults_of(row: Row, standing: Row, choices: Asked) -> Faults:
    """What keeps a row from being put into the draft as a node: in the words of the draft's own faults."""
    found: Faults = {}
    if not str(row.get("statement") or "").strip():
        found[f"{PATH}.statement"] = refusal_words("statement_missing")
    _chosen(found, f"{PATH}.result_kind", row.get("result_kind"), choices.result_kinds)
    _chosen(found, f"{PATH}.owner", row.get("owner"), choices.positions)
    known = {one.get("key"): one for one in standing.get(INDICATORS) or () if isinstance(one, Mapping)}
    for number, one in enumerate(row.get(INDICATORS) or ()):
        here = f"{PATH}.{INDICATORS}.{number}"
        if not str(one.get("name") or "").strip():
            found[f"{here}.name"] = str(_("Write the indicator, or take this row out."))
        _chosen(found, f"{here}.owner", one.get("owner"), choices.positions)
        _chosen(found, f"{here}.verifier", one.get("verifier"), choices.positions)
        _numbers(found, here, one, known.get(one.get("key"), {}), choices.rules)
    return found


def fault_lines(faults: Faults) -> list[tuple[str, str]]:
    """The faults for the top of the page: where each is, and of which indicator it is said."""
    return [(name.replace(".", "-"), f"{_place_of(name)}{said}") for name, said in faults.items()]


def _place_of(name: str) -> str:
    """``Indicator 2, 2026: `` for a box of an indicator; "" for a field of the node, whose sentence names it."""
    inside = name.removeprefix(f"{PATH}.{INDICATORS}.")
    if inside == name:
        return ""
    number, _dot, box = inside.partition(".")
    year = box.rpartition(".")[2]
    title = str(_("Indicator %(number)s", number=int(number) + 1))
    return f"{title}, {year}: " if year.isdecimal() else f"{title}: "


def settled(row: Row, choices: Asked) -> Row:
    """The row with its grades as the scale writes them; capitals do not matter to whoever types (§5.4)."""
    return {**row, INDICATORS: [_settled(one, choices.rules) for one in row.get(INDICATORS) or ()]}


def _settled(one: Mapping[str, Any], rules: Measurement | None) -> Row:
    unit, found = str(one.get("unit") or "") or None, dict(one)
    for name in LINES:
        parts = parts_of(str(one.get(name) or ""))
        if parts:
            found[name] = "; ".join(f"{key}: {_grade(read_target(rules, unit, said), said)}"
                                    for key, said in parts.items())  # fmt: skip
    if one.get("baseline"):
        found["baseline"] = _grade(read_target(rules, unit, str(one["baseline"])), str(one["baseline"]))
    return found


def _grade(read: object, said: str) -> str:
    return text_of_target(read) if isinstance(read, str) else said


def _chosen(found: Faults, name: str, value: Any, choices: Choices) -> None:
    if value and str(value) not in {key for key, _words in choices}:
        found[name] = str(_("Choose one of the list."))


def _numbers(
    found: Faults, here: str, one: Mapping[str, Any], before: Mapping[str, Any], rules: Measurement | None
) -> None:
    """Each number that was typed anew is held against the unit; what stood there already is as it came in."""
    unit = str(one.get("unit") or "") or None
    is_same_unit = (one.get("unit") or "") == (before.get("unit") or "")
    for name in LINES:
        parts, old = parts_of(str(one.get(name) or "")), parts_of(str(before.get(name) or "")) or {}
        if parts is None:
            found[f"{here}.{name}"] = _line_words(name)
        for key, said in (parts or {}).items():
            if said != old.get(key) or not is_same_unit:
                _told(found, f"{here}.{name}.{key}", read_target(rules, unit, said))
            if name == PLANNED and not (key.isascii() and key.isdigit() and len(key) == len("2025")):
                found[f"{here}.{name}"] = _line_words(name)
    baseline = str(one.get("baseline") or "")
    if baseline != str(before.get("baseline") or "") or not is_same_unit:
        _told(found, f"{here}.baseline", read_target(rules, unit, baseline))
    try:
        if (number_of_text(str(one.get("weight") or "")) or 0) < 0:
            found[f"{here}.weight"] = refusal_words("negative_weight")
    except NoTarget as fault:
        said = words(said_beside(fault.reason)) if fault.reason else str(_("Write a number, for example 33,3"))
        found[f"{here}.weight"] = said


def _told(found: Faults, name: str, read: object) -> None:
    if isinstance(read, Reason):
        found[name] = words(said_beside(read))


def _line_words(name: str) -> str:
    if name == IN_YEAR:
        return str(_("Write periods with their targets, for example q2: 30; year: 60"))
    return str(_("Write years with their targets, for example 2025: 60; 2026: 61,5"))
