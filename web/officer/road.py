"""The road of a case: its steps in words, the picture with its place in it, and its history by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask_babel import gettext as _
from markupsafe import Markup, escape

from engine.cases.views import CasePage, HistoryLine, MessageView, StateView
from engine.definitions.draw import Twin, draw
from engine.definitions.main_road import ends_case, main_road
from web.language import clock, day, language, one_stop, short_day, weekday_and_day, words
from web.officer.ahead import needed

KINDS = ("all", "decisions", "answers", "remarks", "mails")
MOST_STEPS = 10  # of a list that stands open as a whole
BEHIND, AHEAD = 1, 2  # steps beside the present ones that stay in sight in a longer list
MOST_STATES = 15  # of a picture that stands open on the page
NOT_DECISIONS = frozenset({"claim", "release", "assign", "delegate"})


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    detail: str
    is_done: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class Steps:
    """The list, in a long one folded around where the case stands: ``done``, ``near`` (open), ``ahead``."""

    done: tuple[Step, ...]
    near: tuple[Step, ...]
    ahead: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history: a complete sentence, the quote beneath it, and a link."""

    at: datetime
    time: str
    sentence: Markup
    comment: str = ""
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    heading: str
    lines: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The diagram with this case's place in it, and the same in words."""

    svg: Markup
    twin: tuple[Twin, ...]

    @property
    def is_long(self) -> bool:
        """Whether it is taller than the page around it, and opens only when asked for."""
        return len(self.twin) > MOST_STATES


def steps(page: CasePage) -> Steps:
    """The steps in words; of a long list only those around the present ones stand open."""
    rows = _steps(page)
    if len(rows) <= MOST_STEPS:
        return Steps((), rows, ())
    places = [place for place, row in enumerate(rows) if row.is_now] or [len(rows) - 1]
    first, last = max(places[0] - BEHIND, 0), places[-1] + 1 + AHEAD
    return Steps(rows[:first], rows[first:last], rows[last:])


def _steps(page: CasePage) -> tuple[Step, ...]:
    """What was done in the order it was done, where the case stands, and what lies ahead when all goes well."""
    done = sorted((it for it in page.states if it.mark == "done"), key=lambda it: it.left_at or page.opened_at)
    now = [it for it in page.states if it.mark == "now" and _is_standing(page, it.key)]
    now = [it for it in now if not _is_idle(page, it.key)] or now
    ahead = _ahead(page, [it.key for it in now])
    waiting = {it.key: it for it in page.states if it.mark == "waiting"}
    begun = {it.key for it in (*done, *now)}
    rows = [Step(words(it.title), _done(it), True, False) for it in done]
    rows += [
        Step(words(it.title), _standing(it, page), page.closed_at is not None, page.closed_at is None) for it in now
    ]
    for key in ahead:
        state = page.definition.states[key]
        if (key in waiting and state.kind != "final" and not _is_idle(page, key) and not _was_left_out(page, key)) or (
            ends_case(page.definition, key) and key not in begun
        ):
            rows.append(Step(words(state.title), _joined(_("Waiting"), needed(page, key)), False, False))
    return tuple(rows)


def _is_standing(page: CasePage, key: str) -> bool:
    """A branch that has ended, while others go on, stands nowhere: its last step is done."""
    return page.definition.states[key].kind != "final" or ends_case(page.definition, key)


def _is_idle(page: CasePage, key: str) -> bool:
    """A branch beside others in which nobody is asked anything, such as *no expert*: no step anybody takes."""
    state = page.definition.states[key]
    around = page.definition.states[state.parent] if state.parent is not None else None
    is_branch = state.region is not None or (around is not None and around.kind == "parallel")
    return is_branch and state.kind != "final" and not (state.task or state.approval or state.children)


def _ahead(page: CasePage, now: list[str]) -> tuple[str, ...]:
    """The way that is meant to be taken; of a case beside it, from where that stands."""
    if page.closed_at is not None:
        return ()
    road = main_road(page.definition)
    beside = [key for key in now if key not in road]
    return road if len(beside) < len(now) or not beside else main_road(page.definition, beside[0])


def _was_left_out(page: CasePage, key: str) -> bool:
    """Whether the case has left the parallel state around it without anybody asking for this branch."""
    parent = page.definition.states[key].parent
    while parent is not None:
        state = page.facts.state
        if page.definition.states[parent].kind == "parallel" and parent in state.visited and parent not in state.active:
            return True
        parent = page.definition.states[parent].parent
    return False


def _done(view: StateView) -> str:
    when = _("Done %(day)s", day=short_day(view.left_at)) if view.left_at else _("Done")
    return _joined(when, ", ".join(view.who))


def _standing(view: StateView, page: CasePage) -> str:
    if page.closed_at is not None:
        return str(_("Since %(day)s", day=short_day(page.closed_at)))
    due = ""
    if view.due_at is not None:
        due = _("due %(moment)s", moment=f"{weekday_and_day(view.due_at)}, {clock(view.due_at)}")
    return _joined(_("Now"), ", ".join(view.who) or needed(page, view.key), due)


def _joined(*parts: str) -> str:
    return " · ".join(str(part) for part in parts if part)


def picture(page: CasePage) -> Picture:
    """The diagram of the case's own version."""
    drawing = draw(page.definition, language())
    marks = dict.fromkeys(page.facts.state.visited, "done")
    for key in page.facts.state.active:
        marks[key] = "now" if page.closed_at is None and _is_standing(page, key) else "done"
    marks = {key: marks.get(key, "waiting") for key in page.definition.states}
    said = {"done": "✓ " + _("Done"), "now": "● " + _("Now"), "waiting": "○ " + _("Waiting")}
    title = _("The way of a %(type)s, with the place of this case", type=words(page.type_title).lower())
    summary = _("This case stands at: %(state)s. The list of steps says the same.", state=words(page.state_title))
    classes = {"done": "ok", "now": "at", "waiting": "to-come"}
    return Picture(Markup(drawing.marked(marks, said, classes, title, summary)), drawing.twin)


def history(page: CasePage, kind: str) -> tuple[Day, ...]:
    """What happened, newest first, by day; ``kind`` is one of KINDS."""
    lines = sorted(_lines(page, kind), key=lambda line: line.at)[::-1]  # of one moment the later first
    return tuple(Day(heading, tuple(told)) for heading, told in groupby(lines, key=lambda line: day(line.at)))


def _lines(page: CasePage, kind: str) -> Iterator[Told]:
    for line in page.history:
        is_wanted = kind == "all" or (kind == "decisions" and line.action not in NOT_DECISIONS)
        if is_wanted or (kind == "answers" and line.changed):
            yield _told(line)
    if kind in ("all", "remarks"):
        for said in page.comments:
            sentence = Markup("<b>%s</b> %s") % (said.person_name, _("remarked:"))
            yield Told(said.said_at, clock(said.said_at), sentence, said.text)
    if kind in ("all", "mails"):
        for message in page.messages:
            yield _mail(page, message)


def _told(line: HistoryLine) -> Told:
    sentence = words(line.sentence)
    if line.changed and line.action != "open":
        titles = ", ".join(dict.fromkeys(words(title) for title in line.changed))
        changed = _("Changed: %(fields)s.", fields=titles)
        sentence = f"{sentence} {changed}"
    return Told(line.at, clock(line.at), _with_bold_name(one_stop(sentence), line.actor_name), line.comment)


def _with_bold_name(sentence: str, name: str | None) -> Markup:
    if name and sentence.startswith(name):
        return Markup("<b>%s</b>%s") % (name, sentence[len(name) :])
    return escape(sentence)


def _mail(page: CasePage, message: MessageView) -> Told:
    values = {"to": message.to}
    sentences = {
        "sent": _("Mail sent to %(to)s.", **values),
        "failed": _("Mail to %(to)s could not be delivered. The task stays in the queue.", **values),
        "cancelled": _("Mail to %(to)s was cancelled: it had become unnecessary.", **values),
    }
    at = message.sent_at or message.created_at
    sentence = one_stop(sentences.get(message.state, _("Mail to %(to)s waits to be sent.", **values)))
    return Told(at, clock(at), escape(sentence), href=f"/case/{page.case_id}/mails#mail-{message.id}", link=_("Why"))
