"""Faults of the trees as they stand today, by the checks of the levels' file.

figure: integrity
filters: {check: node_without_indicator}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.heads import LEVELS
from sakip.configuration.levels import ERROR
from sakip.counted import counted
from sakip.facts.tree_facts import checked_region
from sakip.figures import figure
from sakip.listing import Column, Item, Rows
from sakip.looking import BUREAU, SECRETARY, Filters, Viewer
from sakip.tree.check_words import CHECK_WORDS
from sakip.tree.integrity import Finding
from sakip.tree.models import TreeRevision

_MOST = 64
SEVERITIES = {"error": Text("Kesalahan", "Error"), "warning": Text("Peringatan", "Warning")}
# The whole tree is checked once a process for each state of it: a revision, a day, the organisation, the file. What is
# agreed and what last year reached are those of the hour's first look: asking for them costs more than it would tell.
Line = tuple[Mapping[str, Any], Item]
_known: dict[tuple[Any, ...], tuple[Line, ...]] = {}


@figure(
    "integrity",
    Text("Temuan pohon kinerja", "Findings in the trees"),
    lambda count: Text(
        f"{count} temuan pohon kinerja",
        counted(count, "finding in the trees of goals", "findings in the trees of goals"),
    ),
    (
        Column("what", Text("Sasaran atau indikator", "Goal or indicator")),
        Column("finding", Text("Temuan", "Finding")),
        Column("severity", Text("Tingkat", "Level")),
    ),
    how=Text(
        "Pemeriksaan pohon seluruh daerah sebagaimana berlaku hari ini, menurut daftar di berkas jenjang. Kesalahan "
        "menahan revisi; peringatan hanya dicatat.",
        "The checks of the trees of the whole region as they stand today, by the list in the levels' file. Errors keep "
        "a revision back; warnings are only told.",
    ),
    empty=Text("Tidak ada temuan pada pohon kinerja.", "Nothing is wrong with the trees of goals."),
    filters=("check", "severity"),
    governed_by=LEVELS,
    parts=("integrity",),
    roles=(BUREAU, SECRETARY),
    is_of_span=False,
)
def integrity(session: Session, viewer: Viewer, filters: Filters) -> Rows:
    """One row a finding, in the order of the checks."""
    asked = {name: filters.get(name) for name in ("check", "severity") if filters.get(name)}
    found = _findings(session, viewer)
    if asked:
        found = tuple(row for row in found if all(row[0][name] == value for name, value in asked.items()))
    return Rows(found)


def _line(found: Finding, words: str) -> Line:
    cells: dict[str, Any] = {
        "what": words, "finding": CHECK_WORDS.get(found.check, Text(found.check, found.check)),
        "severity": SEVERITIES.get(found.severity, Text(found.severity, found.severity)),
    }  # fmt: skip
    tone = "bad" if found.severity == ERROR else "warn"
    return {"check": found.check, "severity": found.severity}, Item(cells, tone=tone)


def _findings(session: Session, viewer: Viewer) -> tuple[Line, ...]:
    today: date = viewer.today
    newest = session.scalar(select(func.max(TreeRevision.id)).where(TreeRevision.region_id == viewer.region_id))
    levels, rules = viewer.configuration.levels(today.year), viewer.configuration.measurement(today.year)
    if levels is None or newest is None:
        return ()
    place = str(session.get_bind().engine.url)
    hour = viewer.now.replace(minute=0, second=0, microsecond=0)
    key = (
        place, viewer.region_id, newest, today, hour, viewer.organisation.revision, levels.head.digest,
        None if rules is None else rules.head.digest,
    )  # fmt: skip
    if key not in _known:
        if len(_known) >= _MOST:
            _known.clear()
        checked = checked_region(session, viewer.region_id, today)
        nodes = () if checked is None else checked.tree.nodes.values()
        names = {node.key: node.statement for node in nodes}
        names |= {one.key: one.name for node in nodes for one in node.indicators}
        found = () if checked is None else checked.findings
        _known[key] = tuple(_line(one, names.get(one.key, one.key)) for one in found)
    return _known[key]
