"""What people read in the history about a timer that fired: what it did, never its key."""

from __future__ import annotations

from collections.abc import Sequence

from engine.cases.promises import is_warning
from engine.cases.step import is_release
from engine.cases.wording import action_title
from engine.definitions.model import Definition, EffectCall, Text

_AT_RISK = Text("Batas waktu penyelesaian kasus ini hampir habis", "The time promised for this case is nearly over")
_RELEASED = Text("Tugas {state} dilepas: terlalu lama dipegang", "The task {state} was given back: held for too long")
_REMINDED = Text("Pengingat terkirim pada {state}", "A reminder was sent in {state}")
_REPORTED = Text("Batas waktu {state} lewat; pemberitahuan terkirim",
                 "The time limit of {state} has passed; a notice was sent")  # fmt: skip
_WIDENED = Text("Batas waktu {state} lewat; {more} ikut diminta menangani",
                "The time limit of {state} has passed; {more} was asked as well")  # fmt: skip
_DONE = Text("Batas waktu {state} lewat; “{action}” dijalankan sistem",
             "The time limit of {state} has passed; the system chose “{action}”")  # fmt: skip
_PASSED = Text("Batas waktu {state} lewat", "The time limit of {state} has passed")
_REACHED = Text("Waktu yang ditetapkan pada {state} tercapai", "The set time in {state} was reached")


def timer_sentence(definition: Definition, key: str, state: Text) -> Text:
    """The sentence, without its full stop, about the timer ``key`` of ``state``."""
    if is_warning(key):
        return _AT_RISK
    where, _, name = key.rpartition(".")
    if is_release(key):
        return _filled(_RELEASED, state)
    spec = definition.states[where].timers.get(name) if where in definition.states else None
    if spec is None:
        return _filled(_REACHED, state)
    if spec.to is not None:
        return _filled(_PASSED, state)
    if spec.do is not None:
        return _filled(_DONE, state, action=action_title(definition, where, spec.do))
    return _of_effects(definition, spec.effects, state)


def _of_effects(definition: Definition, effects: Sequence[EffectCall], state: Text) -> Text:
    added = [definition.roles[call.options["role"]].title for call in effects if call.kind == "add_candidate"]
    if added:
        more = Text(", ".join(title.id for title in added), ", ".join(title.en for title in added))
        return _filled(_WIDENED, state, more=more)
    told = [str(call.options["notification"]) for call in effects if call.kind == "notify"]
    if told:
        return _filled(_REMINDED if all("remind" in key for key in told) else _REPORTED, state)
    return _filled(_REACHED, state)


def _filled(sentence: Text, state: Text, **values: Text) -> Text:
    shown = {"state": state, **values}
    return Text(
        sentence.id.format_map({name: text.id for name, text in shown.items()}),
        sentence.en.format_map({name: text.en for name, text in shown.items()}),
    )
