"""Which bands of a file are looked at, and against what: WF080, WF208, WF209."""

from __future__ import annotations

from engine.definitions.source import Node
from sakip.configuration.check.around import Around
from sakip.configuration.check.bands import check_cap, check_rows, check_starts
from sakip.configuration.check.findings import ANY, BELOW, Findings, Path
from sakip.configuration.check.look import entries, text
from sakip.configuration.heads import EVALUATION, MEASUREMENT
from sakip.configuration.measurement import ACHIEVEMENT, EFFICIENCY

ROUNDING: tuple[Path, ...] = (("rounding", "places"), ("rounding", "band_on"))


def check_measurement_bands(root: Node, around: Around, found: Findings) -> None:
    """Every set of bands; of a region only those it judges by or changed: what it does not use need not fit it."""
    used = {figure: _used(root, figure) for figure in (ACHIEVEMENT, EFFICIENCY)}
    for key in entries(root, "bands"):
        path: Path = ("bands", key)
        check_rows(root, path, found)
        if not around.is_touched(MEASUREMENT, (*path, BELOW)) and key not in used[ACHIEVEMENT] | used[EFFICIENCY]:
            continue
        applied: tuple[Path, ...] = (("applies", ANY, ANY, "bands"),)
        check_starts(root, path, found, (*ROUNDING, *applied))
        if key in used[ACHIEVEMENT] or key not in used[EFFICIENCY]:  # points of efficiency know no cap
            check_cap(root, path, found, applied)


def _used(root: Node, figure: str) -> set[str]:
    return {text(one.value.get("bands")) or "" for one in entries(root, "applies", figure).values()}


def check_worksheet_bands(root: Node, around: Around, found: Findings) -> None:
    """The predicate, and the suggestions of grades, whose fractions nobody rounds."""
    if "predicate" in root.entries:
        check_rows(root, ("predicate",), found)
        if around.is_touched(EVALUATION, ("predicate", BELOW)) or around.is_touched(EVALUATION, ("rounding", BELOW)):
            check_starts(root, ("predicate",), found, ROUNDING)
    for key in entries(root, "suggested_grades"):
        check_rows(root, ("suggested_grades", key, "between"), found)
