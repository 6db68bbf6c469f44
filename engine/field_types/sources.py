"""Named sources of choices and of proposed rows: what ``options_from`` and ``rows_from`` may name.

A form's own list of that name comes first. Others are registered here by whoever has the data::

    @source("units_of_measure")
    def units_of_measure(context, values): ...

gives a map of keys to entries for ``options_from`` (``{title, …}``), or a list of rows for ``rows_from``. One that
has to look into the database is registered with ``store_source`` and also gets ``(session, region_id)`` first; it is
asked for a stored case only, on paper a scenario gives the answer itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Concatenate

from engine.definitions.model import Text
from engine.errors import AlurError
from engine.field_types.question import Context

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Source = Callable[[Context, Mapping[str, Any]], Any]
StoreSource = Callable[Concatenate["Session", int, ...], Any]  # session, region's id, context, values

SOURCES: dict[str, Source] = {}
STORE_SOURCES: dict[str, StoreSource] = {}


def source(name: str) -> Callable[[Source], Source]:
    """Registers the decorated function as the source ``name``; a name used twice is refused."""

    def register(function: Source) -> Source:
        _refuse_other(name, function)
        SOURCES[name] = function
        return function

    return register


def store_source(name: str) -> Callable[[StoreSource], StoreSource]:
    """The same for a source that looks into the database."""

    def register(function: StoreSource) -> StoreSource:
        _refuse_other(name, function)
        STORE_SOURCES[name] = function
        return function

    return register


def _refuse_other(name: str, function: Callable[..., Any]) -> None:
    standing = SOURCES.get(name) or STORE_SOURCES.get(name)
    if standing is not None and standing.__module__ != function.__module__:
        raise AlurError(f"the source {name!r} is registered by {standing.__module__} already")


def names() -> frozenset[str]:
    """Every source that is registered."""
    return frozenset((*SOURCES, *STORE_SOURCES))


def _asked(name: str, context: Context, values: Mapping[str, Any]) -> Any:
    registered = SOURCES.get(name)
    if registered is not None:
        return registered(context, values)
    scope = context.scope
    if name not in STORE_SOURCES or scope is None or scope.store is None:
        return None
    return STORE_SOURCES[name](*scope.store, context, values)


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
    found = _asked(name, context, MappingProxyType({}))
    return found if isinstance(found, Mapping) else {}


def proposed_rows(name: str, context: Context, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The raw rows a source proposes, each with its ``row_key``; empty when there is no such source."""
    found = _asked(name, context, values)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list | tuple) else []
