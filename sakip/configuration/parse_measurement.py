"""`measurement.yaml` as a value: periods, units, methods, consolidations, limits, bands (reference §5)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from engine.definitions.source import NULL, Entry, Node
from sakip.configuration.heads import Head
from sakip.configuration.measurement import (
    PROVISIONAL,
    REFUSE,
    REPORTED,
    TO_DATE,
    UNIT_KINDS,
    VERIFIED,
    YEAR,
    Aggregate,
    Applied,
    EvidenceRule,
    Explanations,
    Measurement,
    Unit,
)
from sakip.configuration.parse_methods import parse_consolidation, parse_method
from sakip.configuration.parse_periods import parse_periods
from sakip.configuration.reading import MOST_PLACES, FieldReader

MEASUREMENT_REQUIRED = (
    "periods", "default_periods", "units_of_measure", "methods", "consolidations", "default_consolidation", "rounding",
    "bands", "applies",
)  # fmt: skip
MEASUREMENT_KEYS = (
    *MEASUREMENT_REQUIRED, "scales", "directions", "target_basis", "limits", "complete", "aggregates", "evidence",
    "explanations",
)  # fmt: skip
NUMBER_KINDS = ("number", "percent")
LARGEST_EVIDENCE = 20_000_000


def parse_measurement(root: Node, head: Head, reader: FieldReader) -> Measurement:
    """The value of a file whose top-level keys were looked at. Names of other things are kept as written."""
    given = {key: entry for key, entry in root.entries.items() if entry.value.kind != NULL}
    floor, cap = _limits(given.get("limits"), reader)
    consolidations = reader.named(given.get("consolidations"))
    when_incomplete, counts, marks = _complete(given.get("complete"), reader)
    return Measurement(
        head,
        parse_periods(given.get("periods"), reader),
        reader.text(given.get("default_periods")),
        {key: _unit(key, entry, reader) for key, entry in reader.named(given.get("units_of_measure")).items()},
        {key: _scale(entry, reader) for key, entry in reader.named(given.get("scales")).items()},
        {key: parse_method(key, entry, head, reader) for key, entry in reader.named(given.get("methods")).items()},
        {key: reader.text(entry) for key, entry in reader.named(given.get("directions")).items()},
        {key: parse_consolidation(key, entry, reader) for key, entry in consolidations.items()},
        reader.text(given.get("default_consolidation")),
        reader.choice(given.get("target_basis"), (TO_DATE, YEAR), TO_DATE) or TO_DATE,
        floor,
        cap,
        reader.rounding(given.get("rounding")),
        when_incomplete,
        counts,
        marks,
        {key: _aggregate(key, entry, reader) for key, entry in reader.named(given.get("aggregates")).items()},
        {key: reader.bands(entry) for key, entry in reader.named(given.get("bands")).items()},
        {key: _applied(entry, reader) for key, entry in reader.named(given.get("applies")).items()},
        _evidence(given.get("evidence"), reader),
        _explanations(given.get("explanations"), reader),
    )  # fmt: skip


def _unit(key: str, entry: Entry, reader: FieldReader) -> Unit:
    given = reader.given(entry, ("title", "kind", "places", "scale"), ("kind",))
    kind = reader.choice(given.get("kind"), UNIT_KINDS, "number") or "number"
    places = reader.count(given.get("places"), 2 if kind in NUMBER_KINDS else 0, 0, MOST_PLACES)
    return Unit(key, reader.title(given.get("title"), key), kind, places, reader.optional_text(given.get("scale")))


def _scale(entry: Entry, reader: FieldReader) -> Mapping[str, Fraction]:
    """Grades as written; which value is the best is for the checks to say."""
    values = {grade: reader.fraction(value) for grade, value in reader.free(entry).items()}
    return {grade: value for grade, value in values.items() if value is not None}


def _limits(entry: Entry | None, reader: FieldReader) -> tuple[Fraction | None, Fraction | None]:
    if entry is None:
        return None, None
    given = reader.given(entry, ("floor", "cap"))
    floor, cap = reader.fraction(given.get("floor")), reader.fraction(given.get("cap"))
    if floor is not None and cap is not None and cap < floor:
        reader.wrong(given["cap"].value, "Batas atas di bawah batas bawah.", "The cap is below the floor.")
        cap = None
    return floor, cap


def _complete(entry: Entry | None, reader: FieldReader) -> tuple[str, str, Mapping[str, str]]:
    given = {} if entry is None else reader.given(entry, ("when_incomplete", "counts", "mark"))
    marks = {} if "mark" not in given else reader.given(given["mark"], (REPORTED, VERIFIED))
    return (
        reader.choice(given.get("when_incomplete"), (REFUSE, PROVISIONAL), REFUSE) or REFUSE,
        reader.choice(given.get("counts"), (REPORTED, VERIFIED), REPORTED) or REPORTED,
        {key: reader.choice(each, (PROVISIONAL, "none"), PROVISIONAL) or PROVISIONAL for key, each in marks.items()},
    )


def _aggregate(key: str, entry: Entry, reader: FieldReader) -> Aggregate:
    given = reader.given(entry, ("of", "by", "limited", "leave_out"), ("of",))
    return Aggregate(
        key,
        reader.text(given.get("of")),
        reader.choice(given.get("by"), ("average", "weight"), "average") or "average",
        reader.boolean(given.get("limited")),
        reader.names(given.get("leave_out")),
    )


def _applied(entry: Entry, reader: FieldReader) -> tuple[Applied, ...]:
    found = []
    for key, inner in reader.named(entry).items():
        given = reader.given(inner, ("valid_from", "bands", "legal_basis"), ("valid_from", "bands"))
        day, bands = reader.date(given.get("valid_from")), reader.text(given.get("bands"))
        basis = reader.legal_basis(given.get("legal_basis"))
        if day is not None:
            found.append(Applied(key, day, bands, basis))
    return tuple(sorted(found, key=lambda each: each.valid_from))


def _evidence(entry: Entry | None, reader: FieldReader) -> EvidenceRule:
    given = {} if entry is None else reader.given(entry, ("accepts", "types", "max_size", "minimum", "keep_years"))
    return EvidenceRule(
        reader.words(given.get("accepts"), ("file", "link")) if "accepts" in given else ("file", "link"),
        reader.names(given.get("types")),
        reader.size(given.get("max_size"), LARGEST_EVIDENCE),
        reader.count(given.get("minimum"), 0, 0, 1000),
        reader.count(given.get("keep_years"), 5, 0, 1000),
    )


def _explanations(entry: Entry | None, reader: FieldReader) -> Explanations:
    given = {} if entry is None else reader.given(entry, ("required_when", "fields"))
    return Explanations(
        reader.names(given.get("required_when")),
        reader.words(given.get("fields"), ("drivers", "obstacles", "actions")),
    )
