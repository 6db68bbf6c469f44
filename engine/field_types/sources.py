"""Named sources of choices and of proposed rows: what ``options_from`` and ``rows_from`` may name.

A form's own list of that name comes first. Others are registered here by whoever has the data::

    @source("units_of_measure")
    def units_of_measure(context, values): ...

gives a map of keys to entries for ``options_from`` (``{title, …}``), or a list of rows for ``rows_from``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from engine.definitions.model import Text
from engine.errors import AlurError
from engine.field_types.question import Context

Source = Callable[[Context, Mapping[str, Any]], Any]

SOURCES: dict[str, Source] = {}


def source(name: str) -> Callable[[Source], Source]:
    """Registers the decorated function as the source ``name``; a name used twice is refused."""

    def register(function: Source) -> Source:
        standing = SOURCES.get(name)
        if standing is not None and standing.__module__ != function.__module__:
            raise AlurError(f"the source {name!r} is registered by {standing.__module__} already")
        SOURCES[name] = function
        return function

    return register


def _unit(kind: str, indonesian: str, english: str, **more: Any) -> Mapping[str, Any]:
    return MappingProxyType({"kind": kind, "title": Text(indonesian, english)} | more)


# What targets are counted in, in most agreements seen; a form that needs others brings its own list.
UNITS_OF_MEASURE: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "number": _unit("number", "Angka", "Number"),
        "percent": _unit("percent", "Persen (%)", "Percent (%)"),
        "index": _unit("number", "Indeks", "Index", places=2),
        "score": _unit("number", "Nilai", "Score", places=2),
        "predicate": _unit("predicate", "Predikat", "Predicate"),
        "people": _unit("number", "Orang", "People", places=0, minimum=0),
        "unit": _unit("number", "Unit kerja", "Units", places=0, minimum=0),
        "document": _unit("number", "Dokumen", "Documents", places=0, minimum=0),
        "report": _unit("number", "Laporan", "Reports", places=0, minimum=0),
        "activity": _unit("number", "Kegiatan", "Activities", places=0, minimum=0),
        "service": _unit("number", "Layanan", "Services", places=0, minimum=0),
        "village": _unit("number", "Desa/kelurahan", "Villages", places=0, minimum=0),
        "day": _unit("number", "Hari", "Days", places=0, minimum=0),
        "month": _unit("number", "Bulan", "Months", places=0, minimum=0),
        "rupiah": _unit("number", "Rupiah", "Rupiah", places=2),
    }
)


@source("units_of_measure")
def units_of_measure(context: Context, values: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The form's own units, or the ones above."""
    del values
    own = context.form.units_of_measure if context.form else None
    return own or UNITS_OF_MEASURE


def entries(name: str, context: Context) -> Mapping[str, Any]:
    """The choices of a named list: the form's own, or the registered source's; empty when there is neither."""
    form = context.form
    if form is not None:
        if form.option_lists.get(name):
            own: Mapping[str, Any] = form.option_lists[name]
            return own
        if name in form.scales:
            return {key: {} for key in form.scales[name]}
    registered = SOURCES.get(name)
    found = registered(context, MappingProxyType({})) if registered else {}
    return found if isinstance(found, Mapping) else {}


def proposed_rows(name: str, context: Context, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The raw rows a source proposes, each with its ``row_key``; empty when there is no such source."""
    registered = SOURCES.get(name)
    found = registered(context, values) if registered else ()
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list | tuple) else []
