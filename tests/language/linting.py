"""A clean case type with one thing changed: what is found, and at which token."""

from __future__ import annotations

from collections.abc import Sequence

from engine.definitions.problems import Problem
from tests.engine.definitions.leave import FORM, MARK, WORKFLOW, Change, changed, leave, shown


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and where they stood."""
    places = []
    while MARK in text:
        at = text.index(MARK)
        text = text.replace(MARK, "", 1)
        places.append((text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1))
    return text, places


def found(*changes: Change, form: Sequence[Change] = (), **more: str) -> list[Problem]:
    """All findings in the case type with these changes."""
    return leave(marked(changed(WORKFLOW, *changes))[0], marked(changed(FORM, *form))[0], **more)


def codes(*changes: Change, form: Sequence[Change] = (), **more: str) -> list[str]:
    return [each.code for each in found(*changes, form=form, **more)]


def told(code: str, *changes: Change, form: Sequence[Change] = (), also: frozenset[str] = frozenset()) -> None:
    """The code stands at every marked token, nowhere else, and nothing else is found (but ``also`` elsewhere)."""
    workflow, in_workflow = marked(changed(WORKFLOW, *changes))
    form_text, in_form = marked(changed(FORM, *form))
    problems = [each for each in leave(workflow, form_text) if each.code not in also]
    at = sorted((each.file.split("/")[0], each.line, each.column, each.code) for each in problems)
    wanted = [("workflows", *place, code) for place in in_workflow] + [
        ("forms_config", *place, code) for place in in_form
    ]
    assert at == sorted(wanted), shown(problems)


def clean(*changes: Change, form: Sequence[Change] = (), **more: str) -> None:
    """Nothing is found."""
    problems = found(*changes, form=form, **more)
    assert not problems, shown(problems)
