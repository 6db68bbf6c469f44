"""The form of one node of a draft: what was posted as a row of the case's form, what is asked, what is wrong where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask_babel import gettext as _

from sakip.configuration.levels import Level, NodeField
from sakip.tree.target_text import NoTarget, number_of_text, target_of_text, targets_of_text
from web.language import words
from web.officer.region_lists import StoreLists
from web.performance.tree_desk import NODES, Drafting, Row
from web.performance.tree_view import refusal_words
from web.posted import Operation, operate, read_posted
from web.transaction import db

_TWO_WAYS = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}\.[0-9]{3}(?![0-9.,])")  # 1.250: grouped, or with decimals

INDICATORS = "indicators"
PATH = f"{NODES}.0"
EMPTY = ("", "–")
Choices = tuple[tuple[str, str], ...]
Faults = dict[str, str]  # the name of a box -> what is wrong with it


@dataclass(frozen=True, slots=True)
class Asked:
    """The choices of the form of one node."""

    result_kinds: Choices
    positions: Choices
    fields: tuple[NodeField, ...]
    needs: tuple[str, ...]
    units: Choices
    methods: Choices
    consolidations: Choices
    superiors: Choices


def posted_row(drafting: Drafting, before: Row) -> tuple[Row, str | None]:
    """The row as it was posted over what it was before, with a button of its rows of indicators carried out; and the
    path the focus goes to then."""
    table = drafting.at_work.form.fields[NODES]
    posted = read_posted(request.form.items(multi=True), {NODES: table}).get(NODES) or [{}]
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


def asked(drafting: Drafting, key: str) -> Asked:
    """What may be chosen for a node of a draft."""
    page = drafting.draft.page
    node = page.tree.nodes.get(key)
    level = _level(drafting, node.level if node else "")
    kinds = page.levels.result_kinds if page.levels is not None else {}
    allowed = level.result_kinds if level is not None and level.result_kinds else tuple(kinds)
    rules = page.measurement
    above = () if node is None else tuple(page.tree.ancestors(node))
    within = None if page.place.unit_id is None else page.place.name
    positions = StoreLists(db(), g.person.region_id, g.person.id).of("position", within)
    return Asked(
        (EMPTY, *((kind, words(kinds[kind].title)) for kind in allowed if kind in kinds)),
        (EMPTY, *positions),
        tuple(page.levels.node_fields.values()) if page.levels is not None else (),
        level.needs if level is not None else (),
        (EMPTY, *((one.key, words(one.title)) for one in (rules.units.values() if rules else ()))),
        (EMPTY, *((one.key, words(one.title)) for one in (rules.methods.values() if rules else ()))),
        (EMPTY, *((one.key, words(one.title)) for one in (rules.consolidations.values() if rules else ()))),
        (EMPTY, *((one.key, one.name or one.key) for each in above for one in each.indicators)),
    )


def _level(drafting: Drafting, level: str) -> Level | None:
    levels = drafting.draft.page.levels
    return None if levels is None else levels.levels.get(level)


def faults_of(row: Row, choices: Asked) -> Faults:
    """What keeps a row from being put into the draft as a node: in the words of the draft's own faults."""
    found: Faults = {}
    if not str(row.get("statement") or "").strip():
        found[f"{PATH}.statement"] = refusal_words("statement_missing")
    _chosen(found, f"{PATH}.result_kind", row.get("result_kind"), choices.result_kinds)
    _chosen(found, f"{PATH}.owner", row.get("owner"), choices.positions)
    for number, one in enumerate(row.get(INDICATORS) or ()):
        here = f"{PATH}.{INDICATORS}.{number}"
        if not str(one.get("name") or "").strip():
            found[f"{here}.name"] = str(_("Write the indicator, or take this row out."))
        _chosen(found, f"{here}.owner", one.get("owner"), choices.positions)
        _chosen(found, f"{here}.verifier", one.get("verifier"), choices.positions)
        _numbers(found, here, one)
    return found


def _chosen(found: Faults, name: str, value: Any, choices: Choices) -> None:
    if value and str(value) not in {key for key, _words in choices}:
        found[name] = str(_("Choose one of the list."))


def _numbers(found: Faults, here: str, one: Mapping[str, Any]) -> None:
    readers = {
        "baseline": (target_of_text, _("Write one value, for example 59.5, or 60..70 for a range.")),
        "plan_targets": (_planned, _("Write years with their targets, for example 2025: 60; 2026: 61.5")),
        "targets": (targets_of_text, _("Write periods with their targets, for example q2: 30; year: 60")),
        "weight": (number_of_text, _("Write a number, for example 33.3")),
    }
    for name, (read, said) in readers.items():
        typed = str(one.get(name) or "")
        unclear = _TWO_WAYS.search(typed)
        try:
            read(typed)
        except (NoTarget, ValueError):
            found[f"{here}.{name}"] = str(said)
            continue
        if unclear is not None:  # a target a thousand times too small would be nobody's intention
            number = unclear.group()
            found[f"{here}.{name}"] = str(
                _(
                    "%(number)s can be read in two ways: write %(whole)s or %(decimals)s.",
                    number=number, whole=number.replace(".", ""), decimals=number.replace(".", ","),
                )
            )  # fmt: skip


def _planned(text: str) -> dict[int, Any]:
    return {int(year): target for year, target in targets_of_text(text).items()}
