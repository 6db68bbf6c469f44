"""WF200 and WF201: which file of a schema governs which year, over all files of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.definitions.source import NULL, Node
from sakip.configuration.check.findings import Findings
from sakip.configuration.check.look import whole


@dataclass(frozen=True, slots=True)
class Reign:
    """The years one file governs (``last`` None: until the next begins), and where its first one stands."""

    first: int
    last: int | None
    at: Node


def reign_of(root: Node) -> Reign | None:
    """The years of a file, or None where they cannot be read."""
    at = root.get("year")
    year = whole(at)
    if at is not None:
        return None if year is None else Reign(year, year, at)
    at, until = root.get("years", "from"), root.get("years", "to")
    first, last = whole(at), whole(until)
    if at is None or first is None or (until is not None and until.kind != NULL and last is None):
        return None
    return Reign(first, last, at)


def check_years(roots: Sequence[Node], found: Findings) -> None:
    """Between the files of one schema: a year with two (WF200), a year with none (WF201); told at the later file."""
    reigns = [reign for reign in map(reign_of, roots) if reign is not None]
    reigns.sort(key=lambda reign: (reign.first, reign.at.file))
    because = [("year",), ("years", "from"), ("years", "to")]
    for place, later in enumerate(reigns[1:], 1):
        last, earlier = max(((_end(one, reigns), one) for one in reigns[:place]), key=lambda each: each[0])
        if last >= later.first:
            found.add(
                "WF200",
                later.at,
                f"Tahun {later.first} sudah diatur oleh {earlier.at.file} (baris {earlier.at.line}).",
                f"The year {later.first} is governed by {earlier.at.file} already (line {earlier.at.line}).",
                because,
            )
        elif last + 1 < later.first:
            none = str(last + 1) if last + 2 == later.first else f"{last + 1}–{later.first - 1}"
            found.add(
                "WF201",
                later.at,
                f"Tidak ada berkas yang mengatur {none}: {earlier.at.file} hanya sampai {last}.",
                f"No file governs {none}: {earlier.at.file} ends with {last}.",
                because,
            )


def _end(reign: Reign, reigns: Sequence[Reign]) -> int:
    """The last year of a file; an open one lasts until the next begins, and two that begin at once meet there."""
    if reign.last is not None:
        return reign.last
    return min((other.first - 1 for other in reigns if other.first > reign.first), default=reign.first)
