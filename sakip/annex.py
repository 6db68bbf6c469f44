"""The annex of a printed agreement: rows and columns as the region's own form has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency

from engine.definitions.model import Field, Form
from engine.field_types import FIELD_TYPES
from engine.field_types.question import Context
from engine.field_types.reading.amounts import shown

QUARTERS = ("quarter_1", "quarter_2", "quarter_3", "quarter_4")
# Columns of the base's form. Printed are those of the regulation's model; the others serve measuring and cascading.
INDICATOR_COLUMNS = frozenset(
    ("code", "statement", "unit", *QUARTERS, "target", "weight", "is_key", "direction", "consolidation", "baseline",
     "data_source", "meaning", "formula", "parent_indicator")
)  # fmt: skip
PROGRAMME_COLUMNS = frozenset(("code", "name", "supports", "source", "budget"))
NEVER_PRINTED = frozenset(("file", "files", "signature", "heading", "table"))  # nothing that fits into a cell
PORTRAIT = 1  # more columns than this, beside the model's own, need the page turned


class Annex:
    """Reads a form once: which columns are printed. A region's form may lack columns, and have some of its own.

    The quarters are printed where the form requires them, the region's own columns always, under their titles.
    """

    def __init__(self, form: Form) -> None:
        self._form = form
        indicators = self._columns("goals", "indicators")
        programmes = self._columns("programmes")
        self.has_quarters = all(key in indicators and indicators[key].is_required for key in QUARTERS)
        self._more_of_indicators = _more(indicators, INDICATOR_COLUMNS)
        self._more_of_programmes = _more(programmes, PROGRAMME_COLUMNS)
        source = programmes.get("source")
        self._sources = _mapping(source.options.get("options")) if source is not None else {}

    @property
    def more_indicator_titles(self) -> list[str]:
        """Headings of the region's own columns of an indicator."""
        return [column.title.id for column in self._more_of_indicators]

    @property
    def more_programme_titles(self) -> list[str]:
        """Headings of the region's own columns of a programme."""
        return [column.title.id for column in self._more_of_programmes]

    @property
    def is_wide(self) -> bool:
        """Whether the annex is printed across the page."""
        more = max(len(self._more_of_indicators), len(self._more_of_programmes))
        return self.has_quarters or more > PORTRAIT

    def goal(self, goal: Mapping[str, Any]) -> dict[str, Any]:
        """A goal with its indicators; one without has an empty row, so that the table stays one."""
        rows: Sequence[Mapping[str, Any]] = goal.get("indicators") or ({},)
        return {"statement": str(goal.get("statement") or ""), "indicators": [self._indicator(row) for row in rows]}

    def _indicator(self, row: Mapping[str, Any]) -> dict[str, Any]:
        unit = _mapping(self._form.units_of_measure.get(str(row.get("unit"))))
        title = _mapping(unit.get("title"))
        weight = row.get("weight")
        places = unit.get("places")
        return {
            "name": str(row.get("statement") or ""),
            "is_key": bool(row.get("is_key")),
            "note": None,
            "quarters": [_measure(row.get(key), places) for key in QUARTERS] if self.has_quarters else [],
            "target": _measure(row.get("target"), places),
            "unit": str(title.get("id") or row.get("unit") or ""),
            "weight": "" if weight is None else shown(weight, "id"),
            "more": [self._shown(column, row) for column in self._more_of_indicators],
        }

    def programme(self, at: int, row: Mapping[str, Any]) -> dict[str, Any]:
        """A programme, ``at`` counted from 1."""
        budget = row.get("budget")
        return {
            "kind": "row",
            "no": str(at),
            "code": str(row.get("code") or ""),
            "name": str(row.get("name") or ""),
            "budget": "" if budget is None else rupiah(budget),
            "source": self._source(str(row.get("source") or "")),
            "more": [self._shown(column, row) for column in self._more_of_programmes],
        }

    def _source(self, key: str) -> str:
        """The short name of where money comes from. Keys are the abbreviations themselves, but for *other*."""
        title = _mapping(_mapping(self._sources.get(key)).get("title")).get("id")
        return str(title or key.upper())

    def _columns(self, *path: str) -> Mapping[str, Field]:
        fields: Mapping[str, Field] = self._form.fields
        for key in path:
            if key not in fields:
                return {}
            fields = fields[key].columns
        return fields

    def _shown(self, column: Field, row: Mapping[str, Any]) -> str:
        value = row.get(column.key)
        if value is None:
            return ""
        return FIELD_TYPES.values()[column.type].show(value, column, "id", Context(form=self._form, beside=row))


def _more(columns: Mapping[str, Field], known: frozenset[str]) -> list[Field]:
    return [column for key, column in columns.items() if key not in known and column.type not in NEVER_PRINTED]


def rupiah(value: int | Decimal) -> str:
    """Money as officials write it: Rp4.100.832.755."""
    pattern = "¤#,##0" if value == int(value) else "¤#,##0.00"
    return str(format_currency(value, "IDR", format=pattern, locale="id", currency_digits=False))


def _measure(value: Any, places: int | None) -> str:
    """A target as printed: numbers as the page of the case shows them, a predicate (``BB``) as it is. The sign of a
    percentage is left out: the unit has a column of its own."""
    if value is None:
        return ""
    return shown(value, "id", places) if isinstance(value, int | Decimal) else str(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
