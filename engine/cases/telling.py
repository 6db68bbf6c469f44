"""The history of a case in sentences, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.cases.models import History
from engine.cases.timer_sentences import timer_sentence
from engine.cases.views import HistoryLine
from engine.cases.wording import action_title, state_title
from engine.definitions.model import Definition, State, Text
from engine.facts import REPORTER, Audience, Directory
from engine.organisation.directory import StoreDirectory

SYSTEM = Text("Sistem", "The system")
OUTSIDE = Text("Pelapor", "The reporter")

# What is told in words of its own; everything else is told by the title of the action.
_SENTENCES = {
    "open": Text("{who} membuka kasus ini", "{who} opened this case"),
    "claim": Text("{who} mengambil tugas {state}", "{who} took the task {state}"),
    "release": Text("{who} melepas tugas {state}", "{who} gave the task {state} back"),
    "assign": Text("{who} menugaskan {state} kepada {to}", "{who} assigned {state} to {to}"),
    "delegate": Text("{who} mendelegasikan {state} kepada {to}", "{who} delegated {state} to {to}"),
    "recall": Text("{who} menarik kembali langkah terakhir", "{who} took the last step back"),
    "attach": Text("{who} melampirkan berkas {name}", "{who} attached the file {name}"),
    "reoffer": Text(
        "Tugas ditawarkan kembali karena pemangku jabatan berubah", "Tasks were offered again: the organisation changed"
    ),
    "signal": Text(
        "Kabar dari kasus terkait disimpan sampai kasus ini dilanjutkan",
        "Word from a linked case is kept until this case goes on",
    ),
    "suspend": Text("{who} menjeda kasus ini", "{who} paused this case"),
    "continue": Text("{who} melanjutkan kasus ini", "{who} continued this case"),
    "migrate": Text("Kasus ini dipindahkan ke versi {version}", "This case was moved to version {version}"),
    "migrate_close": Text(
        "Kasus ini ditutup karena langkahnya tidak ada lagi: {reason}",
        "This case was closed because its step is no longer there: {reason}",
    ),
    "migrate_undo": Text("Kasus ini dikembalikan ke versi {version}", "This case was taken back to version {version}"),
}
_ACT = Text("{who} memilih \u201c{action}\u201d pada {state}", "{who} chose \u201c{action}\u201d in {state}")
_ACT_SOMEWHERE = Text("{who} memilih \u201c{action}\u201d", "{who} chose \u201c{action}\u201d")
_BEHALF = Text(" atas nama {principal}", " on behalf of {principal}")
_AS = Text(" sebagai {kind} {principal}", " as {kind} for {principal}")
_ON_RECORD = Text(" ({record})", " ({record})")
_RECORDS = {
    "deemed_consent": Text("diam dianggap setuju", "silence was taken as consent"),
    "deemed_refusal": Text("diam dianggap menolak", "silence was taken as refusal"),
}
_PROVEN = Text(", dengan kode verifikasi", ", with a verification code")
_NEXT = Text(". Berikutnya: {next}.", ". Next: {next}.")


def history_line(definition: Definition, directory: StoreDirectory, row: History) -> HistoryLine:
    """One row of the history as people read it."""
    changed = row.answers_changed or {}
    return HistoryLine(
        seq=row.seq,
        at=row.at,
        actor_id=row.actor_id,
        actor_name=None if row.actor_id is None else directory.person(row.actor_id).name,
        principal_name=principal_name(definition, directory, row.principal),
        kind=row.kind,
        action=row.action,
        action_title=action_title(definition, row.state, row.action),
        state=row.state,
        sentence=_sentence(definition, directory, row),
        comment=row.comment,
        changed=tuple(
            definition.fields[name].title if name in definition.fields else Text(name, name) for name in changed
        ),
        details=row.details,
        left=tuple(row.states_left or ()),
        entered=tuple(row.states_entered or ()),
    )


def principal_name(definition: Definition, directory: StoreDirectory, principal: str | None) -> str | None:
    """In whose name somebody acted: a person, or the role or position that was vacant."""
    return None if principal is None else principal_text(definition, directory, principal).id


def principal_text(definition: Definition, directory: Directory, principal: str) -> Text:
    """In whose name somebody acts: a person's name, or what a vacant role or position is called."""
    if principal.isdigit():
        return _same(directory.person(int(principal)).name or principal)
    if principal in definition.roles:
        return definition.roles[principal].title
    what, _, key = principal.partition(":")
    if not key:
        return _same(principal)
    return Text(directory.title(Audience(what, key), "id"), directory.title(Audience(what, key), "en"))


def _sentence(definition: Definition, directory: StoreDirectory, row: History) -> Text:
    values = _values(definition, directory, row)
    timer = row.details.get("timer")
    said = _filled(_pattern(row), values) if timer is None else timer_sentence(definition, timer, values["state"])
    if row.principal is not None:
        said = _joined(said, _filled(_AS if values["kind"].id else _BEHALF, values))
    for recorded in row.details.get("record", ()):
        said = _joined(said, _filled(_ON_RECORD, {"record": _record_words(recorded)}))
    if row.details.get("second_factor"):
        said = _joined(said, _PROVEN)
    return _joined(said, _filled(_NEXT, values) if values["next"].id else Text(".", "."))


def _record_words(recorded: Any) -> Text:
    """What a timer puts on record: words of ours, the author's own text, or the key as it stands."""
    if isinstance(recorded, Mapping):
        text = str(recorded.get("id") or recorded.get("en") or "")
        return Text(text, str(recorded.get("en") or text))
    return _RECORDS.get(str(recorded)) or _same(str(recorded).replace("_", " "))


def _pattern(row: History) -> Text:
    if row.action in _SENTENCES:
        return _SENTENCES[row.action]
    return _ACT if row.state else _ACT_SOMEWHERE


def _values(definition: Definition, directory: StoreDirectory, row: History) -> Mapping[str, Text]:
    details: Mapping[str, Any] = row.details or {}
    who = SYSTEM if row.actor_id is None else _same(directory.person(row.actor_id).name or str(row.actor_id))
    who = OUTSIDE if row.kind == REPORTER else who
    to = details.get("to")
    powers = definition.substitution.get(row.kind or "")
    entered = [definition.states[key] for key in row.states_entered if key in definition.states]
    parents = {state.parent for state in entered}
    leaves = [state for state in entered if state.key not in parents]
    leaves = [state for state in leaves if not _is_nobodys(state)] or leaves
    return {
        "who": who,
        "state": _where(definition, row),
        "action": action_title(definition, row.state, row.action),
        "to": _same(directory.person(to).name or str(to)) if to is not None else Text("", ""),
        "name": _same(str(details.get("name", ""))),
        "version": _same(str(details.get("version", ""))),
        "reason": _reason(details.get("reason")),
        "principal": principal_text(definition, directory, row.principal or ""),
        "kind": powers.title if powers is not None else Text("", ""),
        "next": Text(", ".join(state.title.id for state in leaves), ", ".join(state.title.en for state in leaves)),
    }


def _is_nobodys(state: State) -> bool:
    """An automatic state a case only passes, or a branch in which nobody is asked anything, such as *no expert*."""
    has_work = state.task is not None or state.approval is not None
    return not has_work and state.kind != "final" and (bool(state.always) or state.region is not None)


def _reason(reason: Any) -> Text:
    return Text(str(reason["id"]), str(reason["en"])) if isinstance(reason, Mapping) else Text("", "")


def _where(definition: Definition, row: History) -> Text:
    """The state's title, with the item the act was about."""
    title = state_title(definition, row.state) if row.state else Text("", "")
    return title if row.item is None else Text(f"{title.id} ({row.item})", f"{title.en} ({row.item})")


def _filled(pattern: Text, values: Mapping[str, Text]) -> Text:
    return Text(
        pattern.id.format_map({name: value.id for name, value in values.items()}),
        pattern.en.format_map({name: value.en for name, value in values.items()}),
    )


def _joined(first: Text, second: Text) -> Text:
    return Text(first.id + second.id, first.en + second.en)


def _same(text: str) -> Text:
    return Text(text, text)
