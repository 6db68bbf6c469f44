"""Realisations from a file: one row an indicator and period (reference §5.3, §5.4, §12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from sqlalchemy import select

from engine.definitions.model import Text
from sakip.configuration.measurement import Measurement
from sakip.entry import read_cell
from sakip.exchange.period_words import period_meant
from sakip.exchange.record import Reading
from sakip.exchange.table import Column, Kind
from sakip.exchange.work import POINT, Looked, Readings, Work
from sakip.facts.models import RealisationRow
from sakip.facts.realisations import REPORTED, TEXTS, VERIFIED, Filled, Origin, write
from sakip.facts.results import recompute
from sakip.facts.rulebook import Rulebook
from sakip.facts.stored_values import realisation_from_plain, realisation_to_plain
from sakip.facts.subjects import HeldIndicator, held_on, indicators_of
from sakip.reasons import Reason
from sakip.values import NOT_ISSUED, Absence, Realisation

KIND = Kind(
    "realisations",
    (
        Column("indicator", Text("Kunci indikator", "Indicator key"), ("indikator", "kode indikator"), required=True),
        Column("year", Text("Tahun", "Year"), ("tahun kinerja", "fiscal year")),
        Column("period", Text("Periode", "Period"), ("triwulan", "quarter", "tw", "bulan"), required=True),
        Column("value", Text("Realisasi", "Realisation"), ("nilai", "nilai realisasi"), required=True),
        Column("not_issued", Text("Belum terbit", "Not issued yet")),
        Column("state", Text("Keadaan", "State"), ("status",)),
        Column("drivers", Text("Faktor pendorong", "Drivers"), ("pendorong",)),
        Column("obstacles", Text("Faktor penghambat", "Obstacles"), ("penghambat", "kendala", "hambatan")),
        Column("actions", Text("Tindak lanjut", "Actions"), ("upaya", "rencana tindak lanjut")),
        Column("unit", Text("Perangkat daerah", "Unit"), ("opd", "skpd", "unit kerja")),
        Column("name", Text("Nama indikator", "Indicator name"), used=False),
        Column("measure", Text("Satuan", "Unit of measure"), used=False),
        Column("target", Text("Target", "Target"), used=False),
        Column("source", Text("Sumber", "Source"), used=False),
        Column("at", Text("Dicatat pada", "Recorded at"), used=False),
    ),
)
_NOT_ISSUED = frozenset(("belum terbit", "not issued", "not issued yet", NOT_ISSUED.value))
_STATES = {
    "": REPORTED, "reported": REPORTED, "dilaporkan": REPORTED, "terlapor": REPORTED,
    "verified": VERIFIED, "disahkan": VERIFIED, "terverifikasi": VERIFIED,
}  # fmt: skip
_SUGGESTIONS = 50  # a search among thousands of keys each: the first rows show what is wrong

Place = tuple[str, str]  # indicator, period


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands at a place now, as it is stored."""

    plain: Any
    is_not_issued: bool
    state: str
    texts: Mapping[str, str]
    is_imported: bool


class _Year:
    """Everything about one fiscal year that rows are held against."""

    def __init__(self, work: Work, book: Rulebook, year: int) -> None:
        session, region_id = work.session, work.wish.region_id
        self.rules: Measurement | None = book.of_year(year)
        self.indicators: Mapping[str, Sequence[HeldIndicator]] = indicators_of(session, region_id, year)
        columns = (
            RealisationRow.indicator_key, RealisationRow.period, RealisationRow.value, RealisationRow.is_not_issued,
            RealisationRow.state, RealisationRow.drivers, RealisationRow.obstacles, RealisationRow.actions,
            RealisationRow.digest,
        )  # fmt: skip
        of_year = (RealisationRow.region_id == region_id, RealisationRow.year == year)
        self.standing: dict[Place, _Standing] = {
            (key, period): _Standing(
                value, is_not_issued, state, dict(zip(TEXTS, texts, strict=True)), digest is not None
            )
            for key, period, value, is_not_issued, state, *texts, digest in session.execute(
                select(*columns).where(*of_year, RealisationRow.is_current)
            )
        }
        written = select(RealisationRow.indicator_key, RealisationRow.period)
        written = written.where(*of_year, RealisationRow.digest == work.digest)
        self.written: set[Place] = {(key, period) for key, period in session.execute(written)}
        self.rows: dict[Place, int] = {}


class _Looking:
    def __init__(self, work: Work) -> None:
        self._work = work
        self._book = Rulebook(work.session, work.wish.region_id)
        self._years: dict[int, _Year] = {}
        self._left = _SUGGESTIONS
        self.unchanged = 0
        self.groups: dict[tuple[int, int | None, str], list[Filled]] = {}

    def look(self, reading: Reading) -> None:
        year = reading.year("year", self._work.wish.year)
        key = reading.text("indicator", required=True)
        said = reading.cell("period", required=True)
        if reading.is_bad or year is None or said is None:
            return
        if year not in self._years:
            self._years[year] = _Year(self._work, self._book, year)
        of = self._years[year]
        if of.rules is None:
            reading.tell("year", "no_measurement", f"Pengukuran {year} belum ditetapkan.", f"No measurement of {year}.")
            return
        versions = of.indicators.get(key)
        if not versions:
            self._tell_unknown(reading, key, of)
            return
        period = period_meant(reading, of.rules, versions[-1].measured, said)
        if period is None:
            return
        meant = of.rules.periods[versions[-1].measured.periods or of.rules.default_periods].items[period]
        ends = meant.last_day(year)
        held: HeldIndicator = held_on(versions, ends) or versions[0]
        if self._is_foreign(reading, held) or self._is_doubled(reading, of, (key, period)):
            return
        rules = self._book.on(year, ends) or of.rules
        filled = self._filled(reading, of, rules, held, period)
        if filled is not None and not reading.is_bad:
            self._compare(reading, of, year, held.unit, filled, meant.title)

    def _tell_unknown(self, reading: Reading, key: str, of: _Year) -> None:
        near = get_close_matches(key, of.indicators, 1) if self._left > 0 else []
        self._left -= 1
        reading.tell(
            "indicator", "unknown_indicator",
            f'"{key[:80]}" tidak ada.' + (f' Mungkin maksudnya "{near[0]}".' if near else ""),
            f'There is no "{key[:80]}".' + (f' Did you mean "{near[0]}"?' if near else ""),
        )  # fmt: skip

    def _is_foreign(self, reading: Reading, held: HeldIndicator) -> bool:
        """A row about a unit that is not asked for; a unit that is named has to be the indicator's own."""
        named = reading.text("unit")
        unit = self._work.units.get(named.casefold()) if named else held.unit
        if named and unit is None and named.casefold() != self._work.region_key.casefold():
            reading.tell("unit", "unknown_unit", f'"{named[:80]}" tidak ada.', f'There is no "{named[:80]}".')
        elif named and unit != held.unit:
            reading.tell(
                "unit", "other_unit", "Indikator ini milik perangkat daerah lain.",
                "This indicator belongs to another unit.",
            )  # fmt: skip
        elif not self._work.may_write(held.unit):
            reading.tell(
                "indicator", "other_unit", "Indikator ini bukan milik perangkat daerah yang dipilih.",
                "This indicator is not of the chosen unit.",
            )  # fmt: skip
        else:
            return False
        return True

    @staticmethod
    def _is_doubled(reading: Reading, of: _Year, place: Place) -> bool:
        first = of.rows.setdefault(place, reading.record.row)
        if first != reading.record.row:
            reading.tell(
                "", "doubled_row", f"Indikator dan periode ini sudah ada di baris {first}.",
                f"This indicator and period stand in row {first} already.",
            )  # fmt: skip
        return first != reading.record.row

    def _filled(
        self, reading: Reading, of: _Year, rules: Measurement, held: HeldIndicator, period: str
    ) -> Filled | None:  # fmt: skip
        value = self._value(reading, rules, held)
        standing = of.standing.get((held.key, period))
        kept: Mapping[str, str] = {} if standing is None else standing.texts
        texts = {
            name: reading.text(name) if name in reading.record.letters else kept.get(name, "") for name in TEXTS
        }  # fmt: skip
        return None if value is None else Filled(held.key, period, value, texts)

    def _value(self, reading: Reading, rules: Measurement, held: HeldIndicator) -> Realisation | Absence | None:
        cell = reading.cell("value")
        is_not_issued = reading.flag("not_issued") is True
        if isinstance(cell, str) and cell.casefold() in _NOT_ISSUED:
            cell, is_not_issued = None, True
        if reading.is_bad:
            return None
        if cell is None and not is_not_issued:
            self.unchanged += 1  # empty is not zero: nothing was filled in
            reading.settle(False)
            return None
        if is_not_issued and cell is not None:
            reading.tell("value", "both_given", "Berisi nilai dan belum terbit.", "It has a value and is not issued.")
            return None
        if cell is None:
            return NOT_ISSUED
        if isinstance(cell, date):
            reading.tell(
                "value", "date_for_number", f"Sel ini berisi tanggal {cell.isoformat()}. Beri format angka.",
                f"This cell holds the date {cell.isoformat()}. Give it a number format.",
            )  # fmt: skip
            return None
        unit = rules.units.get(held.measured.unit)
        if unit is None:
            reading.tell("value", "unknown_measure", "Satuan indikator tidak dikenal.", "Its unit is unknown.")
            return None
        read = read_cell(rules, unit, _pointed(cell) if self._work.wish.decimal == POINT else cell)
        if isinstance(read, Reason):
            said, remedy = read.sentence, read.remedy
            reading.tell("value", read.code, _joined(said.id, remedy.id), _joined(said.en, remedy.en))
            return None
        return read

    def _compare(
        self, reading: Reading, of: _Year, year: int, unit: int | None, filled: Filled, period: Text
    ) -> None:  # fmt: skip
        place = (filled.indicator, filled.period)
        state = _STATES.get(reading.text("state").casefold())
        if state is None or (state == VERIFIED and not self._work.wish.may_verify):
            reading.tell(
                "state", "unknown_state", "Hanya reported (dilaporkan) atau verified (disahkan) bagi yang berhak.",
                "Only reported, or verified for whoever may say so.",
            )  # fmt: skip
            return
        standing = of.standing.get(place)
        is_there = standing is not None and _is_same(standing, filled)
        if place in of.written or (is_there and standing is not None and state in (standing.state, REPORTED)):
            self.unchanged += 1
            reading.settle(False)
        elif standing is not None and standing.state == VERIFIED and not standing.is_imported:
            reading.tell(
                "value", "already_verified", "Sudah disahkan dengan isi lain. Ubah melalui laporannya.",
                "Verified already with another content. Change it in its report.",
            )  # fmt: skip
        else:
            self.groups.setdefault((year, unit, state), []).append(filled)
            reading.settle(True, _stood(standing), {"value": filled.value, "period": period})


def _joined(said: str, remedy: str) -> str:
    return f"{said if said.endswith(('.', '?')) else said + '.'} {remedy}"


def _stood(standing: _Standing | None) -> Mapping[str, Any]:
    if standing is None or (standing.plain is None and not standing.is_not_issued):
        return {}
    return {"value": NOT_ISSUED if standing.is_not_issued else realisation_from_plain(standing.plain)}


def _pointed(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return cell
    return number if number.is_finite() and cell.isascii() and "_" not in cell else cell


def _is_same(standing: _Standing, filled: Filled) -> bool:
    if isinstance(filled.value, Absence):
        is_value = standing.is_not_issued
    else:
        is_value = not standing.is_not_issued and standing.plain == realisation_to_plain(filled.value)
    return is_value and all((filled.texts.get(name) or "") == standing.texts[name] for name in TEXTS)


def look(work: Work, readings: Readings) -> Looked:
    """Every row held against its indicator, and how those that say something new are written."""
    looking = _Looking(work)
    for reading in readings:
        looking.look(reading)

    def write_them() -> None:
        origin = Origin(work.now, digest=work.digest)
        touched: dict[int, list[str]] = {}
        for (year, unit, state), filled in looking.groups.items():
            keys = write(work.session, work.wish.region_id, unit, year, filled, state, origin)
            touched.setdefault(year, []).extend(keys)
            work.wrote(sum(map(len, touched.values())))
        for year, keys in touched.items():
            recompute(work.session, work.wish.region_id, sorted(set(keys)), year, work.now)

    return Looked(sum(map(len, looking.groups.values())), looking.unchanged, write_them)
