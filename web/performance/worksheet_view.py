"""The words of a worksheet's page: answers with their value, the tier before, numbers of the head, tabs, filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from engine.definitions.model import Text
from sakip.facts.evidence import ACCEPTED, REFUSED, REPAIRED
from sakip.facts.worksheet_rows import ANY_DAY
from sakip.reasons import Reason
from sakip.score import Judged
from sakip.shares import Given, is_open
from sakip.values import as_text
from sakip.worksheet import NONE, NOT_APPLICABLE, Question
from sakip.worksheet_items import CHANGED, FILTERS, LIMITED, OPEN, REFUSED_ROWS, Item, Panel, Worksheet
from web.deadlines import Deadline, deadline
from web.language import day as day_words
from web.language import words, zone
from web.officer.listing import Address
from web.officer.working_days import working_day_test
from web.performance.evaluation_words import answer_words, band_words, number
from web.performance.worksheet_work import Work

MOST_NUMBERS = 40  # pieces one row uses: the form takes no more


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer as a radio: its words, its value small; ``grade`` is the letter its words begin with, if one."""

    value: str
    words: str
    small: str
    is_chosen: bool
    grade: str = ""

    @property
    def rest(self) -> str:
        """The words after the letter."""
        return self.words[len(self.grade) :]


@dataclass(frozen=True, slots=True)
class Tab:
    words: str
    href: str
    is_current: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that is not the earlier tier's: both in words, where it is, and whether its note is still missing."""

    title: str
    before: str
    now: str
    href: str
    lacks_note: bool


def choices(item: Item) -> list[Choice]:
    """The answers of a row from the best down; of a row that evidence answers, what is said instead of pieces."""
    question = item.question
    if question is None:
        return []
    given = item.row.get("answer") if item.is_done or question.pieces is not None else None
    found = []
    if question.pieces is None and question.scale is not None:
        found = [
            _choice(one.key, answer_words(question.scale, one.key), number(as_text(one.value)), one.key == given)
            for one in question.scale.answers.values()
        ]
    elif question.pieces is not None:
        found = [Choice(NONE, str(_("No evidence")), "", given == NONE and not item.row.get("pieces"))]
    if question.not_applicable is not None:
        found.append(Choice(NOT_APPLICABLE, str(_("Does not apply")), "", given == NOT_APPLICABLE))
    return found


def _choice(value: str, said: str, small: str, is_chosen: bool) -> Choice:
    grade = value.upper()
    return Choice(value, said, small, is_chosen, grade if said.startswith(f"{grade}: ") else "")


def letters(items: Sequence[Item]) -> list[Choice]:
    """What the letters of a part mean, where its answers begin with letters of one scale."""
    scales = {item.question.scale.key: item for item in items if item.question and item.question.scale is not None}
    found = choices(next(iter(scales.values()))) if len(scales) == 1 else []
    return [one for one in found if one.grade]


def given_words(question: Question | None, given: Given) -> str:
    """An answer in words; empty for an open one."""
    if question is None or is_open(given):
        return ""
    if isinstance(given, str):
        return answer_words(None if question.pieces is not None else question.scale, given)
    return answer_words(None, f"{len(set(given or ()))}/{len(question.pieces or ())}")


def is_as_before(item: Item) -> bool:
    """Whether a row is answered as the tier before has it, and nothing else of it asks to be looked at."""
    is_plain = item.question is not None and item.is_done and not is_open(item.earlier)
    told = item.marks & {CHANGED, REFUSED_ROWS} or item.warning or item.suggested
    return is_plain and not told and not own_note(item) and not item.row.get("refused")


def own_note(item: Item) -> str:
    """The note of a row; "" where it is only carried on from the tier before."""
    note = str(item.row.get("note") or "")
    return "" if note.split() == item.earlier_note.split() else note


def full_words(item: Item) -> str:
    """That a row uses as many pieces as it may while the register has more that fit; "" for any other row."""
    fitting = {one.number: one.is_used for asked in item.asked for one in asked.registered if one.state != REFUSED}
    if sum(fitting.values()) < MOST_NUMBERS or all(fitting.values()):
        return ""
    said = Text("%s bukti dipakai: satu kriteria memuat paling banyak %s. %s yang lain tidak ikut.",
                "%s pieces are used: one criterion takes at most %s. %s more are left out.")  # fmt: skip
    left = list(fitting.values()).count(False) + sum(asked.more for asked in item.asked)
    return words(said) % (sum(fitting.values()), MOST_NUMBERS, left)


def older_words(count: int) -> str:
    """How many older pieces of a kind and year stand in the register beside those a row offers."""
    return words(Text("%s bukti yang lebih lama di daftar bukti", "Older pieces in the register: %s")) % count


def proof_words(item: Item) -> str:
    """How many pieces of evidence a row has, and what the check said of them."""
    asked = len(item.asked)
    said = [str(ngettext("%(num)d piece of evidence", "%(num)d pieces of evidence", asked))]
    accepted = sum(one.judged == ACCEPTED for one in item.asked)
    refused = sum(one.judged == REFUSED for one in item.asked)
    if accepted == asked:
        said.append(str(_("all accepted")))
    elif accepted:
        said.append(str(_("%(count)s accepted", count=accepted)))
    if refused:
        said.append(str(_("%(count)s refused", count=refused)))
    return ", ".join(said)


def differing(view: Worksheet, address: Address) -> list[Difference]:
    """The rows whose answer is another than that of the tier before, in the order of the worksheet."""
    return [
        Difference(
            words(item.title), given_words(item.question, item.earlier), given_words(item.question, item.given),
            f"{address.href(component=item.component, only=None)}#{anchor(item.path)}", not item.row.get("note"),
        )
        for item in view.items if view.tier.starts_from and CHANGED in item.marks
    ]  # fmt: skip


def parts(panels: Sequence[tuple[Panel, Sequence[Item]]]) -> list[Tab]:
    """The parts on the page as links to them, each with how far it is; none where there is one only."""
    return [
        Tab(words(panel.sub.title), f"#part-{panel.sub.path.replace('.', '-')}", False,
            f"{sum(item.is_done for item in items)}/{len(items)}")
        for panel, items in panels
    ] if len(panels) > 1 else []  # fmt: skip


def last_words(item: Item) -> str:
    """Last year's answer in words: a key of the scale, otherwise as it is kept."""
    last = str(item.row.get("last_answer") or "")
    known = item.question is not None and last in item.question.shares
    return answer_words(item.question.scale, last) if known and item.question is not None else last


def state_words(state: str) -> tuple[str, str, str]:
    """How a piece stands: words, tone, sign."""
    known = {
        ACCEPTED: (_("Accepted"), "good", "check"), REFUSED: (_("Refused"), "bad", "stop"),
        REPAIRED: (_("Repaired"), "warn", "pen"),
    }  # fmt: skip
    said, tone, sign = known.get(state, (_("Registered"), "", "file"))
    return str(said), tone, sign


def score_words(view: Worksheet) -> tuple[str, str]:
    """The third number of the head and what stands beneath; no score before everything is answered."""
    if view.judged is None:
        return "–", str(_("this tier gives no score"))
    if isinstance(view.judged, Judged):
        return f"{number(view.judged.printed)}", str(_("predicate from these answers: %(predicate)s",
                                                        predicate=band_words(view.judged.predicate)))  # fmt: skip
    left = view.asked - view.answered
    if left:
        said = ngettext("no score before %(num)d more is answered", "no score before %(num)d more are answered", left)
        return "–", str(said)
    assert isinstance(view.judged, Reason)
    return "–", words(view.judged.sentence)


def window(work: Work) -> Deadline | None:
    """The last day of the tier's window, more time for the unit included, as a deadline; None without one or when the
    case is closed."""
    usual, more = _days(work)
    day = max((one for one in (usual, more) if one is not None), default=None)
    if day is None or work.page.closed_at is not None:
        return None
    end = datetime.combine(day + timedelta(days=1), time(), zone()) - timedelta(minutes=1)
    return deadline(end.astimezone(UTC), work.page.now, working_day_test())


def more_time(work: Work) -> str:
    """That a unit has more time than the rubric gives, and how long the window was; "" where it has not."""
    usual, more = _days(work)
    if usual is None or more is None or more <= usual or work.page.closed_at is not None:
        return ""
    return str(_("Extended to %(day)s, was %(usual)s", day=day_words(more), usual=day_words(usual)))


def _days(work: Work) -> tuple[date | None, date | None]:
    """The last day of the tier's window as the case has it, and as it was extended for the unit."""
    name = f"{work.tier.key}_to"
    day = work.page.answers.get(name)
    if isinstance(day, str):
        day = date.fromisoformat(day)
    schedules = work.page.definition.schedules.values()
    schedule = next((one.key for one in schedules if name in one.closes.names), None)
    more = None if schedule is None else work.page.facts.extensions.get(schedule)
    return (day if isinstance(day, date) and day != ANY_DAY[1] else None), more


def tabs(view: Worksheet, address: Address, current: str) -> list[Tab]:
    """The components that are asked, each with how far it is."""
    found: dict[str, list[Item]] = {}
    for panel in view.panels:
        found.setdefault(panel.component.key, []).extend(panel.items)
    titles = {panel.component.key: words(panel.component.title) for panel in view.panels}
    return [
        Tab(titles[key], address.href(component=key, only=None), key == current,
            f"{sum(item.is_done for item in items)}/{len(items)}")
        for key, items in found.items()
    ]  # fmt: skip


def filters(view: Worksheet, address: Address, only: str) -> list[Tab]:
    """The filters with how many rows each leaves."""
    is_check = view.judged is None
    opened = _("Not looked at yet") if is_check else _("Not answered yet")
    titles = {OPEN: opened, REFUSED_ROWS: _("Refused"), LIMITED: _("Limited"), CHANGED: _("Changed")}
    return [
        Tab(str(titles[name]), address.href(only=None if name == only else name), name == only, str(view.count(name)))
        for name in (FILTERS[:2] if is_check else FILTERS)
    ]


def tier_tabs(work: Work, path: str) -> list[Tab]:
    """The tiers this reader may see that have rows."""
    return [
        Tab(words(one.title), Address(path, {"tier": one.key}).href(), one.key == work.tier.key)
        for one in work.readable
        if one.key == work.tier.key or work.page.answers.get(one.key)
    ]


def open_rows(view: Worksheet, is_mine: Callable[[str], bool], address: Address) -> Iterator[tuple[str, str]]:
    """Every row that keeps the tier from being locked, with where it is."""
    for item in view.items:
        if not item.is_done and is_mine(item.component):
            yield words(item.title), f"{address.href(component=item.component, only=None)}#{anchor(item.path)}"


def anchor(path: str) -> str:
    """The place of a row on the page."""
    return "row-" + path.replace(".", "-").replace("_", "-")


def recommended(work: Work) -> dict[str, dict[str, Any]]:
    """The recommendations by criterion, as typed or stored."""
    rows = work.desk.raw.get("recommendations") if work.desk is not None else work.visible.get("recommendations")
    return {str(row["path"]): dict(row) for row in rows or () if row.get("path")}
