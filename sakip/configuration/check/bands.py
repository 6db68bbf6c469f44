"""WF080, WF208, WF209: rows of bands that start where none may, where nobody sees it, or where no value comes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.definitions.scalars import INTEGER, MAP, NULL
from engine.definitions.source import Node
from sakip.bands import UPPER
from sakip.configuration.check.findings import ANY, Cause, Findings, Path
from sakip.configuration.check.look import entries, entry_at, number, shown, text, whole
from sakip.configuration.reading import MOST_PLACES
from sakip.rounding import EXACT, HALF_UP, Rounding

TRADITION = 5  # where only whole numbers are printed, the round ones are those that end in 0 or 5


@dataclass(frozen=True, slots=True)
class Row:
    """One row as written: where it starts (None: open) and the value to point at."""

    key: str
    start: Fraction | None
    at: Node


def rows_of(root: Node, path: Path) -> list[Row]:
    """The rows of the bands at ``path`` whose ``from`` can be read, as written; one without is open below."""
    found = []
    for key, entry in entries(root, *path, "rows").items():
        at = entry.value.get("from")
        start = number(at)
        if start is not None or at is None or at.kind == NULL:
            found.append(Row(key, start, entry.key if at is None else at))
    return found


def check_rows(root: Node, path: Path, found: Findings) -> None:
    """Bands: one row at the minimum (open where that is), no two at one value, none outside the limits (WF080)."""
    rows = entry_at(root, *path, "rows")
    if rows is None or rows.value.kind != MAP:
        return
    limits = {side: root.get(*path, side) for side in ("minimum", "maximum")}
    readable = rows_of(root, path)
    first: dict[Fraction | None, str] = {}
    for row in readable:
        own: Path = (*path, "rows", row.key, "from")
        if row.start is not None and not _is_inside(row.start, limits["minimum"], limits["maximum"]):
            _tell_outside(row, limits, found, [own, (*path, "minimum"), (*path, "maximum")])
        elif row.start in first:
            other = first[row.start]
            found.add(
                "WF080",
                row.at,
                f'"{row.key}" dan "{other}" mulai pada nilai yang sama.',
                f'"{row.key}" and "{other}" start at one value.',
                [own, (*path, "rows", other, "from")],
            )
        first.setdefault(row.start, row.key)
    minimum = limits["minimum"]
    is_read = minimum is not None and (number(minimum) is not None or minimum.kind == NULL)
    least = number(minimum)
    if least is not None and least in first and None in first:
        _tell_open(next(row for row in readable if row.start is None), least, found, path)
    if len(readable) != len(entries(root, *path, "rows")) or not is_read or least in first:
        return
    at_least = ("nilai terbuka (null)", "an open value (null)") if least is None else (shown(least), shown(least))
    found.add(
        "WF080",
        rows.key,
        f"Tidak ada baris yang mulai pada batas bawah, {at_least[0]}.",
        f"No row starts at the minimum, {at_least[1]}.",
        [(*path, "minimum"), (*path, "rows", ANY, "from")],
    )


def _tell_open(row: Row, least: Fraction, found: Findings, path: Path) -> None:
    found.add(
        "WF080",
        row.at,
        f'"{row.key}" tidak punya "from", padahal batas bawahnya {shown(least)}.',
        f'"{row.key}" has no "from", but the lowest value is {shown(least)}.',
        [(*path, "rows", row.key, "from"), (*path, "minimum")],
    )


def _is_inside(value: Fraction, minimum: Node | None, maximum: Node | None) -> bool:
    least, most = number(minimum), number(maximum)
    return (least is None or value >= least) and (most is None or value <= most)


def _tell_outside(row: Row, limits: dict[str, Node | None], found: Findings, because: list[Path]) -> None:
    least, most = (number(limits[side]) for side in ("minimum", "maximum"))
    low = "…" if least is None else shown(least)
    high = "…" if most is None else shown(most)
    found.add(
        "WF080",
        row.at,
        f'"{row.key}" mulai di luar batas {low} sampai {high}.',
        f'"{row.key}" starts outside the limits {low} to {high}.',
        because,
    )


def rounding_of(root: Node) -> Rounding | None:
    """The file's rounding as far as checks need it, or None where it cannot be read."""
    places, band_on = whole(root.get("rounding", "places")), text(root.get("rounding", "band_on"))
    mode = text(root.get("rounding", "mode")) or HALF_UP
    if places is None or not 0 <= places <= MOST_PLACES or band_on is None:
        return None
    return Rounding(places, mode, band_on)


def places_of(root: Node, path: Path, rounding: Rounding) -> int:
    """The decimals these bands judge with: their own or the file's."""
    own = root.get(*path, "places")
    is_known = own is not None and own.kind == INTEGER and 0 <= own.value <= MOST_PLACES
    return int(own.value) if own is not None and is_known else rounding.places


def check_starts(root: Node, path: Path, found: Findings, because: tuple[Path | Cause, ...] = ()) -> None:
    """A row starts at a number nobody can see, or at one that is meant for rounded values (WF208)."""
    rounding = rounding_of(root)
    if rounding is None:
        return
    places = places_of(root, path, rounding)
    for row in rows_of(root, path):
        if row.start is None:
            continue
        causes = [(*path, "rows", row.key, "from"), (*path, "places"), *because]
        if rounding.band_on == EXACT:
            below = row.start - rounding.step(places)
            if _is_round(below, places):
                found.add(
                    "WF208",
                    row.at,
                    f'"{row.key}" mulai pada {shown(row.start)}, tetapi nilai dinilai tanpa pembulatan: '
                    f"yang sedikit di atas {shown(below)} masih milik baris di bawahnya.",
                    f'"{row.key}" starts at {shown(row.start)}, but values are judged without rounding: '
                    f"those just above {shown(below)} still belong to the row below.",
                    causes,
                    shown(below),
                )
        elif rounding.rounded(row.start, places) != row.start:
            seen = rounding.rounded(row.start, places)
            found.add(
                "WF208",
                row.at,
                f'"{row.key}" mulai pada {shown(row.start)}, tetapi nilai dinilai dengan {places} desimal.',
                f'"{row.key}" starts at {shown(row.start)}, but values are judged with {places} '
                f"decimal{'' if places == 1 else 's'}.",
                causes,
                shown(seen),
            )


def _is_round(value: Fraction, places: int) -> bool:
    """A number a rule would be written with: whole, or where only whole ones are printed a multiple of five."""
    return value.denominator == 1 and (places > 0 or value.numerator % TRADITION == 0)


def check_cap(root: Node, path: Path, found: Findings, because: tuple[Path | Cause, ...] = ()) -> None:
    """A row above the cap, which no achievement ever comes to (WF209)."""
    rounding, cap = rounding_of(root), number(root.get("limits", "cap"))
    if rounding is None or cap is None:
        return
    highest = rounding.judged(cap, places_of(root, path, rounding))
    starts = [row for row in rows_of(root, path) if row.start is not None]
    least = min((row.start for row in starts if row.start is not None), default=None)
    takes_upper = text(root.get(*path, "includes")) == UPPER
    for row in starts:
        if row.start is None or row.start == least or row.start < highest:
            continue
        if row.start == highest and not takes_upper:
            continue
        found.add(
            "WF209",
            row.at,
            f'"{row.key}" tidak pernah tercapai: capaian paling tinggi {shown(cap)}.',
            f'"{row.key}" is never reached: an achievement is {shown(cap)} at most.',
            [("limits", "cap"), (*path, "rows", row.key, "from"), (*path, "includes"), *because],
        )
