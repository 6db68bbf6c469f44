"""What a scenario expects, compared with what happened: the first difference is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.cases.answers import given_answers
from engine.cases.paper import Happened, Mail, PaperCase
from engine.cases.scenario_durations import read_duration
from engine.cases.step import Step
from engine.errors import InvalidInput


class Miss(Exception):
    """Something came out other than the scenario says."""

    def __init__(self, expected: Any, actual: Any) -> None:
        super().__init__(f"expected {expected}, got {actual}")
        self.expected = expected
        self.actual = actual


def mapping(holder: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The map under a key, empty when there is none. Raises InvalidInput when it is something else."""
    found = holder.get(key)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise InvalidInput(f"{key} is a map.")
    return found


def expect(case: PaperCase, step: Mapping[str, Any], happened: Happened) -> None:
    """Compares what happened with what the step says. Raises Miss with the first difference."""
    code = None if happened.refusal is None else happened.refusal.code
    wanted = step.get("refused")
    if code != wanted:
        actual: dict[str, Any] = {"refused": code}
        if happened.refusal is not None:
            sentence = happened.refusal.sentence
            actual["because"] = {"id": sentence.id, "en": sentence.en}
        else:
            actual["states"] = list(case.leaves)
        raise Miss({"refused": wanted}, actual)
    for key, value in mapping(step, "expect").items():
        actual_value = _actual(case, step, happened, key, value)
        if not _agrees(case, key, value, actual_value, happened):
            raise Miss({key: value}, {key: actual_value})


def _actual(case: PaperCase, step: Mapping[str, Any], happened: Happened, key: str, wanted: Any) -> Any:
    if key == "state":
        active = case.facts.state.active
        return (
            wanted
            if isinstance(wanted, str) and wanted in active
            else (case.leaves[0] if len(case.leaves) == 1 else list(case.leaves))
        )
    if key == "candidates":
        return sorted(map(str, case.candidates(step.get("in"))))
    if key in ("data", "decided"):
        read = case.answer if key == "data" else happened.decided.get
        return {name: plain(read(name)) for name in mapping({key: wanted}, key)}
    if key == "incident":
        if wanted is not None and wanted in happened.incidents:
            return wanted
        return happened.incidents[0] if happened.incidents else None
    simple = {
        "states": list(case.leaves), "ended": case.facts.state.is_ended, "fired": happened.fired,
        "mails": [mail.to_plain() for mail in happened.mails if not mail.is_automatic],
        "on_behalf_of": happened.on_behalf_of, "due": due_of(case),
    }  # fmt: skip
    if key not in simple:
        raise InvalidInput(f"Nothing called {key!r} can be expected.")
    return simple[key]


def due_of(case: PaperCase) -> str | None:
    """The day the only open task is due, on its calendar; None when there are several, or none that is due."""
    tasks = list(case.facts.state.tasks.values())
    if len(tasks) != 1 or tasks[0].due_at is None:
        return None
    state = case.definition.states[tasks[0].state]
    work = state.task or state.approval
    return case.on_day(tasks[0].due_at, None if work is None else work.calendar).isoformat()


def _agrees(case: PaperCase, key: str, wanted: Any, actual: Any, happened: Happened) -> bool:
    if key == "candidates":
        return bool(sorted(map(str, _listed(key, wanted))) == actual)
    if key in ("data", "decided"):
        return all(_is_same(case, name, value, actual[name], key) for name, value in (wanted or {}).items())
    if key == "mails":
        return _are_sent(_listed(key, wanted), happened.mails)
    if key == "fired":
        return _have_fired(case, _listed(key, wanted), actual)
    if key == "on_behalf_of":
        return _text(wanted) == _text(actual)
    if key == "due":
        return _text(_day_of(case, wanted)) == _text(actual)
    return bool(wanted == actual)


def _day_of(case: PaperCase, wanted: Any) -> Any:
    """A day as written, or that of a duration from now: so a proof holds whatever a region's parameter says."""
    if not isinstance(wanted, Mapping):
        return wanted
    duration = read_duration(case.definition, wanted)
    return case.on_day(case.calendar_of(duration).add(case.facts.now, duration), duration.calendar)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _listed(key: str, wanted: Any) -> list[Any]:
    if wanted is None:
        return []
    if not isinstance(wanted, list | tuple):
        raise InvalidInput(f"{key} is a list.")
    return list(wanted)


def _are_sent(wanted: Iterable[Any], mails: list[Mail]) -> bool:
    """Whether exactly these mails were sent, order free; those of opened tasks may be named all or not at all."""
    by_effects = [mail for mail in mails if not mail.is_automatic]
    ways = (by_effects, list(mails), _role_by_role(by_effects), _role_by_role(mails))
    return any(_match(list(wanted), sent) for sent in ways)


def _role_by_role(mails: Iterable[Mail]) -> list[Mail]:
    """A mail to candidates of several roles, told as one mail a role."""
    found: list[Mail] = []
    for mail in mails:
        if mail.to == "candidates" and len(mail.also) > 1:
            found += [replace(mail, to=role, also=mail.also[:1]) for role in mail.also[1:]]
        else:
            found.append(mail)
    return found


def _match(wanted: list[Any], sent: list[Mail]) -> bool:
    left = list(sent)
    for asked in wanted:
        if not isinstance(asked, Mapping):
            return False
        template, to = asked.get("template"), asked.get("to")
        found = next(
            (mail for mail in left if template in (mail.template, *mail.also) and to in (mail.to, *mail.also)), None
        )  # fmt: skip
        if found is None:
            return False
        left.remove(found)
    return not left


def _have_fired(case: PaperCase, wanted: Iterable[str], fired: list[str]) -> bool:
    """Whether these timers fired, in this order; an SLA's warning is ``<sla>.at_risk``, or ``sla.at_risk`` for any."""
    warnings = {f"{key}.at_risk" for key in case.definition.slas}
    names = list(wanted)
    return len(names) == len(fired) and all(
        name == actual or (name == "sla.at_risk" and actual in warnings)
        for name, actual in zip(names, fired, strict=True)
    )


def _is_same(case: PaperCase, name: str, wanted: Any, actual: Any, key: str) -> bool:
    if _loosely(wanted) == _loosely(actual):
        return True
    if key != "data" or name not in case.definition.fields:
        return False
    scope = Step(case.definition, replace(case.facts, answers={})).scope()
    values, faults = given_answers(case.definition, {name: wanted}, scope)
    return not faults and bool(_loosely(plain(values.get(name))) == _loosely(actual))


def _loosely(value: Any) -> Any:
    """A value as two spellings of it compare: numbers by size, empty as empty."""
    if isinstance(value, Mapping):
        return {key: _loosely(inner) for key, inner in value.items() if inner not in (None, "")}
    if isinstance(value, list | tuple):
        return [_loosely(inner) for inner in value]
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return number if number.is_finite() else str(value)


def plain(value: Any) -> Any:
    """An answer as JSON shows it: exact decimals as numbers where they are whole, dates as text."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
