"""How a comparison speaks: spans, deadlines, effects, the steps an arrow joins, each in Indonesian and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.diff.plain import plain
from engine.definitions.diff.values import Comparison, filled, listed, quoted
from engine.definitions.model import Definition, DueAt, Duration, EffectCall, State, Text

_UNITS: Mapping[str, Text] = {
    "working_days": Text("hari kerja", "working days"),
    "working_hours": Text("jam kerja", "working hours"),
    "days": Text("hari", "days"),
    "hours": Text("jam", "hours"),
    "minutes": Text("menit", "minutes"),
}
_EFFECTS: Mapping[str, tuple[str, str]] = {
    "add_candidate": ("menambah calon pelaksana {role}", "adds {role} to the candidates"),
    "append": ("menambahkan ke isian '{field}'", "appends to field '{field}'"),
    "call": ("memanggil '{connector}'", "calls '{connector}'"),
    "decide": ("memakai tabel keputusan '{table}'", "uses decision table '{table}'"),
    "extend_sla": ("memperpanjang janji layanan '{sla}'", "extends SLA '{sla}'"),
    "increment": ("menambah angka isian '{field}'", "counts up field '{field}'"),
    "issue_number": ("memberi nomor pada isian '{field}'", "issues a number into field '{field}'"),
    "notify": ("mengirim pemberitahuan '{notification}'", "sends notification '{notification}'"),
    "open_case": ("membuka kasus '{case_type}'", "opens a case of '{case_type}'"),
    "release_tasks_of": ("melepas tugas {role}", "releases the tasks of {role}"),
    "render_document": ("membuat dokumen di isian '{field}'", "makes the document in field '{field}'"),
    "set": ("mengisi isian '{field}'", "sets field '{field}'"),
    "signal": ("memberi isyarat '{event}' ke '{link}'", "signals '{event}' to '{link}'"),
    "start_sla": ("memulai janji layanan '{sla}'", "starts SLA '{sla}'"),
    "stop_sla": ("menghentikan janji layanan '{sla}'", "stops SLA '{sla}'"),
}


def duration(span: Duration) -> Text:
    """A span in words: "3 hari kerja"."""
    unit = _UNITS[span.unit]
    english = unit.en.removesuffix("s") if span.amount == 1 else unit.en
    return Text(f"{span.amount} {unit.id}", f"{span.amount} {english}")


def due(moment: Duration | DueAt) -> Text:
    """A deadline in words: a span, or when its expression says."""
    if isinstance(moment, Duration):
        return duration(moment)
    return Text(f"pada `{moment.expression.text}`", f"on `{moment.expression.text}`")


def effect(call: EffectCall, comparison: Comparison) -> Text:
    """What an effect does, as the rest of a sentence."""
    words: dict[str, Text | str | int] = {
        name: value if isinstance(value, str) else str(plain(value)) for name, value in call.options.items()
    }
    if "role" in words:
        words["role"] = comparison.role(str(words["role"]))
    indonesian, english = _EFFECTS.get(call.kind, (f"menjalankan '{call.kind}'", f"runs '{call.kind}'"))
    return filled(indonesian, english, words)


def value(thing: Any) -> Text:
    """Any plain value as people read it."""
    thing = plain(thing)
    if thing is None:
        return Text("kosong", "nothing")
    if isinstance(thing, bool):
        return Text("ya", "yes") if thing else Text("tidak", "no")
    if isinstance(thing, list):
        return listed([value(inner) for inner in thing], Text("kosong", "nothing"))
    if isinstance(thing, dict):
        return listed([Text(f"{key} {value(inner).id}", f"{key} {value(inner).en}") for key, inner in thing.items()])
    return Text(str(thing), str(thing))


def act(state: State | None, action: str) -> Text:
    """An action's title in quotes; its key where the state does not know it."""
    transition = state.transitions.get(action) if state is not None else None
    return quoted(transition.title) if transition is not None else Text(f"'{action}'", f"'{action}'")


def where(definition: Definition, key: str, comparison: Comparison) -> Text:
    """After which step a step comes: "setelah 'Verifikasi'"; empty when nothing leads there."""
    before = _before(definition, key)
    if before is not None:
        title = comparison.title(before)
        return Text(f" setelah {title.id}", f" after {title.en}")
    state = definition.states[key]
    if state.parent is not None:
        title = comparison.title(state.parent)
        return Text(f" di dalam {title.id}", f" inside {title.en}")
    return Text(" di awal", " at the start") if definition.initial == key else Text("", "")


def _before(definition: Definition, key: str) -> str | None:
    """The nearest step written above ``key`` from which an arrow leads to it; else any other."""
    leading = [other for other in definition.states.values() if other.key != key and key in targets(other)]
    position = definition.states[key].position
    above = [other.key for other in leading if other.position < position]
    return above[-1] if above else leading[0].key if leading else None


def targets(state: State) -> set[str]:
    """The states that arrows, automatic steps and timers of a state lead to."""
    found = {transition.to for transition in state.transitions.values()}
    found |= {always.to for always in state.always} | {timer.to for timer in state.timers.values()}
    return {target for target in found if target is not None}
