"""The text twin of a picture: every step with who works there, until when, and where each way out leads."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.diff.words import due
from engine.definitions.draw import depth_of
from engine.definitions.draw_dot import approvers, moment, roles_of, safe
from engine.definitions.draw_marks import EXPLAINED, GONE, WORDS_OF, Marks
from engine.definitions.model import Definition, State, Text, Transition

_WORDS = {
    "start": Text("kasus mulai di sini", "cases begin here"),
    "end": Text("akhir", "end"),
    "due": Text("batas", "due"),
    "each": Text("satu tugas untuk tiap", "one task for each of"),
    "automatic": Text("otomatis", "by itself"),
    "if": Text("bila", "if"),
    "by": Text("oleh", "by"),
    "rests": Text("boleh menetap di sini", "may stay here"),
    "branch": Text("cabang", "branch"),
    "together": Text("cabang berjalan bersama, menunggu", "branches run side by side, waiting for"),
    "all": Text("semua", "all"),
    "stays": Text("tetap di langkah ini", "stays in this step"),
    "nowhere": Text("tidak ke mana pun", "nowhere"),
    "resumes": Text("tempat terakhir ditinggalkan", "where it was left"),
}


def in_text(definition: Definition, language: str, marks: Marks) -> str:
    """The definition as an indented list in ``language`` ("id" or "en"), marks in brackets, explained at the end."""
    return "\n".join(_Twin(definition, language, marks).lines())


class _Twin:
    """Writes one list."""

    def __init__(self, definition: Definition, language: str, marks: Marks) -> None:
        self.definition = definition
        self.language = language
        self.marks = marks

    def _word(self, name: str) -> str:
        return _WORDS[name].into(self.language)

    def lines(self) -> Iterator[str]:
        """Title, steps, legend."""
        definition = self.definition
        yield f"{definition.title.into(self.language)} ({definition.case_type} {definition.version})"
        yield ""
        region = None
        for state in definition.states.values():
            indent = "  " * depth_of(definition, state)
            if state.region is not None and (state.parent, state.region) != region:
                region = (state.parent, state.region)
                yield f"{indent[2:]}  ── {self._word('branch')} {state.region}"
            yield indent + self._head(state)
            for line in self._ways(state):
                yield f"{indent}    {line}"
        yield from self._legend()

    def _head(self, state: State) -> str:
        parts = [state.title.into(self.language), *self._details(state)]
        kinds = self.marks.states.get(state.key, ())
        return " · ".join(parts) + "".join(f" [{WORDS_OF[kind].into(self.language)}]" for kind in kinds)

    def _details(self, state: State) -> Iterator[str]:
        if state.key == self.definition.initial:
            yield self._word("start")
        if state.kind == "final":
            yield self._word("end")
        if state.is_resting:
            yield self._word("rests")
        if state.kind == "parallel":
            yield f"{self._word('together')} {self._join(state)}"
        if state.multi_instance is not None:
            yield f"{self._word('each')} {state.multi_instance.collection.text}"
        work = state.task or state.approval
        if state.task is not None and state.task.candidates:
            yield roles_of(self.definition, state.task.candidates, self.language)
        if state.approval is not None:
            yield " + ".join(approvers(self.definition, state, self.language))
        if work is not None and work.due is not None:
            yield f"{self._word('due')} {due(work.due).into(self.language)}"

    def _join(self, state: State) -> str:
        if state.join is None:
            return self._word("all")
        return str(state.join.quorum) if state.join.quorum is not None else ", ".join(state.join.regions)

    def _ways(self, state: State) -> Iterator[str]:
        for transition in state.transitions.values():
            title = transition.title.into(self.language)
            yield f"{title}{self._conditions(transition)} → {self._goal(state, transition)}"
        for always in state.always:
            when = f" {self._word('if')} {always.guard.text}" if always.guard is not None else ""
            yield f"{self._word('automatic')}{when} → {self._title(state, always.to)}"
        for timer in state.timers.values():
            if timer.to is not None or timer.do is not None:
                goal = self._title(state, timer.to) if timer.to is not None else self._action(state, str(timer.do))
                yield f"{moment(timer).into(self.language)} → {goal}"

    def _conditions(self, transition: Transition) -> str:
        by = f" {self._word('by')} {roles_of(self.definition, transition.by, self.language)}" if transition.by else ""
        return by + (f" {self._word('if')} {transition.guard.text}" if transition.guard is not None else "")

    def _goal(self, state: State, transition: Transition) -> str:
        if transition.to is None:
            return self._word("stays" if transition.is_internal else "nowhere")
        resumes = f" ({self._word('resumes')})" if transition.resumes else ""
        return self._title(state, transition.to) + resumes

    def _title(self, state: State, key: str) -> str:
        title = self.definition.states[key].title.into(self.language) if key in self.definition.states else key
        kind = self.marks.arrows.get(f"{safe(state.key)}--{safe(key)}")
        return title if kind is None else f"{title} [{WORDS_OF[kind].into(self.language)}]"

    def _action(self, state: State, action: str) -> str:
        current: State | None = state
        while current is not None:
            if action in current.transitions:
                return current.transitions[action].title.into(self.language)
            current = self.definition.states.get(current.parent or "")
        return action

    def _legend(self) -> Iterator[str]:
        if self.marks.kinds or self.marks.gone:
            yield ""
        for kind in self.marks.kinds:
            yield f"[{WORDS_OF[kind].into(self.language)}] {EXPLAINED[kind].into(self.language)}"
        for sentence in self.marks.gone:
            yield f"{GONE.into(self.language)}: {sentence.into(self.language)}"
