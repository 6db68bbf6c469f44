"""A worksheet on somebody's table: which tier, which rows are theirs, what was typed over what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request

from engine.cases.answers import visible
from engine.cases.step import Step
from engine.cases.views import CasePage
from engine.errors import NotFound
from engine.field_types.table import ROW_KEY
from sakip.configuration.evaluation import Tier
from sakip.facts.scores import SUBJECT_REGION
from sakip.facts.sheets import EVIDENCE, NotAsked, Sheet, sheet_of
from sakip.worksheet_desk import worksheet_desk
from sakip.worksheet_items import Item, Worksheet
from web.officer.desk import Desk
from web.officer.form import ANSWERS_STAND_IN_THE_WAY, desk_of
from web.performance.asked import NotMeant
from web.transaction import db

RECOMMENDATIONS = "recommendations"
HIDDEN = "hidden"


@dataclass(eq=False, slots=True)
class Work:
    """``desk`` is None for somebody who only reads. ``rows`` are the tier's as typed, by path; ``agencies`` roles in
    whose name one looks at evidence; ``readable`` the tiers this reader may see, in order."""

    page: CasePage
    desk: Desk | None
    sheet: Sheet
    tier: Tier
    readable: tuple[Tier, ...]
    rows: dict[str, dict[str, Any]]
    agencies: frozenset[str]

    def is_mine(self, component: str) -> bool:
        """Whether a component's rows are this person's to answer."""
        if self.desk is None:
            return False
        return not self.tier.by_component or self.tier.by_component.get(component) in self.agencies

    def view(self) -> Worksheet:
        """The worksheet as it stands, typed answers included."""
        return worksheet_desk(db(), self.sheet, self.tier, self.rows.values(), self.visible)

    @property
    def visible(self) -> Mapping[str, Any]:
        """The case's answers that the reader may see."""
        shown = _shown(self.page) | (self.desk.editable if self.desk is not None else frozenset())
        return {name: value for name, value in self.page.answers.items() if name in shown}

    def keep(self, comment: str | None = None) -> None:
        """Keep the rows as a draft."""
        assert self.desk is not None
        self.desk.keep({**self.desk.raw, self.tier.key: list(self.rows.values())}, comment)

    def row(self, item: Item) -> dict[str, Any]:
        """The row of an item to write into."""
        fresh = {"path": item.path, "question": item.title.id, ROW_KEY: item.path}
        return self.rows.setdefault(item.path, fresh)


def work_on(page: CasePage) -> Work:
    """The worksheet of a case for its reader: the tier of their task, otherwise the one the address names or the last
    that has rows. Raises NotFound for a case that is no evaluation, NotMeant for a tier that is none or hidden."""
    sheet = _sheet(page)
    try:
        desk: Desk | None = desk_of(page)
    except NotFound:
        desk = None
    shown = _shown(page) | (desk.editable if desk is not None else frozenset())
    readable = tuple(one for one in sheet.evaluation.tiers.values() if one.key in shown)
    mine = next((one for one in readable if desk is not None and one.key in desk.editable), None)
    wanted = request.args.get("tier")
    if wanted is not None and (mine is None or wanted != mine.key):
        mine = None
        tier = next((one for one in readable if one.key == wanted), None)
        if tier is None:
            raise NotMeant("no_such_tier")
    else:
        begun = [one for one in readable if page.answers.get(one.key)]
        standing = [one for one in readable if one.state in _states(page)]
        tier = mine or next(iter(standing or begun[-1:] or readable), None)
        if tier is None:
            raise NotFound("Nothing of this worksheet is for this person to read.")
    work = Work(page, desk if mine is not None else None, sheet, tier, readable, {}, _agencies(page, tier))
    work.rows = _rows(work)
    return work


def _shown(page: CasePage) -> frozenset[str]:
    """The fields the reader may see: asked for as the answers stand, in a part that is shown to them, not hidden."""
    if page.form is None:
        return frozenset()
    scope = Step(page.definition, page.facts, page.reader).scope()
    asked = visible(page.definition, page.form, page.answers, scope)
    return frozenset(name for name in asked if page.fields.get(name) != HIDDEN)


def _states(page: CasePage) -> frozenset[str]:
    """Where the case stands, with the states around."""
    found: set[str] = set()
    for active in page.facts.state.active:
        key: str | None = active
        while key is not None and key not in found:
            found.add(key)
            key = page.definition.states[key].parent
    return frozenset(found)


def _sheet(page: CasePage) -> Sheet:
    year = page.answers.get("year")
    if year is None or page.sealed is not None or "subject" not in page.definition.fields:
        raise NotFound("This case is no evaluation.")
    unit = None if page.answers.get("subject") == SUBJECT_REGION or page.facts.unit is None else int(page.facts.unit)
    if unit is None and page.answers.get("subject") != SUBJECT_REGION:
        raise NotFound("This case is no evaluation.")
    sheet = sheet_of(db(), g.person.region_id, unit, int(year))
    if sheet.evaluation.case_type != page.facts.case_type:
        raise NotFound("This case is no evaluation.")
    return sheet


def has_sheet(page: CasePage) -> bool:
    """Whether the case says of whom and of which year it is a worksheet, and a rubric asks that."""
    try:
        _sheet(page)
    except (NotFound, NotAsked):
        return False
    return True


def _agencies(page: CasePage, tier: Tier) -> frozenset[str]:
    """The roles of the tasks this person may act in: one of them is the agency a component is looked at by."""
    roles: set[str] = set()
    for view in page.actions:
        task = page.definition.states[view.state].task if view.state in page.definition.states else None
        is_open = view.refusal is None or view.refusal.code in ANSWERS_STAND_IN_THE_WAY
        if tier.key in view.edits and is_open and task is not None:
            roles.update(task.candidates)
    return frozenset(roles)


def _rows(work: Work) -> dict[str, dict[str, Any]]:
    """The stored rows; over those that are this person's, what they typed. Rows of others stay as they are stored.

    Where somebody fills them in, rows of what the rubric has ceased to ask are left out: nobody would see them, and
    they keep the tier from being locked."""
    key, stored = work.tier.key, work.page.answers.get(work.tier.key) or ()
    if work.desk is None:
        return {str(row["path"]): dict(row) for row in stored if row.get("path")}
    typed = work.desk.boxes.typed(work.desk.form.fields[key], stored)
    rows = {str(row["path"]): {**row, ROW_KEY: row["path"]} for row in typed if row.get("path")}
    if work.desk.draft is not None:
        for row in work.desk.raw.get(key) or ():
            path = str(row.get("path") or "")
            if path and work.is_mine(path.partition(".")[0]):
                rows[path] = {**row, ROW_KEY: path}
    asked = work.sheet.pieces() if work.tier.answers == EVIDENCE else work.sheet.questions
    return {path: row for path, row in rows.items() if path in asked}
