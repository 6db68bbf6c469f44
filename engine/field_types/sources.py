"""Named sources of choices and of proposed rows: what ``options_from`` and ``rows_from`` may name.

A form's own list of that name comes first. Others are registered here by whoever has the data::

    @source("units_of_measure")
    def units_of_measure(context, values): ...

gives a map of keys to entries for ``options_from`` (``{title, …}``), or a list of rows for ``rows_from``. One that
has to look into the database is registered with ``store_source`` and also gets ``(session, region_id)`` first; it is
asked for a stored case only, on paper a scenario gives the answer itself.

Who proposes rows may also say what is wrong with the rows that come back::

    @rows_check("registry.lines")
    def lines(session, region_id, context, values, rows, is_final): ...

gives `RowFault`s. ``is_final`` is asked by an act that needs the table complete, not by one that only keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Concatenate

from engine.changes import FieldFault
from engine.definitions.model import Field, Text
from engine.definitions.scope import ExpressionFault
from engine.errors import AlurError
from engine.field_types.question import Context

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Source = Callable[[Context, Mapping[str, Any]], Any]
StoreSource = Callable[Concatenate["Session", int, ...], Any]  # session, region's id, context, values


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row: its place from 0 (None: with the rows together), the column, a code and a sentence."""

    row: int | None
    column: str
    code: str
    message: Text


# session, region's id, context, values, rows, whether the table has to be complete
RowsCheck = Callable[Concatenate["Session", int, ...], Iterable[RowFault]]

SOURCES: dict[str, Source] = {}
STORE_SOURCES: dict[str, StoreSource] = {}
ROW_CHECKS: dict[str, RowsCheck] = {}


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


def rows_check(name: str) -> Callable[[RowsCheck], RowsCheck]:
    """Registers the decorated function as what looks at the rows of tables with ``rows_from`` of that source."""

    def register(function: RowsCheck) -> RowsCheck:
        standing = ROW_CHECKS.get(name)
        if standing is not None and standing.__module__ != function.__module__:
            raise AlurError(f"the rows of {name!r} are looked at by {standing.__module__} already")
        ROW_CHECKS[name] = function
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


def row_faults(
    field: Field, context: Context, rows: Sequence[Mapping[str, Any]], *, is_final: bool
) -> Iterator[FieldFault]:
    """What the source of a table's rows says is wrong with these rows, by paths below the field.

    Nothing for a table without ``rows_from``, on paper, and where the source's ``with`` cannot be calculated.
    """
    asked = field.options.get("rows_from")
    scope = context.scope
    check = ROW_CHECKS.get(asked["source"]) if asked is not None else None
    if asked is None or check is None or scope is None or scope.store is None:
        return
    now = replace(scope, answers={**scope.answers, **context.beside})
    try:
        values = {name: each.evaluate(now) for name, each in asked["with"].items()}
    except ExpressionFault:
        return
    for fault in check(*scope.store, replace(context, scope=now), values, rows, is_final):
        place = [] if fault.row is None else [str(fault.row)]
        yield FieldFault(".".join([*place, *([fault.column] if fault.column else [])]), fault.message, fault.code)
