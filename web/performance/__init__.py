"""The pages of performance accountability; `install` is all the application knows of them."""

from __future__ import annotations

from flask import Blueprint, Flask

from engine.definitions.model import Text
from web.layout import AddedPlace, add_place
from web.officer.own_pages import OwnPage, add_own_page, add_own_setting, add_own_words
from web.performance import (
    agreement,
    dashboard,
    documents,
    entry,
    entry_open,
    evidence,
    evidence_add,
    figures,
    importing,
    indicator,
    monthly,
    own_words,
    public,
    report_page,
    report_public,
    tree,
    tree_copy,
    tree_draft,
    tree_edit,
    tree_link,
    tree_paste,
    units,
    verification,
    whatif,
    worksheet,
)
from web.performance.worksheet_work import has_sheet

__all__ = ["PAGES", "documents", "install"]

PAGES: tuple[Blueprint, ...] = (
    dashboard.bp,
    entry.bp,
    entry_open.bp,
    figures.bp,
    importing.bp,
    indicator.bp,
    monthly.bp,
    public.bp,
    report_page.bp,
    report_public.bp,
    whatif.bp,
    worksheet.bp,
    evidence.bp,
    evidence_add.bp,
    verification.bp,
    tree.bp,
    tree_copy.bp,
    tree_draft.bp,
    tree_edit.bp,
    tree_link.bp,
    tree_paste.bp,
    units.bp,
    agreement.bp,
)

# Of an evaluation every table a tier is read as a worksheet, at the tier its field is called after.
TIERS, RECOMMENDED = ("sakip.worksheet", "tier"), {"recommendations": {"tier": "final"}}


def install(app: Flask) -> None:
    """Add every page of this part."""
    for page in PAGES:
        app.register_blueprint(page)
    sheet = OwnPage(
        Text("Buka lembar kerja", "Open the worksheet"), "worksheet.show", is_there=has_sheet, tables=RECOMMENDED,
        sourced=TIERS,
    )  # fmt: skip
    add_own_page(app, "lke_evaluation", sheet)
    report = OwnPage(Text("Buka laporannya", "Open the report"), "entry.show", tables={"rows": {}})
    add_own_page(app, "measurement_report", report)
    add_own_words(app, "follow_up", own_words.follow_up)
    add_own_words(app, "action_plan", own_words.action_plan)
    add_own_words(app, "measurement_report", own_words.measurement_report)
    add_own_words(app, "tree_revision", own_words.tree_revision)
    add_own_setting(app, monthly.SETTING)
    compared = OwnPage(Text("Bandingkan dan ubah", "Compare and revise"), "agreement.show", only_closed=True)
    add_own_page(app, "performance_agreement", compared)
    add_own_page(app, "tree_revision", OwnPage(Text("Buka pohonnya", "Open its tree"), "tree_draft.show",
                                           sections=frozenset({"changes"})))  # fmt: skip
    figures_of = OwnPage(
        Text("Lihat angka laporannya", "See the report's figures"), "report.show", is_there=report_page.has_year
    )
    add_own_page(app, "performance_report", figures_of)
    add_place(app, AddedPlace(Text("Kinerja", "Performance"), "/performance"))
