"""An agreement in force beside the tree of today, and the button that begins its revision (reference §3.3, §4.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.changes import Refusal
from sakip.agreement_page import REASONS, AgreementPage, agreement_page, revise_agreement
from sakip.facts.agreed import ENDED, Difference
from sakip.tree.annex import TARGET, TEXT, UNIT
from sakip.tree.carried_over import ASSUMPTION, OFFICIAL, STRATEGY
from web.language import words
from web.performance.tree_words import target_words, unit_words
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("agreement", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One difference: the indicator, what differs, how the agreement and the tree say it ("" where they do not)."""

    indicator: str
    part: str
    agreed: str
    now: str


@bp.get("/performance/agreements/<int:case_id>")
@signed_in
def show(case_id: int) -> str:
    """What became different in the tree since, and the reasons for which it may be revised."""
    page = agreement_page(db(), g.person.id, case_id, now())
    return render_template(
        "performance/agreement.html", page=page, lines=[line for one in page.differences for line in _lines(page, one)],
        reasons=_reasons(),
    )  # fmt: skip


@bp.post("/performance/agreements/<int:case_id>/revise")
@signed_in
def revise(case_id: int) -> Any:
    """Open the new agreement and lead to its form."""
    page = agreement_page(db(), g.person.id, case_id, now())
    title = str(_("Revision of %(title)s", title=page.title))
    opened = revise_agreement(db(), g.person.id, case_id, request.form.get("reason", ""), title, now())
    if isinstance(opened, Refusal):
        db().rollback()
        flash(" ".join([words(opened.sentence), *(words(one.message) for one in opened.faults)]), "bad")
        return redirect(url_for("agreement.show", case_id=case_id), 303)
    flash(_("%(number)s was opened. Complete it, then send it on.", number=opened.number), "good")
    return redirect(url_for("case.show", case_id=opened.case_id), 303)


def _reasons() -> list[tuple[str, str, str]]:
    """The reasons: (key, title, what is carried over and what is taken anew)."""
    told = {
        OFFICIAL: (_("Change of the official"),
                   _("Goals, targets and programmes are carried over; the first party is left open.")),
        STRATEGY: (_("Change of strategy"),
                   _("Parties and goals are carried over; programmes and budget are taken anew.")),
        ASSUMPTION: (_("Change of priorities or assumptions"),
                     _("Parties and programmes are carried over; goals and targets are taken from the tree.")),
    }  # fmt: skip
    return [(key, str(told[key][0]), str(told[key][1])) for key in REASONS]


def _lines(page: AgreementPage, found: Difference) -> list[Line]:
    titles = {TEXT: _("Text"), UNIT: _("Unit of measure"), TARGET: _("Target %(year)s", year=page.year)}
    if found.parts == (ENDED,) or found.now is None:
        return [Line(found.row.text, str(_("Not in the tree any more")), target_words(found.row.target), "")]
    here = {
        TEXT: (found.row.text, found.now.name),
        UNIT: (unit_words(page.measurement, found.row.unit), unit_words(page.measurement, found.now.unit)),
        TARGET: (target_words(found.row.target), target_words(found.now.target_of(page.year or 0))),
    }
    return [Line(found.row.text, str(titles[part]), *here[part]) for part in found.parts if part in here]
