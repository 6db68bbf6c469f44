"""The decision box: what the reader can do now, what not and why, and whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from engine.cases.views import CasePage
from engine.changes import ActionView, Refusal
from engine.definitions.model import Text
from engine.facts import Command
from web.carried import readable
from web.deadlines import Deadline, IsWorkingDay, deadline
from web.language import words
from web.officer.ahead import needed
from web.officer.held import Held, held
from web.officer.proof import REQUIRED, place_of_code, with_what_is_set_up

ABOUT_TASKS = frozenset({"claim", "release", "assign", "delegate"})  # stand with the task, not among the decisions
BACK_SIGN = {"danger": "stop", "warning": "back"}
LONGEST_NOTE = 10_000  # characters


@dataclass(frozen=True, slots=True)
class Act:
    """A button: ``value`` says which action in which place; ``next`` where it leads, in words."""

    value: str
    words: str
    tone: str
    sign: str
    next: str
    needs_note: bool
    needs_file: bool
    needs_code: bool
    asks: str  # what to confirm before it is done, when it cannot be undone


@dataclass(frozen=True, slots=True)
class Unavailable:
    """An action that applies here but is not possible now: its reason, the next step and where that is."""

    words: str
    reason: str
    next_step: str
    href: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything the box shows. ``edit_href`` leads to the form when an action takes answers."""

    acts: tuple[Act, ...]
    unavailable: tuple[Unavailable, ...]
    tasks: tuple[Held, ...]
    note_hint: str
    edit_href: str
    edit_words: str
    due: Deadline | None

    @property
    def has_acts(self) -> bool:
        """Whether there is something to decide."""
        return bool(self.acts)

    @property
    def handing(self) -> frozenset[str]:
        """The values of the forms by which a task is handed on."""
        shown = ((task, (("assign", task.people), ("delegate", task.delegates))) for task in self.tasks)
        return frozenset(f"{act}|{task.state}|{task.item}" for task, ways in shown for act, people in ways if people)

    @property
    def takes_file(self) -> bool:
        """Whether one of the actions wants a file with it."""
        return any(act.needs_file for act in self.acts)

    @property
    def code_hint(self) -> str:
        """For which of the actions a code has to be entered; nothing when for none."""
        needing = ", ".join(act.words for act in self.acts if act.needs_code)
        return str(_("Required for: %(acts)s.", acts=needing)) if needing else ""


@dataclass(frozen=True, slots=True)
class Again:
    """What was typed for an act that was refused: the note of the box, the form that hands a task on; ``left`` is what
    neither has room for any more, as (name, text)."""

    note: str = ""
    handed: Mapping[str, str] = field(default_factory=dict)
    left: tuple[tuple[str, str], ...] = ()


def again(decided: Decision, note: str, form: MultiDict[str, str] | None) -> Again:
    """Where what was posted in ``form`` is shown again; without a form only the note is."""
    act = "" if form is None else form.get("act", "")
    if act in decided.handing and form is not None:
        return Again(handed={name: form.get(name, "") for name in ("act", "to", "comment", "until")})
    if form is None or (decided.has_acts and act.partition("|")[0] not in ABOUT_TASKS):
        return Again(note)
    return Again(left=readable(form))


def decision(page: CasePage, is_working_day: IsWorkingDay) -> Decision:
    """The box of ``page`` for its reader."""
    shown = with_what_is_set_up([view for view in page.actions if view.action not in ABOUT_TASKS])
    possible = [view for view in shown if view.refusal is None]
    acts = tuple(_act(page, view, number == 0) for number, view in enumerate(_in_order(possible)))
    unavailable = tuple(
        _unavailable(page, view, view.refusal) for view in shown
        if view.refusal is not None and not _is_the_reporters(page, view)
    )  # fmt: skip
    tasks = tuple(held(page, task) for task in page.tasks)
    edits = {field for view in possible if view.form for field in view.edits}
    mine = [task for task, mine in zip(page.tasks, tasks, strict=True) if mine.is_mine or mine.may_claim]
    first = min((task.due_at for task in mine if task.due_at), default=None)
    due = deadline(first, page.now, is_working_day, page.is_suspended) if first else None
    return Decision(
        acts, unavailable, tasks, _note_hint(acts),
        f"/case/{page.case_id}/edit" if edits else "", _edit_words(page, edits), due,
    )  # fmt: skip


def _is_the_reporters(page: CasePage, view: ActionView) -> bool:
    """Whether only somebody outside can ever do it: in a sealed case no officer is told of it as something to wait for,
    for nobody should look for that person."""
    states = page.definition.states
    key: str | None = view.state
    roles: Sequence[str] = ()
    while page.sealed is not None and key is not None:
        state = states[key]
        if view.action in state.transitions:
            roles = state.transitions[view.action].by or (state.task.candidates if state.task is not None else ())
            break
        key = state.parent
    return bool(roles) and all(page.definition.roles[role].is_external for role in roles)


def _edit_words(page: CasePage, edits: set[str]) -> str:
    """A whole form is filled in; one or two answers are named."""
    if len(edits) > 2:
        return str(_("Fill in the form"))
    titles = [words(page.definition.fields[name].title) for name in sorted(edits) if name in page.definition.fields]
    return str(_("Fill in: %(fields)s", fields=", ".join(titles)))


def revision_seen(text: str) -> int | None:
    """The case's revision a form was made from; None where it names none. What is no number was never one, so it is as
    old as can be."""
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def command(page_value: str, actor: int, revision: str, comment: str) -> Command | None:
    """What a pressed button says (``action|state|item``), or None when it is not one of ours."""
    action, _bar, rest = page_value.partition("|")
    state, _bar, item = rest.partition("|")
    if not action:
        return None
    seen = revision_seen(revision)
    return Command(action=action, actor=actor, state=state or None, item=item or None,
                   comment=comment, revision=seen)  # fmt: skip


def note(typed: str) -> str:
    """What was typed as a note; browsers send two signs for each end of a line and count one."""
    return typed.replace("\r\n", "\n").strip()


def refused_note(text: str) -> Refusal | None:
    """Why a note is not taken, None when it is: one that is too long is given back whole, never cut."""
    if len(text) <= LONGEST_NOTE:
        return None
    sentence = Text("Catatan memuat paling banyak 10.000 karakter.", "A note has at most 10,000 characters.")
    return Refusal("comment_required", sentence)


def _in_order(views: list[ActionView]) -> list[ActionView]:
    """The act that carries the case on comes first; what sends back or ends it comes after."""
    return sorted(views, key=_reluctance)


def _reluctance(view: ActionView) -> tuple[bool, ...]:
    return (view.tone == "danger", view.tone == "warning", view.is_internal, "comment" in view.needs, view.task is None)


def _act(page: CasePage, view: ActionView, is_first: bool) -> Act:
    sends_on = is_first and view.tone != "danger" and not view.is_internal
    tone = "danger" if view.tone == "danger" else ("primary" if sends_on else "")
    sign = "check" if sends_on else BACK_SIGN.get(view.tone or "", "back" if "comment" in view.needs else "right")
    title = words(view.title)
    asks = str(_("%(act)s? This cannot be undone.", act=title)) if view.tone == "danger" else ""
    return Act(
        f"{view.action}|{view.state}|{view.item or ''}", _with_item(title, view), tone, sign, _next(page, view),
        "comment" in view.needs, "attachment" in view.needs, "second_factor" in view.needs, asks,
    )  # fmt: skip


def _with_item(title: str, view: ActionView) -> str:
    return f"{title}: {view.item}" if view.item else title


def _next(page: CasePage, view: ActionView) -> str:
    states = page.definition.states
    if view.item and sum(task.state == view.state for task in page.tasks) > 1:
        return ""  # it goes on only when the other items are done as well
    known = [key for key in view.next_states if key in states]
    if not known:
        return ""
    either = " " + _("or") + " "
    titles = [either.join(words(states[way].title) for way in _ways_out(page, key)) for key in known]
    who = [needed(page, key) for key in known]
    text = _("Next: %(steps)s", steps=", ".join(dict.fromkeys(titles)))
    return f"{text} ({'; '.join(dict.fromkeys(names for names in who if names))})." if any(who) else f"{text}."


def _ways_out(page: CasePage, key: str) -> tuple[str, ...]:
    """The state; of an automatic one, which a case only passes, those it leads to."""
    state = page.definition.states[key]
    ways = tuple(dict.fromkeys(one.to for one in state.always if one.to in page.definition.states))
    return ways if ways and state.task is None and state.approval is None else (key,)


def _note_hint(acts: tuple[Act, ...]) -> str:
    needing = [act.words for act in acts if act.needs_note]
    if not needing:
        return str(_("Optional. Everybody who sees this case can read it."))
    return str(_("Required for: %(acts)s. Everybody who sees this case can read it.", acts=", ".join(needing)))


def _unavailable(page: CasePage, view: ActionView, refusal: Refusal) -> Unavailable:
    faults = tuple(dict.fromkeys(words(fault.message) for fault in refusal.faults))
    return Unavailable(
        _with_item(words(view.title), view), words(refusal.sentence), words(refusal.next_step),
        next_href(page.case_id, refusal), faults,
    )  # fmt: skip


def next_href(case_id: int, refusal: Refusal) -> str:
    """Where a refusal's next step is, or "" when it is only words."""
    places = {
        "unknown_event": "#follow", "not_candidate": "#follow",
        "not_your_turn": "#steps", "waiting_for_branch": "#steps",
        "excluded": "#steps", "separation_of_duties": "#steps", "not_within_acting_powers": "#steps",
        "claimed_by_other": "#steps", "comment_required": "#comment", "attachment_required": "#attachments",
        "field_invalid": f"/case/{case_id}/edit", "guard": "#document", "suspended": "#history",
        "not_recallable": "#history", "stale_revision": url_for("case.show", case_id=case_id),
    }  # fmt: skip
    return place_of_code(refusal) if refusal.code == REQUIRED else places.get(refusal.code, "")
