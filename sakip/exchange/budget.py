"""Budgets and spending from a file: one row a programme, with a period one a programme and period (reference §12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from engine.definitions.model import Text
from sakip.configuration.measurement import NUMBER
from sakip.exchange.amounts import LARGEST, rupiah
from sakip.exchange.period_words import period_meant
from sakip.exchange.record import Reading
from sakip.exchange.table import Column, Kind
from sakip.exchange.told import unit_meant
from sakip.exchange.work import POINT, Looked, Readings, Work
from sakip.facts.budget import ACTIVITY, PROGRAMME, SUB_ACTIVITY
from sakip.facts.budget_models import AbsorptionRow, BudgetRow
from sakip.facts.budget_rows import Absorbed, Budgeted, write_absorptions, write_budgets
from sakip.facts.due_programmes import MORE_THAN_BUDGET, TOO_LARGE
from sakip.facts.efficiencies import recompute_efficiency
from sakip.facts.realisations import REPORTED, VERIFIED, Origin
from sakip.facts.rulebook import Rulebook
from sakip.facts.stored_values import number_from_text
from sakip.plan import Indicator
from sakip.reasons import Reason
from sakip.tree.store import nodes_on, tree_on
from sakip.tree.values import Node, Tree

KIND = Kind(
    "budget",
    (
        Column("unit", Text("Perangkat daerah", "Unit"), ("opd", "skpd", "unit kerja")),
        Column("year", Text("Tahun", "Year"), ("tahun anggaran", "fiscal year")),
        Column(
            "code", Text("Kode program", "Programme code"), ("kode kegiatan", "kode subkegiatan", "kode rekening"),
            required=True,
        ),
        Column("programme", Text("Program", "Programme"), ("nama program", "kegiatan", "subkegiatan", "uraian")),
        Column("level", Text("Tingkat", "Level"), ("jenjang",)),
        Column("budget", Text("Anggaran", "Budget"), ("pagu", "pagu anggaran", "anggaran setahun")),
        Column("from", Text("Berlaku sejak", "In force since"), ("sejak",)),
        Column("period", Text("Periode", "Period"), ("triwulan", "quarter", "tw", "bulan")),
        Column("absorbed", Text("Serapan", "Spent"), ("realisasi anggaran", "serapan anggaran", "absorption")),
        Column("state", Text("Keadaan", "State"), ("status",)),
        Column("supports", Text("Mendukung", "Supports"), ("kunci sasaran",)),
        Column("key", Text("Kunci program", "Programme key"), used=False),
        Column("percent", Text("Persen serapan", "Percent spent"), ("serapan dalam persen",), used=False),
        Column("source", Text("Sumber", "Source"), used=False),
        Column("at", Text("Dicatat pada", "Recorded at"), used=False),
    ),
)  # fmt: skip
_LEVELS = {
    "": PROGRAMME, "programme": PROGRAMME, "program": PROGRAMME, "activity": ACTIVITY, "kegiatan": ACTIVITY,
    "sub activity": SUB_ACTIVITY, "sub_activity": SUB_ACTIVITY, "subkegiatan": SUB_ACTIVITY,
    "sub kegiatan": SUB_ACTIVITY,
}  # fmt: skip
_STATES = {
    "": REPORTED, "reported": REPORTED, "dilaporkan": REPORTED, "terlapor": REPORTED,
    "verified": VERIFIED, "disahkan": VERIFIED, "terverifikasi": VERIFIED,
}  # fmt: skip
LONGEST_CODE = 30

Place = tuple[int, int, str]  # year, unit, programme


@dataclass(frozen=True, slots=True)
class _Programme:
    """What a row is about: whose programme, in which year, by which node of the tree if there is one."""

    year: int
    unit: int
    key: str
    code: str
    node: Node | None

    @property
    def place(self) -> Place:
        return (self.year, self.unit, self.key)


@dataclass(slots=True)
class _Standing:
    """What stands of some units and years now."""

    budgets: dict[Place, BudgetRow] = field(default_factory=dict)
    absorbed: dict[tuple[Place, str], AbsorptionRow] = field(default_factory=dict)
    keys: dict[tuple[int, int, str], str] = field(default_factory=dict)  # year, unit, code -> programme


class _Looking:
    def __init__(self, work: Work) -> None:
        self._work, self._session, self._region = work, work.session, work.wish.region_id
        self._book = Rulebook(work.session, self._region)
        self._standing = _Standing()
        self._years: set[int] = set()  # whose budgets were read: a region keeps thousands a year
        self._trees: dict[tuple[int, int], Tree] = {}
        self._first: dict[Any, tuple[int, Fraction]] = {}  # what was said where -> the row, the amount
        self.unchanged = 0
        self.changed = 0
        self.budgets: dict[tuple[int, date], list[Budgeted]] = {}
        self._given: dict[Place, Fraction] = {}  # the largest budget the file gives each
        self.absorbed: dict[tuple[int, str], list[Absorbed]] = {}

    def _read(self, year: int) -> None:
        """What stands in a year, once."""
        if year in self._years:
            return
        self._years.add(year)
        found, of_region = self._standing, (BudgetRow.region_id == self._region, BudgetRow.year == year)
        current = select(BudgetRow).where(*of_region, BudgetRow.is_current, BudgetRow.amount.is_not(None))
        for row in self._session.scalars(current.order_by(BudgetRow.id)):
            found.budgets[(row.year, row.unit_id, row.programme_key)] = row
            found.keys[(row.year, row.unit_id, row.code)] = row.programme_key
        spent = select(AbsorptionRow).where(AbsorptionRow.region_id == self._region, AbsorptionRow.year == year)
        for one in self._session.scalars(spent.where(AbsorptionRow.is_current)):
            found.absorbed[((one.year, one.unit_id, one.programme_key), one.period)] = one

    def look(self, reading: Reading) -> None:
        """One row: a budget, what was spent of it, or both."""
        of = self._programme(reading)
        budget, spent = self._amount(reading, "budget"), self._amount(reading, "absorbed")
        if of is None or reading.is_bad:
            return
        if budget is None and spent is None:
            self._settle(reading, False)
            return
        is_new = budget is not None and self._budget(reading, of, budget)
        if spent is not None and not reading.is_bad:
            is_new = self._spent(reading, of, spent) or is_new
        if not reading.is_bad:
            self._settle(reading, is_new)

    def _settle(self, reading: Reading, is_new: bool) -> None:
        self.changed += is_new
        self.unchanged += not is_new
        reading.settle(is_new)

    def _programme(self, reading: Reading) -> _Programme | None:
        unit = unit_meant(self._work, reading)
        year = reading.year("year", self._work.wish.year)
        code = reading.text("code", required=True)
        if len(code) > LONGEST_CODE:
            reading.tell(
                "code", "too_long", f"Lebih dari {LONGEST_CODE} huruf.", f"More than {LONGEST_CODE} characters."
            )  # fmt: skip
        if reading.is_bad or unit is None or year is None:
            return None
        self._read(year)
        tree = self._tree(unit, year)
        node = next((one for one in tree.nodes.values() if str(one.fields.get("plan_code") or "") == code), None)
        known = self._standing.keys.get((year, unit, code))
        return _Programme(year, unit, known or (code if node is None else node.key), code, node)

    def _tree(self, unit: int, year: int) -> Tree:
        if (unit, year) not in self._trees:
            day = min(max(self._work.day, date(year, 1, 1)), date(year, 12, 31))
            self._trees[(unit, year)] = tree_on(self._session, self._region, unit, day)
        return self._trees[(unit, year)]

    def _amount(self, reading: Reading, column: str) -> Fraction | None:
        cell = reading.cell(column)
        if cell is None:
            return None
        found = rupiah(cell, self._work.wish.decimal == POINT)
        if isinstance(found, Reason):
            said, remedy = found.sentence, found.remedy
            reading.tell(column, found.code, f"{said.id}. {remedy.id}", f"{said.en}. {remedy.en}")
        elif found is None or found < 0 or found >= LARGEST:
            reading.tell(
                column, "no_amount", "Tulis jumlah rupiah, nol atau lebih.", "Write an amount in rupiah, zero or more."
            )  # fmt: skip
        else:
            return found
        return None

    def _is_doubled(self, reading: Reading, place: Any, amount: Fraction) -> bool:
        """The same amount may be repeated, as in a table with a row a period."""
        first, said = self._first.setdefault(place, (reading.record.row, amount))
        if said != amount:
            reading.tell(
                "", "doubled_row", f"Program ini sudah ada di baris {first} dengan jumlah lain.",
                f"This programme stands in row {first} already, with another amount.",
            )  # fmt: skip
        return said != amount

    def _budget(self, reading: Reading, of: _Programme, amount: Fraction) -> bool:
        """Whether a budget is new; then it is kept to be written."""
        level = _LEVELS.get(reading.text("level").casefold())
        if level is None:
            reading.tell("level", "unknown_level", "Hanya program, kegiatan, atau subkegiatan.",
                         "Only programme, activity or sub activity.")  # fmt: skip
            return False
        since = reading.day("from")
        supports = self._supports(reading, of)
        if reading.is_bad or self._is_doubled(reading, (of.place, since), amount):
            return False
        standing = self._standing.budgets.get(of.place)
        if standing is not None and number_from_text(standing.amount or "0") == amount and (
            since is None or since == standing.valid_from
        ):  # fmt: skip
            return False
        if standing is not None and standing.case_id is not None:
            reading.tell("budget", "already_agreed", "Perjanjian kinerja menetapkan jumlah lain. Revisi perjanjiannya.",
                         "An agreement sets another amount. Revise the agreement.")  # fmt: skip
            return False
        if self._first[(of.place, since)][0] != reading.record.row:
            return False  # kept by the row that said it first
        starts = since or (date(of.year, 1, 1) if standing is None else max(self._work.day, standing.valid_from))
        title = reading.text("programme") or ("" if standing is None else standing.title) or (
            of.code if of.node is None else of.node.statement
        )  # fmt: skip
        kept = Budgeted(of.unit, of.key, of.code, title[:300], level, supports, amount)
        self.budgets.setdefault((of.year, starts), []).append(kept)
        self._given[of.place] = max(amount, self._given.get(of.place, amount))
        return True

    def _supports(self, reading: Reading, of: _Programme) -> tuple[str, ...]:
        """The goals a row names by their keys, and everything they and the programme's own node hang under."""
        tree, said = self._tree(of.unit, of.year), [part.strip() for part in reading.text("supports").split(",")]
        named = [key for key in said if key]
        elsewhere = [key for key in named if key not in tree.nodes]
        known = nodes_on(self._session, self._region, elsewhere, self._work.day) if elsewhere else {}
        for key in elsewhere:
            if key not in known:
                reading.tell("supports", "unknown_node", f'"{key[:80]}" tidak ada di pohon kinerja.',
                             f'There is no "{key[:80]}" in the tree of goals.')  # fmt: skip
        starts = [tree.nodes[key] for key in named if key in tree.nodes] + ([] if of.node is None else [of.node])
        standing = self._standing.budgets.get(of.place)
        if not starts and not named and standing is not None:
            return tuple(standing.supports)
        return tuple(dict.fromkeys((*named, *(above.key for one in starts for above in tree.ancestors(one)))))

    def _spent(self, reading: Reading, of: _Programme, amount: Fraction) -> bool:
        """Whether what was spent is new; then it is kept to be written."""
        rules = self._book.of_year(of.year)
        said = reading.cell("period", required=True)
        state = _STATES.get(reading.text("state").casefold())
        if state is None or (state == VERIFIED and not self._work.wish.may_verify):
            reading.tell(
                "state", "unknown_state", "Hanya reported (dilaporkan) atau verified (disahkan) bagi yang berhak.",
                "Only reported, or verified for whoever may say so.",
            )  # fmt: skip
        if rules is None:
            reading.tell("year", "no_measurement", f"Pengukuran {of.year} belum ditetapkan.",
                         f"No measurement of {of.year}.")  # fmt: skip
        if rules is None or said is None or state is None or reading.is_bad:
            return False
        period = period_meant(reading, rules, Indicator(NUMBER), said)
        if period is None or self._is_doubled(reading, (of.place, period), amount):
            return False
        budget = self._largest(of.place)
        if budget is None:
            reading.tell("code", "no_budget", "Program ini belum punya anggaran.", "This programme has no budget yet.")
            return False
        standing = self._standing.absorbed.get((of.place, period))
        is_same = standing is not None and number_from_text(standing.amount) == amount
        if standing is not None and is_same and state in (standing.state, REPORTED):
            return False
        if standing is not None and standing.state == VERIFIED and standing.digest is None:
            reading.tell("absorbed", "already_verified", "Sudah disahkan dengan isi lain. Ubah melalui laporannya.",
                         "Verified already with another content. Change it in its report.")  # fmt: skip
            return False
        if amount > budget:
            reading.tell("absorbed", TOO_LARGE, MORE_THAN_BUDGET.id, MORE_THAN_BUDGET.en)
            return False
        self.absorbed.setdefault((of.year, state), []).append(Absorbed(of.unit, of.key, period, amount))
        return True

    def _largest(self, place: Place) -> Fraction | None:
        """The largest budget that stands or comes with the file; None for a programme without any."""
        row, given = self._standing.budgets.get(place), self._given.get(place)
        standing = None if row is None else number_from_text(row.amount or "0")
        return max((one for one in (given, standing) if one is not None), default=None)


def look(work: Work, readings: Readings) -> Looked:
    """Every row held against what stands, and how those that say something new are written."""
    looking = _Looking(work)
    for reading in readings:
        looking.look(reading)

    def write_them() -> None:
        session, region_id = work.session, work.wish.region_id
        origin = Origin(work.now, digest=work.digest)
        for (year, since), budgets in looking.budgets.items():
            write_budgets(session, region_id, year, budgets, since, origin)
        for (year, state), absorbed in looking.absorbed.items():
            write_absorptions(session, region_id, year, absorbed, state, origin)
        for year in sorted({year for year, _ in (*looking.budgets, *looking.absorbed)}):
            recompute_efficiency(session, region_id, year, None, work.now)

    return Looked(looking.changed, looking.unchanged, write_them)
