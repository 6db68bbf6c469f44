"""A configuration as JSON and back: plain data of a closed list of classes, nothing that runs.

What was one object is one object again, so a scale that a hundred criteria share is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from fractions import Fraction
from typing import Any

import orjson

from engine.definitions.model import Duration, Text
from sakip.bands import Band, Bands
from sakip.configuration import evaluation, heads, levels, measurement, whatif
from sakip.rounding import Rounding

CLASSES: tuple[type, ...] = (
    Text, Duration, Band, Bands, Rounding, heads.Head, levels.Level, levels.ResultKind, levels.Owner, levels.Annex,
    levels.NodeField, levels.EdgeKind, levels.Levels, measurement.Period, measurement.PeriodSet, measurement.Unit,
    measurement.Method, measurement.Consolidation, measurement.Aggregate, measurement.Applied, measurement.EvidenceRule,
    measurement.Explanations, measurement.Measurement, evaluation.Answer, evaluation.Scale, evaluation.EvidenceKind,
    evaluation.Asked, evaluation.Criterion, evaluation.SubComponent, evaluation.Component, evaluation.FrameworkRule,
    evaluation.SuggestedGrade, evaluation.Tier, evaluation.ResultRule, evaluation.Recommendations,
    evaluation.Evaluation, whatif.Effort, whatif.WhatIf,
)  # fmt: skip
_NUMBERS = {cls: number for number, cls in enumerate(CLASSES)}
_NAMES = tuple(tuple(each.name for each in fields(cls) if each.init) for cls in CLASSES)
_SHARED = (evaluation.Scale, Text)
_AS_IT_IS = frozenset((str, int, bool, type(None)))
_LARGEST = 2**53  # of whole numbers that JSON keeps


class Unkeepable(Exception):
    """There is something in the configuration that has no form as data."""


def to_text(value: Any) -> bytes:
    """A value of ``CLASSES`` as JSON. Raises Unkeepable."""
    writer = _Writer()
    told = writer.value(value)
    try:
        return orjson.dumps([writer.shared, told])
    except TypeError as fault:  # half a character, for one
        raise Unkeepable(str(fault)) from fault


def from_text(text: bytes) -> Any:
    """The value again."""
    shared, told = orjson.loads(text)
    reader = _Reader(shared)
    return reader.value(told)


class _Writer:
    """A list stands for what JSON has no word for: its first item says what it is."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}
        self.shared: list[Any] = []

    def value(self, value: Any) -> Any:
        """One value as JSON has it."""
        kind = type(value)
        if value is None or kind in (str, bool):
            return value
        if kind is int:
            return value if abs(value) < _LARGEST else ["i", str(value)]
        if kind in _SHARED:
            return ["s", self._shared(value)]
        if kind in _NUMBERS:
            return self._object(value)
        if kind is Fraction:
            return ["q", self.value(value.numerator), self.value(value.denominator)]
        if kind is tuple:
            return ["t", *map(self.value, value)]
        if kind is list:
            return ["l", *map(self.value, value)]
        if kind is date:
            return ["d", value.isoformat()]
        if kind is dict and all(type(key) is str for key in value):
            return {key: self.value(each) for key, each in value.items()}
        raise Unkeepable(f"{kind.__name__} has no form as data")

    def _object(self, value: Any) -> list[Any]:
        number = _NUMBERS[type(value)]
        return [number, *(self.value(getattr(value, name)) for name in _NAMES[number])]

    def _shared(self, value: Any) -> int:
        place = self._places.get(id(value))
        if place is None:
            told = self._object(value)
            place = self._places[id(value)] = len(self.shared)
            self.shared.append(told)
        return place


class _Reader:
    """The other way: objects are made of values that were checked before they were kept."""

    def __init__(self, shared: list[Any]) -> None:
        self._made: list[Any] = []
        for told in shared:
            self._made.append(self.value(told))

    def value(self, told: Any) -> Any:
        """One value from JSON."""
        kind = type(told)
        if kind is list:
            first = told[0]
            if type(first) is int:
                return CLASSES[first](*self._values(told))
            if first == "s":
                return self._made[told[1]]
            return self._READERS[first](self, told)
        if kind is dict:
            return {key: each if type(each) in _AS_IT_IS else self.value(each) for key, each in told.items()}
        return told

    def _values(self, told: list[Any]) -> list[Any]:
        """All but the first, which says what they are."""
        return [each if type(each) in _AS_IT_IS else self.value(each) for each in told[1:]]

    _READERS: Mapping[str, Callable[[_Reader, list[Any]], Any]] = {
        "q": lambda self, told: Fraction(*self._values(told)),
        "t": lambda self, told: tuple(self._values(told)),
        "l": lambda self, told: self._values(told),
        "d": lambda self, told: date.fromisoformat(told[1]),
        "i": lambda self, told: int(told[1]),
    }
