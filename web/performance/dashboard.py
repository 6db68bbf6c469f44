"""The first screens of the head of region, the Sekda, Bagian Organisasi, the Inspektorat and a unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import Blueprint, g, render_template, request

from engine.definitions.model import Text
from engine.errors import NotFound
from sakip.counted import counted
from sakip.exchange.allowed import may_bring_in
from sakip.looking import BUREAU, HEAD, INSPECTORATE, SECRETARY, UNIT
from web.language import words
from web.performance import budget_blocks, other_blocks, result_blocks, work_blocks
from web.performance.blocks import WHOLE, Block, Lead
from web.performance.looks import Looks, looks
from web.protection import signed_in
from web.transaction import now

bp = Blueprint("dashboard", __name__)

Build = Callable[[Looks], Block]


def _whole(build: Build) -> Build:
    """The same part over the whole width, where nothing stands beside it."""
    return lambda look: replace(build(look), width=WHOLE)


ROLE_WORDS = {
    HEAD: Text("Kepala daerah", "Head of region"),
    SECRETARY: Text("Sekretaris daerah", "Regional secretary"),
    BUREAU: Text("Bagian Organisasi", "Bagian Organisasi"),
    INSPECTORATE: Text("Inspektorat", "Inspektorat"),
    UNIT: Text("Perangkat daerah", "Unit"),
}
# In the order of the reference §10; pairs stand side by side.
_LEADERS: tuple[Build, ...] = (
    work_blocks.waiting_for_you, result_blocks.predicate, result_blocks.indicators, result_blocks.below_target,
    work_blocks.approvals, work_blocks.agreements, result_blocks.units, other_blocks.not_reporting,
    other_blocks.recommendations, budget_blocks.budget_and_achievement,
)  # fmt: skip
BLOCKS: Mapping[str, tuple[Build, ...]] = {
    HEAD: _LEADERS,
    SECRETARY: _LEADERS,
    BUREAU: (*_LEADERS[:-3], other_blocks.unverified, other_blocks.integrity, *_LEADERS[-3:]),
    INSPECTORATE: (
        work_blocks.waiting_for_you, result_blocks.predicate, other_blocks.refused_evidence, other_blocks.worksheets,
        other_blocks.unit_scores, other_blocks.not_reporting, other_blocks.recommendations,
    ),
    UNIT: (
        work_blocks.waiting_for_you, result_blocks.predicate, result_blocks.indicators, result_blocks.below_target,
        work_blocks.approvals, work_blocks.agreements, result_blocks.units, other_blocks.unverified,
        other_blocks.not_reporting, _whole(other_blocks.recommendations), budget_blocks.budget_and_achievement,
        _whole(other_blocks.refused_evidence),
    ),
}  # fmt: skip


@bp.get("/performance")
@signed_in
def show() -> str:
    """The dashboard of the reader's role (``role`` chooses among those they have)."""
    look = looks()
    return render_template(
        "performance/dashboard.html", look=look, heading=_heading(look), leads=_leads(look),
        blocks=[build(look) for build in BLOCKS[look.viewer.role]], roles=_roles(look), moment=now(),
        late_reports=look.count("not_reporting"), late_reports_href=look.list_href("not_reporting"),
        may_bring_in=may_bring_in(look.viewer),
    )  # fmt: skip


@bp.get("/performance/meeting")
@signed_in
def meeting() -> str:
    """One part a page in large type, for a meeting room; ``block`` counts from 1."""
    look = looks()
    builds = BLOCKS[look.viewer.role]
    asked = request.args.get("block", "1")
    place = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    if not 1 <= place <= len(builds) + 1:
        raise NotFound("There is no such part.")
    return render_template(
        "performance/meeting.html", look=look, heading=_heading(look), moment=now(), place=place,
        leads=_leads(look) if place == 1 else [], block=builds[place - 2](look) if place > 1 else None,
        count=len(builds) + 1, late_reports=look.count("not_reporting"),
        late_reports_href=look.list_href("not_reporting"),
    )  # fmt: skip


def _heading(look: Looks) -> str:
    name = g.person.region_name
    if look.filters.unit is not None:
        name = look.filters.unit.name
    elif look.viewer.role == UNIT and look.viewer.units:
        name = ", ".join(unit.name for unit in look.viewer.units)
    return words(Text(f"Kinerja {name}", f"Performance of {name}"))


def _roles(look: Looks) -> list[tuple[str, str, bool]]:
    """The dashboards the reader may switch between."""
    roles = look.viewer.roles
    return [(words(ROLE_WORDS[one]), look.href("dashboard.show", role=one), one == look.viewer.role)
            for one in roles] if len(roles) > 1 else []  # fmt: skip


def _leads(look: Looks) -> list[Lead]:
    late = sum(one.tasks for one in look.open_work if one.are_late)
    due = look.due_indicators
    below, total = sum(one for (_, tone, _, _), one in due.items() if tone == "bad"), sum(due.values())
    keys = sum(one for (_, tone, _, is_key), one in due.items() if tone == "bad" and is_key)
    approvals = sum(one.tasks for one in work_blocks.open_approvals(look))
    changes = look.listing("changed").counts(look.session, "kind")
    return [
        Lead(late, _say("dokumen lewat batas", "document late" if late == 1 else "documents late"),
             _say("tidak memengaruhi angka kinerja", "does not affect any figure"),
             look.list_href("late_documents"), is_bad=True),
        Lead(below, _say(f"dari {total} indikator di bawah target",
                         f"of {counted(total, 'indicator', 'indicators')} below target")
             if total else _say("indikator di bawah target", "indicators below target"),
             _say(f"{keys} di antaranya indikator kinerja utama",
                  counted(keys, "of them a key indicator", "of them key indicators"))
             if total else _say("belum ada indikator yang diukur", "no indicator is measured yet"),
             look.list_href("below_target")),
        Lead(approvals, _say("persetujuan menunggu", "approval waiting" if approvals == 1 else "approvals waiting"),
             _say("pada langkah yang memutus", "at steps that decide"), look.list_href("approvals_waiting")),
        Lead(sum(changes.values()), _say("berubah sejak kemarin", "changed since yesterday"),
             other_blocks.changes_in_words(changes), look.list_href("changed")),
    ]  # fmt: skip


def _say(indonesian: str, english: str) -> str:
    return words(Text(indonesian, english))
