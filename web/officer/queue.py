"""The queue: tasks grouped by deadline, filters in the address, pages by key, and taking a task."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from engine.cases.fire import fire
from engine.cases.queue_page import queue_page
from engine.cases.sealed_state import is_token
from engine.changes import Refusal
from engine.facts import Command
from engine.tasks.views import TABS, QueueFilters, QueuePage, QueueRow
from web.deadlines import Deadline, Waiting, deadline, waiting
from web.language import clock, short_moment, weekday_and_day, words
from web.officer.bulk import line_value
from web.officer.case_words import title_words
from web.officer.listing import Address, FilterField, FilterForm, SearchBox, chips, csv_file, whole_number
from web.officer.views import views_menu
from web.officer.working_days import working_day_test
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("queue", __name__)

PAGE, MOST_IN_CSV = 25, 5000
FILTERS = ("step", "type", "unit", "due", "held", "returned")


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the page writes it."""

    href: str
    title: str
    unit: str
    number: str
    sender: str
    step: str
    due: Deadline | None
    holder: str
    is_mine: bool
    has_task: bool
    waiting: Waiting | None
    returned: int
    claim: str
    pick: str = ""  # posted when the row is chosen, where the definition lets it be decided with others
    is_barred: bool = False  # such a row that is paused
    stands_in_for: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    rows: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    words: str
    href: str
    is_current: bool
    count: str


@dataclass(frozen=True, slots=True)
class Empty:
    title: str
    words: str
    href: str = ""
    way_on: str = ""


@bp.get("/")
@signed_in
def home() -> Any:
    """The first page is the queue."""
    return redirect(url_for("queue.show"))


@bp.get("/queue")
@signed_in
def show() -> str:
    """One page of one tab."""
    return _page(_address())


@bp.post("/queue/claim")
@signed_in
def claim() -> Any:
    """Take a task; somebody who was faster is named, and the list stays where it was."""
    case_id, _sep, place = request.form.get("claim", "").partition(":")
    state, _sep, item = place.partition(":")
    if not case_id.isdecimal() or len(case_id) > 18:
        return _page(_address()), 400
    command = Command(action="claim", actor=g.person.id, state=state or None, item=item or None)
    outcome = fire(db(), int(case_id), command, now=now())
    if isinstance(outcome, Refusal):
        db().rollback()
        return _page(_address(), outcome), 409
    flash(_("You hold this task now."), "good")
    return redirect(url_for("case.show", case_id=int(case_id)), 303)


@bp.get("/queue.csv")
@signed_in
def as_csv() -> Response:
    """The whole list with its filters, for a spreadsheet; without sealed cases."""
    head = (_("Number"), _("Subject"), _("Unit"), _("From"), _("Step"), _("Deadline"), _("Held by"), _("Waiting since"))
    return csv_file(f"alur-{_tab(_address())}", (*head, _("Returned")), _csv_rows(_address()))


def _csv_rows(address: Address) -> Iterator[tuple[object, ...]]:
    after, written = None, 0
    while written < MOST_IN_CSV:
        page = _read(address, after, 200, for_file=True)
        for row in page.rows:
            written += 1
            due = f"{weekday_and_day(row.due_at)}, {clock(row.due_at)}" if row.due_at else ""
            yield (row.number, row.title, row.unit_name, row.from_name, words(row.state_title), due, row.assignee_name,
                   short_moment(row.opened_at), row.returned_count)  # fmt: skip
        after = page.next_key
        if after is None:
            return


def _address() -> Address:
    values = {name: request.args.get(name, "")[:200] for name in ("tab", "q", *FILTERS, "after", "page")}
    return Address(url_for("queue.show"), values)


def _tab(address: Address) -> str:
    tab = address.values["tab"]
    return tab if tab in TABS else "mine"


def _read(address: Address, after: str | None, limit: int, *, for_file: bool = False) -> QueuePage:
    values = address.values
    filters = QueueFilters(
        state=values["step"] or None,
        case_type=values["type"] or None,
        unit_id=whole_number(values["unit"], 0) or None,
        deadline=values["due"] if values["due"] in ("overdue", "today", "next", "none") else None,
        assignee=values["held"] if values["held"] in ("me", "nobody", "others") else None,
        returned=whole_number(values["returned"], 0) or None,
        text=values["q"].strip(),
        for_file=for_file,
    )
    return queue_page(db(), g.person.id, now(), tab=_tab(address), filters=filters, after=after, limit=limit)


def _page(address: Address, refusal: Refusal | None = None) -> str:
    page = _read(address, address.values["after"] or None, PAGE)
    tab, number = _tab(address), whole_number(address.values["page"], 1)
    g.queue_count = page.counts.get("mine")
    fields = _fields(page, address)
    search = SearchBox(address.path, address.values["q"], _("Search by subject, number or name"),
                       _("Subject, number or name"), address.kept("q"))  # fmt: skip
    next_href = address.href(after=page.next_key, page=number + 1) if page.next_key else ""
    return render_template(
        "officer/queue.html",
        heading=_heading(tab), summary=_summary(page, address), tabs=_tabs(page, address), search=search,
        filters=FilterForm(fields, address.kept(*FILTERS)), chips=chips(address, fields),
        csv_href=url_for("queue.as_csv", **dict[str, Any](address.kept())),
        clear_href=Address(address.path, {"tab": tab}).href(),
        groups=_groups(page, tab, number), caption=_caption(tab), is_done=tab == "done", shown=len(page.rows),
        may_pick=tab == "mine" and any(row.may_bulk for row in page.rows),
        page=number, first_href=address.href(), next_href=next_href, empty=_empty(page, address), refusal=refusal,
        has_sealed=page.has_sealed, address=dict(address.kept()), views=views_menu(address, _("All my tasks")),
    )  # fmt: skip


def _heading(tab: str) -> str:
    return str(
        {"mine": _("My queue"), "unit": _("My unit's queue"), "follow": _("Cases I follow"), "done": _("Done")}[tab]
    )


def _caption(tab: str) -> str:
    order = _("newest first") if tab == "done" else _("overdue first, then due today, then the oldest")
    return f"{_heading(tab)}, {order}"


def _tabs(page: QueuePage, address: Address) -> tuple[Tab, ...]:
    titles = {"mine": _("My tasks"), "unit": _("My unit"), "follow": _("I follow"), "done": _("Done")}
    here = Address(address.path, {})
    return tuple(
        Tab(titles[tab], here.href(tab=tab if tab != "mine" else None), tab == page.tab,
            str(page.counts[tab]) if tab in page.counts and tab != "done" else "")
        for tab in TABS
    )  # fmt: skip


def _summary(page: QueuePage, address: Address) -> str:
    if page.tab == "done" or not page.rows or address.values["after"]:
        return ""
    late = sum(row.deadline == "overdue" for row in page.rows)
    today = sum(row.deadline == "today" for row in page.rows)
    more = "+" if page.next_key and late + today == len(page.rows) else ""
    if not late and not today:
        return str(_("Nothing is overdue, nothing is due today."))
    parts = []
    if late:
        parts.append(Markup('<b class="bad-ink">%s</b>') % _("%(count)s overdue", count=f"{late}{more}"))
    if today:
        parts.append(escape(_("%(count)s due today", count=f"{today}{more}")))
    return Markup("<span>%s.</span>") % Markup(", ").join(parts)


def _groups(page: QueuePage, tab: str, number: int) -> tuple[Group, ...]:
    is_working_day = working_day_test()
    titles = {"overdue": _("Overdue"), "today": _("Today"), "next": _("Next"), "none": _("Without a deadline")}
    groups = []
    for key, rows in groupby(page.rows, key=lambda row: "done" if tab == "done" else row.deadline):
        lines = tuple(_line(row, is_working_day, tab) for row in rows)
        groups.append(Group(titles.get(key, ""), lines))
    # A group is counted where all of it is on the page: not what begins before it or goes on after it.
    for index, group in enumerate(groups):
        is_whole = (index or number == 1) and (index < len(groups) - 1 or not page.next_key)
        if group.title and is_whole:
            groups[index] = replace(group, title=f"{group.title} · {len(group.rows)}")
    return tuple(groups)


def _line(row: QueueRow, is_working_day: Any, tab: str) -> Line:
    due: Deadline | None
    if tab == "done" or row.closed_at is not None:
        ended = row.closed_at
        due = Deadline("plain", "check", weekday_and_day(ended), clock(ended), ended) if ended else None
    else:
        due = deadline(row.due_at, now(), is_working_day, row.is_paused)
    may_pick = row.may_bulk and tab == "mine"
    may_claim = row.may_claim and row.assignee_id is None and tab == "mine"
    return Line(
        href=url_for("case.show", case_id=row.case_id),
        title=title_words(row.title, row.type_title), unit=_unit(row), number=row.number, sender=row.from_name or "",
        step=_step(row), due=due, holder=row.assignee_name or "", is_mine=row.is_mine,
        has_task=row.task is not None, waiting=waiting(row.opened_at, now(), is_working_day) if tab != "done" else None,
        returned=row.returned_count, claim=f"{row.case_id}:{row.state or ''}:{row.item or ''}" if may_claim else "",
        pick=line_value(row.case_id, row.state, row.item) if may_pick and not row.is_paused else "",
        is_barred=may_pick and row.is_paused, stands_in_for=words(row.stands_in_for),
    )  # fmt: skip


def _step(row: QueueRow) -> str:
    """The step, with whose decision or which item the line is about: lines of one case must not look alike."""
    title, place = words(row.state_title), words(row.place_title)
    named = (place if place != title else "", row.item or "")
    beside = ", ".join(part for part in named if part and not is_token(part))  # a sealed item is read with its key
    return f"{title}: {beside}" if beside else title


def _unit(row: QueueRow) -> str:
    """The unit, unless the title names it already."""
    return "" if row.unit_name is None or row.unit_name in row.title else row.unit_name


def _fields(page: QueuePage, address: Address) -> tuple[FilterField, ...]:
    values = address.values
    due = (("overdue", _("Overdue")), ("today", _("Today")), ("next", _("Later")), ("none", _("Without a deadline")))
    held = (("me", _("Me")), ("nobody", _("Nobody")), ("others", _("Others")))
    returned = tuple((str(n), ngettext("At least %(num)d time", "At least %(num)d times", n)) for n in (1, 2, 3))
    fields = (
        FilterField("step", _("Step"), _choices([(key, words(title)) for key, title in page.states]), values["step"]),
        FilterField("type", _("Kind"), _choices([(k, words(t)) for k, t in page.case_types]), values["type"]),
        FilterField("unit", _("Unit"), _choices([(str(key), name) for key, name in page.units]), values["unit"]),
        FilterField("due", _("Deadline"), _choices(due), values["due"]),
        FilterField("held", _("Held by"), _choices(held), values["held"]),
        FilterField("returned", _("Returned"), _choices(returned), values["returned"]),
    )
    is_done = page.tab == "done"
    return tuple(field for field in fields if not is_done or field.name in ("type", "unit"))


def _choices(found: Any) -> tuple[tuple[str, str], ...]:
    return (("", _("All")), *found)


def _empty(page: QueuePage, address: Address) -> Empty:
    here = Address(address.path, {})
    if page.tab == "mine":
        unit = page.counts.get("unit")
        if unit and unit.number:
            still = ngettext("Your unit still has %(count)s task.", "Your unit still has %(count)s tasks.",
                             unit.number, count=str(unit))  # fmt: skip
            text = " ".join((_("New tasks also come by e-mail."), still))
            return Empty(_("No tasks for you"), text, here.href(tab="unit"), _("See my unit's tasks"))
        return Empty(_("No tasks for you"), _("New tasks also come by e-mail."), "/cases/new", _("Open a new case"))
    if page.tab == "unit":
        return Empty(_("No open tasks in your unit"), _("Tasks of your unit and its parts appear here."))
    if page.tab == "follow":
        return Empty(_("You follow no case"), _("Press Follow on a case to see it here."), "/cases", _("Search cases"))
    return Empty(_("Nothing done yet"), _("Cases in which you have decided appear here."))
