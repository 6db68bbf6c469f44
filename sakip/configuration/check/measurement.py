"""WF202, WF206, WF207, WF210: names, directions, aliases, bands by day and periods of `measurement.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.definitions.model import Text
from engine.definitions.problems import closest
from engine.definitions.source import MAP, Entry, Node
from sakip import reasons
from sakip.configuration.check.around import Around
from sakip.configuration.check.findings import ANY, Findings, Path
from sakip.configuration.check.look import entries, entry_at, in_order, names, text, whole, words
from sakip.configuration.check.methods import one_of
from sakip.configuration.measurement import (
    ACHIEVEMENT,
    AGGREGATED,
    EFFICIENCY,
    GOALS,
    GRADE,
    INDICATORS,
    MILESTONES,
    NUMBER,
    PERCENT,
    UNIT_KINDS,
    UNITS,
    YES_NO,
)
from sakip.configuration.parse_periods import day_of_year

TAKEN = {  # kinds of unit whose targets are what a kind of method takes; the score of a grade is a number
    "plain": {NUMBER, PERCENT, GRADE}, "range": {NUMBER, PERCENT}, "graded": {GRADE}, "done": {YES_NO, MILESTONES},
}  # fmt: skip
FIGURES = (ACHIEVEMENT, EFFICIENCY)
LEVEL = Text("tingkat", "level")
BANDS, FIGURE = Text("kategori", "set of bands"), Text("jenis angka", "figure")
ROW = Text("baris kategori", "row of bands")
METHOD, CONSOLIDATION = Text("cara", "method"), Text("penggabungan", "consolidation")
UNIT = Text("jenis satuan", "kind of unit")
PERIODS, SCALE = Text("kelompok periode", "set of periods"), Text("skala", "scale")


def check_measurement_names(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """Periods, scales, methods, consolidations, figures, bands and reasons that are named somewhere."""
    found.known(root.get("default_periods"), PERIODS, entries(root, "periods"), ("periods",))
    found.known(root.get("default_consolidation"), CONSOLIDATION, entries(root, "consolidations"), ("consolidations",))
    for unit in entries(root, "units_of_measure").values():
        found.known(unit.value.get("scale"), SCALE, entries(root, "scales"), ("scales",))
        _check_grade(unit, found)
    for section in ("methods", "consolidations"):
        for thing in entries(root, section).values():
            for kind in names(thing.value.get("units")):
                found.known(kind, UNIT, UNIT_KINDS)
    for direction in entries(root, "directions").values():
        found.known(direction.value, METHOD, entries(root, "methods"), ("methods",))
    for figure in entries(root, "applies").values():
        if found.known(figure.key, FIGURE, FIGURES):
            for applied in entries(figure.value).values():
                found.known(applied.value.get("bands"), BANDS, entries(root, "bands"), ("bands",))
    rows = {row for bands in entries(root, "bands").values() for row in entries(bands.value, "rows")}
    for name in names(root.get("explanations", "required_when")):
        found.known(name, ROW, rows, ("bands", ANY, "rows"))
    _check_aggregates(root, found)


def _check_aggregates(root: Node, found: Findings) -> None:
    """What a figure is of and leaves out. A level of somebody's own is theirs; one mistyped would lose its figure."""
    given = entries(root, "aggregates")
    left = [level for level in AGGREGATED if level not in given]
    for level, aggregate in given.items():
        if level not in AGGREGATED and closest(level, left) is not None:
            found.unknown(aggregate.key, LEVEL, left)
        one_of(aggregate.value.get("of"), AGGREGATED.get(level, (INDICATORS, GOALS, UNITS)), found)
        for reason in names(aggregate.value.get("leave_out")):
            one_of(reason, reasons.CODES, found)


def _check_grade(unit: Entry, found: Findings) -> None:
    if text(unit.value.get("kind")) == "grade" and "scale" not in entries(unit.value):
        found.add(
            "WF011",
            unit.key,
            f'Belum ada "scale" di "{unit.name}": predikat memerlukan skala.',
            f'"scale" is missing in "{unit.name}": grades need one.',
            [("units_of_measure", unit.name, "scale"), ("units_of_measure", unit.name, "kind")],
        )


def check_fitting(root: Node, around: Around, found: Findings) -> None:
    """A direction's method, and the default consolidation, has a unit of measure it can be used for (WF206)."""
    there = [text(unit.value.get("kind")) for unit in entries(root, "units_of_measure").values()]
    kinds = {kind for kind in there if kind is not None}
    if not kinds or None in there:
        return
    for direction in entries(root, "directions").values():
        method = entries(root, "methods").get(text(direction.value) or "")
        of_method = around.kinds.methods.get("" if method is None else text(method.value.get("kind")) or "")
        if method is not None and of_method is not None and not _units(method, kinds & TAKEN[of_method.takes]):
            _tell_misfit(direction, method, ["methods", method.name], METHOD, found)
    chosen = entry_at(root, "default_consolidation")
    consolidation = None if chosen is None else entries(root, "consolidations").get(text(chosen.value) or "")
    if chosen is None or consolidation is None:
        return
    kind = around.kinds.consolidations.get(text(consolidation.value.get("kind")) or "")
    if kind is not None and not _units(consolidation, kinds & kind.units):
        _tell_misfit(chosen, consolidation, ["consolidations", consolidation.name], CONSOLIDATION, found)


def _units(thing: Entry, kinds: set[str]) -> set[str]:
    """Of the kinds of unit that come into question those it says it is for; all where it does not say."""
    said = thing.value.get("units")
    return kinds if said is None else kinds & set(words(said))


def _tell_misfit(chosen: Entry, thing: Entry, path: list[str], what: Text, found: Findings) -> None:
    units = ", ".join(words(thing.value.get("units"))) or "–"
    found.add(
        "WF206",
        chosen.value,
        f'Tidak ada satuan yang cocok dengan {what.id} "{thing.name}" (untuk {units}).',
        f'No unit of measure fits the {what.en} "{thing.name}" (for {units}).',
        [(*path, "units"), (*path, "kind"), ("units_of_measure", ANY, "kind"), ("directions", chosen.name)],
    )


def check_aliases(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """A name of another system means one method, and one consolidation (WF206); capitals do not tell names apart."""
    for section in ("methods", "consolidations"):
        things = entries(root, section)
        meant = {key.casefold(): key for key in things}
        own: dict[str, str] = {}
        for key, thing in things.items():
            for alias in names(thing.value.get("aliases")):
                name = str(alias.value).casefold()
                first = own.get(name, meant.get(name))
                if first is not None and not (first == key and name not in own):
                    found.add(
                        "WF206",
                        alias,
                        f'Nama lain "{alias.value}" sudah berarti "{first}".',
                        f'The alias "{alias.value}" means "{first}" already.',
                        [(section, key, "aliases"), (section, first, "aliases")],
                    )
                own.setdefault(name, key)


def check_applied(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """One set of bands a day and figure, from the first day of the file's years on (WF207)."""
    year = whole(root.get("years", "from"))
    if year is not None and not date.min.year <= year <= date.max.year:
        year = None  # no year at all, told by whoever reads the file
    applies = entry_at(root, "applies")
    if applies is None or applies.value.kind != MAP:
        return
    for figure in FIGURES:
        days = list(_days(root, figure))
        if None in [day for day, _ in days]:
            continue
        first: dict[date, str] = {}
        for day, entry in sorted(((day, entry) for day, entry in days if day is not None), key=lambda one: one[0]):
            if day in first:
                found.add(
                    "WF207",
                    entry.value.entries["valid_from"].value,
                    f'"{entry.name}" dan "{first[day]}" mulai berlaku pada hari yang sama.',
                    f'"{entry.name}" and "{first[day]}" start on one day.',
                    [("applies", figure, entry.name, "valid_from"), ("applies", figure, first[day], "valid_from")],
                )
            first.setdefault(day, entry.name)
        if year is None or (not days and figure != ACHIEVEMENT) or min(first, default=date.max) <= date(year, 1, 1):
            continue
        at = entries(root, "applies").get(figure, applies)
        found.add(
            "WF207",
            at.key,
            f"Tidak ada kategori yang berlaku pada {year}-01-01, hari pertama berkas ini.",
            f"No bands hold on {year}-01-01, the first day of this file.",
            [("applies", figure, ANY, "valid_from"), ("years", "from")],
        )


def _days(root: Node, figure: str) -> Iterator[tuple[date | None, Entry]]:
    for entry in entries(root, "applies", figure).values():
        try:
            yield date.fromisoformat(text(entry.value.get("valid_from")) or ""), entry
        except ValueError:
            yield None, entry


def check_periods(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """Periods end on days, one after the other in their order (WF210)."""
    for key in entries(root, "periods"):
        before: tuple[tuple[int, int], str] | None = None
        for name, period in in_order(entries(root, "periods", key, "items")):
            ends = period.value.entries.get("ends")
            if ends is None or text(ends.value) is None:
                continue
            day, path = day_of_year(ends), ("periods", key, "items", name)
            if day is None:
                found.add(
                    "WF210",
                    ends.value,
                    f'"{ends.value.value}" bukan hari; tulis bulan dan hari seperti "06-30".',
                    f'"{ends.value.value}" is no day; write month and day like "06-30".',
                    [(*path, "ends")],
                )
                continue
            if before is not None and day <= before[0]:
                _tell_order(ends.value, name, before[1], day == before[0], path, found)
            before = max(before or (day, name), (day, name))


def _tell_order(at: Node, name: str, before: str, is_same: bool, path: Path, found: Findings) -> None:
    because = [(*path, "ends"), (*path, "order"), (*path[:-1], before, "ends"), (*path[:-1], before, "order")]
    if is_same:
        found.add(
            "WF210",
            at,
            f'"{name}" dan "{before}" berakhir pada hari yang sama.',
            f'"{name}" and "{before}" end on one day.',
            because,
        )
        return
    found.add(
        "WF210",
        at,
        f'"{name}" berakhir sebelum "{before}", yang urutannya lebih awal.',
        f'"{name}" ends before "{before}", which comes before it.',
        because,
    )
