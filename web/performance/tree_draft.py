"""A draft of a tree: begun from the tree's page, looked at as list, picture or table, submitted as any case is."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from engine.changes import Refusal
from sakip.tree.impact import Impact
from sakip.tree.integrity import Finding
from sakip.tree.open_revisions import begin_revision, place_to_revise
from web.form_sections import SEND, summary
from web.language import language, words
from web.officer.form import acts_of
from web.performance.tree import address_of, drawn, found_nodes, looks_of, view_asked, view_links
from web.performance.tree_desk import Drafting, read_drafting
from web.performance.tree_node import broken_words
from web.performance.tree_view import CHANGED, NEW, Looks, counts, refusal_words
from web.performance.tree_words import node_words
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("tree_draft", __name__)

MOST_REASONS = 50
MOST_LETTERS = 100  # of a statement where it only names what a sentence is about


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar on top: how many changes, the one primary button (its value for the form of the case), or why not."""

    changes: int
    words: str
    value: str
    action: str
    revision: int
    reasons: tuple[tuple[str, str], ...]


@bp.post("/performance/trees/<name>/revise")
@signed_in
def begin(name: str) -> Any:
    """Open the case of a revision of this tree and lead to its draft."""
    place = place_to_revise(db(), g.person.id, name, now())
    title = str(_("Revision of the tree of goals of %(name)s", name=place.title))
    opened = begin_revision(db(), g.person.id, place, title, now())
    if isinstance(opened, Refusal):
        flash(" ".join([words(opened.sentence), *(words(one.message) for one in opened.faults)]), "bad")
        return redirect(url_for("tree.show", name=name), 303)
    flash(_("%(number)s was opened. Nobody else sees the draft before you submit it.", number=opened.number), "good")
    return redirect(url_for("tree_draft.show", case_id=opened.case_id), 303)


@bp.get("/performance/tree-drafts/<int:case_id>")
@signed_in
def show(case_id: int) -> str:
    """The tree as a draft would make it."""
    return page_of(read_drafting(case_id))


def page_of(drafting: Drafting, faults: tuple[tuple[str, str], ...] = ()) -> str:
    """The page of a draft, with what was just refused on top."""
    draft, page = drafting.draft, drafting.draft.page
    address = address_of(url_for("tree_draft.show", case_id=drafting.case.case_id))
    looks = looks_of(page, address, marks=_marks(drafting))
    only = address.values["only"]
    broken, of_chosen = draft.broken_beside(db(), looks.chosen)
    return render_template(
        "performance/draft.html",
        drafting=drafting, page=page, draft=draft, address=address, view=view_asked(), views=view_links(address),
        meta=counts(page.findings, address.href, only), found=found_nodes(looks, page.findings, only),
        bar=_bar(drafting, looks),
        broken_all=broken_words(page.units, page.measurement, broken) if broken is not None else (),
        ended=_ended(drafting), faults=faults, has_errors=bool(faults), may_edit=drafting.desk is not None,
        **_drawn(drafting, looks, of_chosen),
    )  # fmt: skip


def _drawn(drafting: Drafting, looks: Looks, impact: Impact | None) -> dict[str, Any]:
    """As of a tree in force, but what breaks was asked of the tree in force, not of the draft."""
    found = drawn(drafting.draft.page, looks, impact)
    chosen = found["chosen"]
    found["acts"], found["edit"] = (), ""
    if chosen is not None and chosen.is_own and drafting.desk is not None:
        where = {"case_id": drafting.case.case_id, "key": chosen.key}
        found["edit"] = url_for("tree_edit.change", **where)
        found["acts"] = (
            (str(_("Add below")), url_for("tree_edit.add", case_id=where["case_id"], under=chosen.key), "plus"),
            (str(_("Move")), url_for("tree_edit.move", **where), "right"),
            (str(_("Link")), url_for("tree_link.show", **where), "star"),
            (str(_("End")), url_for("tree_edit.end", **where), "trash"),
        )
    return found


def _marks(drafting: Drafting) -> dict[str, str]:
    made = drafting.draft.revision
    return dict.fromkeys(made.changed, CHANGED) | dict.fromkeys(made.new, NEW)


def _ended(drafting: Drafting) -> tuple[tuple[str, str], ...]:
    """The nodes the draft ends: (key, statement)."""
    before = drafting.draft.before.nodes
    return tuple(
        (key, node_words(before[key]) if key in before else key) for key in sorted(drafting.draft.revision.ended)
    )


def _bar(drafting: Drafting, looks: Looks) -> Bar | None:
    """The bar of whoever drafts; None for somebody who only reads."""
    if drafting.desk is None:
        return None
    acts = [act for act in acts_of(drafting.case, drafting.desk) if act.tone == "primary"]
    case_id = drafting.case.case_id
    return Bar(
        drafting.draft.changes, acts[0].words if acts else str(_("Submit the revision")),
        acts[0].value if acts else "", url_for("form.send", case_id=case_id, section=SEND), drafting.case.revision,
        _reasons(drafting, looks, has_act=bool(acts)),
    )  # fmt: skip


def _reasons(drafting: Drafting, looks: Looks, *, has_act: bool) -> tuple[tuple[str, str], ...]:
    """Why the draft cannot be submitted now: (address, sentence), each once."""
    desk, draft = drafting.at_work, drafting.draft
    found: list[tuple[str, str]] = []
    if not draft.changes:
        found.append(("", str(_("Nothing has been changed yet."))))
    for finding in draft.errors:
        found.append(_told(looks, finding))
    for key, code in [(one.key, one.code) for one in draft.page.faults]:
        found.append(_at(looks, key, refusal_words(code)))
    for refusal in draft.refusals:
        found += [_at(looks, key, refusal_words(refusal.code)) for key in refusal.keys]
    faults = drafting.reading.faults if drafting.reading is not None else ()
    basis = [fault for fault in faults if fault.path.partition(".")[0] not in ("nodes", "edges")]
    form = url_for("form.edit", case_id=drafting.case.case_id, check=1)
    found += [(form, said) for _anchor, said in summary(basis, desk.form, desk.raw, language())]
    rows = [fault for fault in faults if fault not in basis]
    if rows and len(found) == (0 if draft.changes else 1):
        found += [(form, said) for _anchor, said in summary(rows, desk.form, desk.raw, language())]
    if draft.page.levels is None:
        found.append(("", str(_("No levels of the tree are published for %(year)s.", year=draft.page.day.year))))
    if not found and not has_act:
        found.append(("", str(_("The case does not wait for you now."))))
    return tuple(dict.fromkeys(found))[:MOST_REASONS]


def _told(looks: Looks, finding: Finding) -> tuple[str, str]:
    return _at(looks, finding.key, refusal_words(finding.check))


def _at(looks: Looks, key: str, said: str) -> tuple[str, str]:
    home = {one.key: (node.key, one.name) for node, one in looks.tree.indicators()}
    start = key.split(":")[1] if ":" in key else key
    node, name = home.get(start, (start, ""))
    known = looks.tree.nodes.get(node)
    if known is None:
        return "", said
    named = f"{_short(node_words(known))}{f' ({_short(name)})' if name else ''}"
    return looks.href(node=node) + "#chosen", f"{named}: {said}"


def _short(words: str) -> str:
    """As much of a long statement as tells it from others: what is wrong with it stays in sight after it."""
    return textwrap.shorten(words, MOST_LETTERS, placeholder=" …")
