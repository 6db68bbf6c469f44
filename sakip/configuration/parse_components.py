"""The body of the worksheet: components, sub-components, criteria with what each asks (reference §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from engine.definitions.source import MAP, Entry
from sakip.configuration.evaluation import (
    AVERAGE,
    BY_ANSWER,
    BY_EVIDENCE,
    FULL,
    LEAVE_OUT,
    REGION,
    UNIT,
    Asked,
    Component,
    Criterion,
    Scale,
    SubComponent,
)
from sakip.configuration.parse_scales import parse_scale
from sakip.configuration.reading import FieldReader

_SUB_KEYS = ("order", "title", "weight", "scoring", "scale", "answered_by", "criteria")
_CRITERION_KEYS = (
    "order", "title", "active", "subjects", "unit_types", "scale", "points", "needs", "not_applicable", "answered_by",
    "evidence",
)  # fmt: skip
FURTHEST_YEARS = 30


@dataclass(frozen=True, slots=True)
class _Around:
    """What a criterion has from what stands around it."""

    path: str
    scale: Scale | None
    is_answered_by_evidence: bool
    scales: Mapping[str, Scale]
    subjects: tuple[str, ...]


def parse_components(
    entry: Entry | None, scales: Mapping[str, Scale], subjects: tuple[str, ...], reader: FieldReader
) -> Mapping[str, Component]:
    """Everything in its order. A scale that is named and not known is None."""
    found = [_component(key, each, scales, subjects, reader) for key, each in reader.named(entry).items()]
    return {one.key: one for one in sorted(found, key=lambda each: each.order)}


def _component(
    key: str, entry: Entry, scales: Mapping[str, Scale], subjects: tuple[str, ...], reader: FieldReader
) -> Component:
    given = reader.given(entry, ("order", "title", "weight", "sub_components"), ("weight", "sub_components"))
    subs = [
        _sub_component(name, f"{key}.{name}", each, scales, subjects, reader)
        for name, each in reader.named(given.get("sub_components")).items()
    ]
    return Component(
        key,
        reader.order(given),
        reader.title(given.get("title"), key),
        _weight(given, reader),
        {sub.key: sub for sub in sorted(subs, key=lambda each: each.order)},
    )


def _sub_component(
    key: str,
    path: str,
    entry: Entry,
    scales: Mapping[str, Scale],
    subjects: tuple[str, ...],
    reader: FieldReader,
) -> SubComponent:
    given = reader.given(entry, _SUB_KEYS, ("weight", "scoring"))
    scale = _scale(given.get("scale"), scales, reader)
    by_evidence = reader.choice(given.get("answered_by"), (BY_ANSWER, BY_EVIDENCE), BY_ANSWER) == BY_EVIDENCE
    around = _Around(path, scale, by_evidence, scales, subjects)
    criteria = [_criterion(name, each, around, reader) for name, each in reader.named(given.get("criteria")).items()]
    return SubComponent(
        key,
        path,
        reader.order(given),
        reader.title(given.get("title"), key),
        _weight(given, reader),
        reader.text(given.get("scoring"), AVERAGE),
        scale,
        by_evidence,
        {one.key: one for one in sorted(criteria, key=lambda each: each.order)},
    )


def _weight(given: Mapping[str, Entry], reader: FieldReader) -> Fraction:
    return reader.fraction(given.get("weight"), 0) or Fraction(0)


def _scale(entry: Entry | None, scales: Mapping[str, Scale], reader: FieldReader) -> Scale | None:
    """A scale by its name, or one written in place."""
    if entry is None:
        return None
    if entry.value.kind == MAP:
        return parse_scale("", entry, reader)
    return scales.get(reader.text(entry))


def _criterion(key: str, entry: Entry, around: _Around, reader: FieldReader) -> Criterion:
    given = reader.given(entry, _CRITERION_KEYS)
    own = reader.choice(given.get("answered_by"), (BY_ANSWER, BY_EVIDENCE))
    return Criterion(
        key,
        f"{around.path}.{key}",
        reader.order(given),
        reader.title(given.get("title"), key),
        reader.boolean(given.get("active"), True),
        reader.words(given.get("subjects"), (REGION, UNIT)) if "subjects" in given else around.subjects,
        reader.names(given.get("unit_types")) if "unit_types" in given else None,
        _scale(given.get("scale"), around.scales, reader) if "scale" in given else around.scale,
        reader.fraction(given.get("points"), 0),
        reader.optional_text(given.get("needs")),
        reader.choice(given.get("not_applicable"), (FULL, LEAVE_OUT)),
        around.is_answered_by_evidence if own is None else own == BY_EVIDENCE,
        tuple(_asked(kind, each, reader) for kind, each in reader.named(given.get("evidence")).items()),
    )


def _asked(kind: str, entry: Entry, reader: FieldReader) -> Asked:
    given = reader.given(entry, ("years",))
    if "years" not in given:
        return Asked(kind, (0,))
    years = []
    for node in reader.nodes(given["years"]):
        year = reader.integer(Entry(node, node), -FURTHEST_YEARS, 0)
        if year is not None and year not in years:
            years.append(year)
    return Asked(kind, tuple(years))
