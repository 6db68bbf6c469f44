"""Why a figure has no number: codes, each with its sentence and what to do about it (reference §6).

A figure is a number with a band or a ``Reason``, never both. Page, CSV, document and command line print the sentence
made here, so that they say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from string import Formatter
from typing import Any

from engine.cases.refusals import day_text
from engine.definitions.model import Text
from sakip.reason_words import WORDS
from sakip.values import as_text

# In the order they are asked: the first that holds is the answer.
NO_METHOD = "no_method"
WRONG_KIND = "wrong_kind"
NOT_DUE = "not_due"
NO_TARGET = "no_target"
NOT_ISSUED = "not_issued"
NO_REALISATION = "no_realisation"
INCOMPLETE = "incomplete"
NO_SCALE = "no_scale"
UNKNOWN_GRADE = "unknown_grade"
TARGET_DOES_NOT_FIT = "target_does_not_fit"
NEGATIVE_VALUE = "negative_value"
ZERO_TARGET = "zero_target"
ZERO_REALISATION = "zero_realisation"
NO_BANDS = "no_bands"
ITEM_NOT_COMPUTABLE = "item_not_computable"
NOTHING_TO_AGGREGATE = "nothing_to_aggregate"
NO_WEIGHT = "no_weight"
# Of the budget, which only efficiency and the picture beside it ask (§5.15).
NO_BUDGET = "no_budget"
NO_ABSORPTION = "no_absorption"
CRITERION_OPEN = "criterion_open"
UNKNOWN_ANSWER = "unknown_answer"
NOTHING_APPLIES = "nothing_applies"
TIER_MISSING = "tier_missing"
ALREADY_HIGHEST = "already_highest"
# Of what somebody typed (§5.4), before it is a value at all.
NOT_A_NUMBER = "not_a_number"
TOO_MANY_PLACES = "too_many_places"

CODES = tuple(WORDS)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. ``values`` are what its sentence names: texts, numbers, days, periods (``Text``), tuples of these."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.code)

    @property
    def sentence(self) -> Text:
        """What holds, in both languages, with the values when they are known: ``periode belum lengkap: TW II``."""
        return _filled(WORDS[self.code].says, self.values) if self.values else _bare(self.code)

    @property
    def remedy(self) -> Text:
        """What to do about it, and who."""
        return _filled(WORDS[self.code].remedy, self.values)


@lru_cache(maxsize=128)
def _bare(code: str) -> Text:
    return _filled(WORDS[code].says, {})


def keys_in(reason: Reason) -> tuple[str, ...]:
    """The keys of the items its sentence names, one or several deep."""
    items = reason.values.get("items", ())
    own = [reason.values["item"]] if "item" in reason.values else []
    because = reason.values.get("because")
    return (*(str(key) for key in (*own, *items)), *(keys_in(because) if isinstance(because, Reason) else ()))


def deepest(reason: Reason) -> Reason:
    """What holds at the bottom, where a reason tells of the items below it."""
    because = reason.values.get("because")
    return deepest(because) if isinstance(because, Reason) else reason


def named(reason: Reason, names: Mapping[str, str]) -> Reason:
    """The same reason with its items as people know them; one without a name keeps its key."""
    values = dict(reason.values)
    if "item" in values:
        values["item"] = names.get(str(values["item"]), values["item"])
    if "items" in values:
        values["items"] = tuple(names.get(str(key), key) for key in values["items"])
    if isinstance(values.get("because"), Reason):
        values["because"] = named(values["because"], names)
    return Reason(reason.code, values)


def short(code: str) -> Text:
    """The sentence of a code without values, for lists that count. Raises KeyError for a code that is none."""
    return WORDS[code].says[-1]


def _filled(variants: tuple[Text, ...], values: Mapping[str, Any]) -> Text:
    for text in variants:
        if all(values.get(name) not in (None, "", ()) for name in _names(text.id)):
            return Text(*(_in(text, language, values) for language in ("id", "en")))
    return variants[-1]


def _names(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name]


def _in(text: Text, language: str, values: Mapping[str, Any]) -> str:
    template = text.into(language)
    return template.format_map({name: _printed(values[name], language) for name in _names(template)})


def _printed(value: Any, language: str) -> str:
    if isinstance(value, Text):
        return value.into(language)
    if isinstance(value, Reason):
        return value.sentence.into(language)
    if isinstance(value, date):
        return day_text(value).into(language)
    if isinstance(value, Fraction):
        number = as_text(value)
        return number.replace(".", ",") if language == "id" else number
    if isinstance(value, tuple | list):
        return ", ".join(_printed(one, language) for one in value)
    return str(value)
