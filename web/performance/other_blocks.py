"""The parts of a dashboard for what lies around results: reports that are missing, recommendations, evidence, tiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import url_for

from engine.definitions.model import Text
from sakip.behind_figures import doubts, head_of
from sakip.counted import counted
from sakip.cycle import evaluations_of
from sakip.figures import FIGURES
from sakip.figures.changed import AGREEMENT, RESULT, TARGET
from sakip.figures.recommendations import REGION
from sakip.looking import BUREAU, UNIT
from web.language import day, words
from web.performance.blocks import HALF_LEFT, HALF_RIGHT, WHOLE, Block, Count, Link
from web.performance.cells import on_page
from web.performance.looks import Looks
from web.performance.work_blocks import ALL, SHOWN, by_step, links

CHANGES = {
    AGREEMENT: (Text("perjanjian", "agreements")),
    TARGET: (Text("target", "targets")),
    RESULT: (Text("hasil", "results")),
}


def changes_in_words(counts: Mapping[tuple[Any, ...], int]) -> str:
    """``4 perjanjian, 1 target``."""
    told = [f"{counts[(kind,)]} {words(text)}" for kind, text in CHANGES.items() if counts.get((kind,))]
    return ", ".join(told) or words(Text("perjanjian, target, hasil", "agreements, targets, results"))


def _table(look: Looks, name: str, key: str, width: str, note: str = "", **more: Any) -> Block:
    """The first lines of a list as a table."""
    figure = FIGURES.values()[name]
    listing = look.listing(name)
    total = look.count(name)
    page = listing.page(look.session, None, SHOWN)
    rows = [[(column, on_page(item.cells.get(column.key))) for column in figure.columns] for item in page.items]
    told = head_of(figure, look.viewer.configuration, look.filters.year)
    return Block(
        "rows", key, words(figure.sentence(total)), note, width, rows,
        ((Link(f"{words(ALL)} {total}", look.list_href(name)),) if total else ()) + links(look, name),
        tuple(words(one) for one in doubts(figure, told)), words(figure.empty),
        more={"columns": figure.columns, "total": total, "href": look.list_href(name), **more},
    )  # fmt: skip


def not_reporting(look: Looks) -> Block:
    """Units whose report is missing."""
    note = Text("Soal waktu, bukan nilai.", "About time, not value.")
    block = _table(look, "not_reporting", "not-reporting", HALF_RIGHT, words(note))
    if look.viewer.role in (UNIT, BUREAU):
        opened = Link(words(Text("Buka laporan", "Open a report")), url_for("entry_open.index", year=look.filters.year))
        block = replace(block, links=(opened, *block.links))
    if block.data or look.count("without_agreement") < len(look.units_shown):
        return block
    title = Text("Belum ada yang harus melapor", "Nobody has to report yet")
    empty = Text("Laporan diminta setelah perjanjian kinerja berlaku.", "Reports are due once agreements are in force.")
    return replace(block, title=words(title), empty=words(empty))


def unverified(look: Looks) -> Block:
    """Reported values nobody has accepted yet."""
    return _table(look, "unverified", "unverified", HALF_LEFT)


def refused_evidence(look: Looks) -> Block:
    """Evidence to be repaired."""
    return _table(look, "refused_evidence", "refused", HALF_RIGHT)


def integrity(look: Looks) -> Block:
    """What the tree of goals lacks."""
    return _table(look, "integrity", "integrity", HALF_RIGHT)


def unit_scores(look: Looks) -> Block:
    """Scores of units by name."""
    return _table(look, "unit_scores", "scores", WHOLE)


def worksheets(look: Looks) -> Block:
    """Worksheets by the step that is their tier, with the windows of the rubric."""
    rubric = look.viewer.configuration.evaluation(look.filters.year)
    windows = [
        f"{words(tier.title)}: {day(tier.window[0])} – {day(tier.window[1])}"
        for tier in (() if rubric is None else rubric.tiers.values())
        if tier.window is not None
    ]
    title = Text("Lembar kerja per tahap", "Worksheets by tier")
    empty = Text(
        "Tidak ada lembar kerja yang sedang diisi. Evaluasi dibuka sebagai kasus baru.",
        "No worksheet is being answered. An evaluation is opened as a new case.",
    )
    note = Text("; ".join(windows), "; ".join(windows))
    types = evaluations_of(look.viewer.configuration)
    return replace(by_step(look, "worksheets", "worksheets", types, title, note, empty), width=HALF_LEFT)


def recommendations(look: Looks) -> Block:
    """Open recommendations by unit, with how many are overdue and which is the oldest."""
    listing = look.listing("recommendations")
    by_unit = listing.counts(look.session, "unit_id", "late")
    total, late = sum(by_unit.values()), sum(one for (_, is_late), one in by_unit.items() if is_late == "yes")
    oldest = listing.page(look.session, None, 1).items
    title = Text(f"{total} rekomendasi belum selesai, {late} lewat batas",
                 f"{counted(total, 'recommendation is open', 'recommendations are open')}, {late} overdue")  # fmt: skip
    counts: list[Count] = []
    if late:
        counts.append(Count(words(Text("Lewat batas", "Overdue")), late, look.list_href("recommendations", late="yes"),
                            100 * late / total, "bad"))  # fmt: skip
    names: dict[int | None, int] = {}
    for (unit_id, _), held in by_unit.items():
        names[unit_id] = names.get(unit_id, 0) + held
    if None in names:
        href = look.list_href("recommendations", region="yes")
        counts.append(Count(words(REGION), names[None], href, 100 * names[None] / total, "accent"))
    for unit_id, held in sorted(names.items(), key=lambda pair: look.viewer.unit_name(pair[0])):
        unit = None if unit_id is None else look.viewer.organisation.units.get(unit_id)
        if unit is not None and not [one for one in look.viewer.below(unit) if one in names and one != unit_id]:
            href = look.list_href("recommendations", unit=unit.key)
            counts.append(Count(unit.name, held, href, 100 * held / total, "accent"))
    note = (
        "" if not oldest else words(Text(f"Tertua: {oldest[0].cells['year']}.", f"Oldest: {oldest[0].cells['year']}."))
    )
    return Block(
        "bars", "recommendations", words(title), note, HALF_LEFT, counts, links(look, "recommendations"),
        empty=words(FIGURES.values()["recommendations"].empty),
        more={"total": total, "href": look.list_href("recommendations")},
    )  # fmt: skip
