"""A measurement report as its case holds it: rows proposed, looked at when they come back, read into facts (§3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.field_types.sources import RowFault
from engine.field_types.table import ROW_KEY
from sakip.configuration.measurement import Measurement, Unit
from sakip.entry import read_text
from sakip.facts.due import DuePeriod, DueRow, due_period, reporting_unit
from sakip.facts.evidence import REFUSED, pieces_of, registers_of
from sakip.facts.realisations import TEXTS, Filled
from sakip.judged import Result
from sakip.measure import Facts, Reported, measure
from sakip.reasons import NOT_A_NUMBER, WRONG_KIND, Reason
from sakip.report_rules import Row, check_rows
from sakip.values import NOT_ISSUED, Absence, Milestones, Range, Realisation, Target, as_text

COPIED = ("indicator", "unit", "target")  # columns a report takes from the tree; the facts never come from them
UNKNOWN_ROW, ROW_MISSING, NOT_EDITABLE, REQUIRED, UNKNOWN_EVIDENCE = (
    "unknown_row", "row_missing", "not_editable", "required", "unknown_evidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about, as its ``rows_from`` says it."""

    year: int | None
    period: str | None
    unit_id: int | None
    agreement: str | None

    @classmethod
    def of(cls, session: Session, region_id: int, values: Mapping[str, Any]) -> Asked:
        """Read ``with``: ``year``, ``period``, ``of`` (the case's unit), ``unit`` (a chosen one), ``agreement``."""
        year = values.get("year")
        own, chosen = number_of(values.get("of")), number_of(values.get("unit"))
        unit = reporting_unit(session, region_id, own, chosen)
        return cls(None if year is None else int(year), values.get("period"), unit, values.get("agreement") or None)

    def due(self, session: Session, region_id: int) -> DuePeriod | None:
        """Everything that is due then."""
        if self.year is None or self.period is None or self.unit_id is None:
            return None
        return due_period(session, region_id, self.unit_id, self.year, self.period, self.agreement)


def number_of(given: Any) -> int | None:
    """A unit as an expression gives it, by its number; None for none."""
    plain = getattr(given, "id", given)
    return int(plain) if isinstance(plain, int) or (isinstance(plain, str) and plain.isdecimal()) else None


def proposed_rows(session: Session, region_id: int, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row an indicator that is due: its key, name, unit and target; everything else is the reporter's."""
    due = Asked.of(session, region_id, values).due(session, region_id)
    return [] if due is None else [proposed_row(row) for row in due.rows]


def proposed_row(row: DueRow) -> dict[str, Any]:
    """One of them."""
    return {
        ROW_KEY: row.indicator.key,
        "indicator": row.name,
        "unit": row.indicator.measured.unit,
        "target": target_text(row.target),
    }


def proposed_verification(session: Session, region_id: int, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same rows as the verifier ticks them off."""
    due = Asked.of(session, region_id, values).due(session, region_id)
    return [] if due is None else [{ROW_KEY: row.indicator.key, "row": row.name} for row in due.rows]


def target_text(target: Target | None) -> str | None:
    """A target as a report prints it, in the form values are typed in: ``34,5``, ``60–70``, a grade, ``ya``."""
    if target is None:
        return None
    if isinstance(target, bool):
        return "ya" if target else "tidak"
    if isinstance(target, Range):
        return f"{target_text(target.low)}–{target_text(target.high)}"
    if isinstance(target, Milestones):
        return "; ".join(target.weights)
    return target if isinstance(target, str) else as_text(target).replace(".", ",")


def row_value(rules: Measurement, due: DueRow, row: Mapping[str, Any]) -> Realisation | Absence | Reason | None:
    """What a row of a report says: a value, *not issued*, None for nothing, or why it is no value."""
    text = str(row.get("value") or "").strip()
    if row.get("not_issued"):
        return NOT_ISSUED
    if not text:
        return None
    unit: Unit | None = rules.units.get(due.indicator.measured.unit)
    return Reason(WRONG_KIND, {"unit": due.indicator.measured.unit}) if unit is None else read_text(rules, unit, text)


def row_result(due: DuePeriod, row: DueRow, value: Realisation | Absence | None) -> Result:
    """What a value would make of the row's period: by its own target, before anybody reports it."""
    facts = Facts({due.period: row.target}, {due.period: Reported(value)})
    return measure(due.rules, row.indicator.measured, facts, due.period, due.day)


def check_report(
    session: Session,
    region_id: int,
    values: Mapping[str, Any],
    before: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
    is_final: bool,
) -> Iterator[RowFault]:
    """What is wrong with the rows of a report; ``before`` are those the case has, ``is_final`` when it is sent."""
    asked = Asked.of(session, region_id, values)
    due = asked.due(session, region_id)
    if due is None:
        yield RowFault(None, "", UNKNOWN_ROW, Text("Tidak ada yang diukur untuk periode ini.", "Nothing is due then."))
        return
    standing = {str(row.get(ROW_KEY)): row for row in before}
    seen: set[str] = set()
    sound: list[tuple[int, DueRow, Mapping[str, Any], Realisation | Absence | None]] = []
    for place, row in enumerate(rows):
        key = str(row.get(ROW_KEY) or "")
        found = due.row(key)
        if found is None or key in seen:
            yield RowFault(place, "indicator", UNKNOWN_ROW, _NOT_DUE)
            continue
        seen.add(key)
        yield from _copied(place, row, standing.get(key))
        value = row_value(due.rules, found, row)
        if isinstance(value, Reason):
            yield RowFault(place, "value", value.code, said_beside(value))
        elif value is NOT_ISSUED and str(row.get("value") or "").strip():
            yield RowFault(place, "value", "not_issued", _BOTH)
        else:
            sound.append((place, found, row, value))
    if is_final:
        yield from _incomplete(due, seen)
        yield from _unsent(session, region_id, asked.unit_id, due, sound)


def _copied(place: int, row: Mapping[str, Any], before: Mapping[str, Any] | None) -> Iterator[RowFault]:
    """Columns copied from the tree are not the reporter's to change."""
    for column in COPIED:
        if before is not None and row.get(column) != before.get(column):
            yield RowFault(place, column, NOT_EDITABLE, _FIXED)


def _incomplete(due: DuePeriod, seen: set[str]) -> Iterator[RowFault]:
    for row in due.rows:
        if row.indicator.key not in seen:
            said = Text(
                f"Indikator yang jatuh tempo belum ada: {row.name}.", f"A due indicator is missing: {row.name}."
            )
            yield RowFault(None, "", ROW_MISSING, said)


def _unsent(
    session: Session,
    region_id: int,
    unit_id: int | None,
    due: DuePeriod,
    sound: Sequence[tuple[int, DueRow, Mapping[str, Any], Realisation | Absence | None]],
) -> Iterator[RowFault]:
    """What keeps rows from being sent: nothing filled in, evidence and explanations (§5.14)."""
    usable = usable_pieces(session, region_id, unit_id, [piece for _, _, row, _ in sound for piece in evidence_of(row)])
    places: dict[str, int] = {}
    asked: list[Row] = []
    for place, found, row, value in sound:
        pieces = evidence_of(row)
        if value is None:
            yield RowFault(place, "value", REQUIRED, _FILL)
            continue
        if unknown := [piece for piece in pieces if piece not in usable]:
            named = ", ".join(str(piece) for piece in unknown)
            said = Text(
                f"Bukan bukti yang dapat dipakai di sini: {named}.", f"No evidence that may be used here: {named}."
            )
            yield RowFault(place, "evidence", UNKNOWN_EVIDENCE, said)
        key = found.indicator.key
        places[key] = place
        texts = {name: row.get(name) for name in TEXTS}
        is_absent = isinstance(value, Absence)
        asked.append(Row(key, row_result(due, found, value), is_absent, len(set(pieces) & usable), texts))
    for problem in check_rows(due.rules, asked):
        yield RowFault(places[problem.row], problem.field, problem.code, problem.message)


def evidence_of(row: Mapping[str, Any]) -> list[int]:
    """The pieces of the register a row names, by number; what is no number counts as 0, which no piece has."""
    return [int(one) if str(one).isdecimal() else 0 for one in row.get("evidence") or ()]


def usable_pieces(
    session: Session, region_id: int, unit_id: int | None, pieces: Iterable[int], is_sent: bool = False
) -> set[int]:
    """Those of some pieces that the unit may use: the region's, its own, those of units above it and of those it came
    from, not refused. Of a report that ``is_sent`` also what was refused since: it was used, and its use says so."""
    above = {None, *registers_of(session, unit_id)}
    return {
        one.id
        for one in pieces_of(session, region_id, pieces).values()
        if one.unit_id in above and (is_sent or one.state != REFUSED)
    }


def check_verification(due_keys: set[str], rows: Sequence[Mapping[str, Any]], is_final: bool) -> Iterator[RowFault]:
    """What is wrong with a verifier's ticks: a foreign row, a row not looked at, one returned without a note."""
    seen: set[str] = set()
    for place, row in enumerate(rows):
        key = str(row.get(ROW_KEY) or "")
        if key not in due_keys or key in seen:
            yield RowFault(place, "row", UNKNOWN_ROW, _NOT_DUE)
            continue
        seen.add(key)
        if is_final and row.get("accepted") is False and not str(row.get("note") or "").strip():
            yield RowFault(place, "note", REQUIRED, _NOTE)
    if is_final and due_keys - seen:
        yield RowFault(None, "", ROW_MISSING, _LOOK)


def filled_of(due: DuePeriod, rows: Sequence[Mapping[str, Any]]) -> list[Filled]:
    """The realisations the rows of a report stand for; rows that say nothing, or nothing that can be read, are none."""
    found = []
    for row in rows:
        of = due.row(str(row.get(ROW_KEY) or ""))
        value = None if of is None else row_value(due.rules, of, row)
        if of is not None and value is not None and not isinstance(value, Reason):
            texts = {name: str(row.get(name) or "") for name in TEXTS}
            found.append(Filled(of.indicator.key, due.period, value, texts))
    return found


def said_beside(reason: Reason) -> Text:
    """The sentence of a reason as it stands beside a field; one that begins with what was typed keeps it as it is."""
    told = (one if reason.code == NOT_A_NUMBER else f"{one[:1].upper()}{one[1:]}" for one in _both(reason.sentence))
    return Text(*(one if one.endswith("?") else f"{one}." for one in told))


def _both(text: Text) -> tuple[str, str]:
    return text.id, text.en


_NOT_DUE = Text("Indikator ini tidak dilaporkan di sini.", "This indicator is not reported here.")
_FIXED = Text("Kolom ini berasal dari pohon kinerja.", "This column comes from the tree of goals.")
_BOTH = Text("Isi nilainya atau pilih belum terbit, bukan keduanya.", "Give the value or choose not issued, not both.")
_FILL = Text("Isi nilainya, nol pun diisi, atau pilih belum terbit.", "Give the value, zero too, or choose not issued.")
_NOTE = Text("Tulis apa yang harus diperbaiki.", "Say what has to be improved.")
_LOOK = Text("Periksa setiap baris.", "Look at every row.")
