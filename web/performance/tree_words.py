"""How the pages of a tree write numbers, targets, levels and positions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, localcontext
from functools import lru_cache

from babel.numbers import format_decimal
from flask_babel import gettext as _

from sakip import plan
from sakip.configuration.levels import Levels
from sakip.configuration.measurement import TO_DATE, YEAR, Measurement
from sakip.methods import METHODS
from sakip.reasons import Reason
from sakip.tree.values import WHOLE_YEAR, Node
from sakip.values import Milestones, Range, Target, as_text
from web.language import language, words
from web.performance.cells import MORE

_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def number_words(text: str) -> str:
    """A number as stored (``1250.5``) as people read it (``1.250,5``); what is none stays as it is."""
    return _number_words(text, language())


@lru_cache(maxsize=16_384)
def _number_words(text: str, locale: str) -> str:
    if _DECIMAL.fullmatch(text) is None:
        return text
    with localcontext(prec=len(text) + MORE):  # the usual 28 digits are fewer than people may type
        return str(format_decimal(Decimal(text), format="#,##0.############", locale=locale))


def target_words(target: Target | None) -> str:
    """A target as people read it; empty without one."""
    if target is None:
        return ""
    if isinstance(target, bool):
        return str(_("yes") if target else _("no"))
    if isinstance(target, str):
        return target
    if isinstance(target, Range):
        return f"{number_words(as_text(target.low))}–{number_words(as_text(target.high))}"
    if isinstance(target, Milestones):
        return ", ".join(f"{name} ({number_words(as_text(weight))})" for name, weight in target.weights.items())
    return number_words(as_text(target))


def unit_words(measurement: Measurement | None, unit: str | None) -> str:
    """The unit of measure in words; its key when nobody knows it."""
    known = None if measurement is None or unit is None else measurement.units.get(unit)
    return words(known.title) if known is not None else unit or ""


def direction_words(rules: Measurement | None, direction: str) -> str:
    """A direction in the words of the method it means here: "Makin tinggi makin baik"; its key when it means none."""
    method = None if rules is None else plan.method_of(rules, plan.Indicator("", direction=direction))
    if method is None or isinstance(method, Reason):
        return direction
    said = words(METHODS.values()[method.kind].reads)
    return f"{said[:1].upper()}{said[1:]}"


def basis_words(basis: str) -> str:
    """What a value to date is compared with."""
    known = {TO_DATE: _("Targets of the periods so far"), YEAR: _("Target of the whole year")}
    return str(known.get(basis, basis))


def period_titles(rules: Measurement | None, periods: str | None) -> dict[str, str]:
    """The titles of the periods of a set (None: the usual one) by key, and of the whole year."""
    chosen = None if rules is None else rules.periods.get(periods or rules.default_periods)
    titles = {} if chosen is None else {key: words(one.title) for key, one in chosen.items.items()}
    return {**titles, WHOLE_YEAR: str(_("Whole year"))}


def level_words(levels: Levels | None, level: str) -> str:
    """The title of a level; its key when nobody knows it."""
    known = None if levels is None else levels.levels.get(level)
    return words(known.title) if known is not None else level


def position_words(positions: Mapping[str, str], position: str | None) -> str:
    """The title of a position; empty without one."""
    return "" if position is None else positions.get(position, position)


def node_words(node: Node) -> str:
    """The statement of a node, or what stands for one that has none yet."""
    return node.statement.strip() or str(_("(no statement yet)"))
