"""Who is needed in a step of a case."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from engine.cases.step import Step
from engine.cases.views import CasePage
from engine.definitions.model import Approver
from engine.definitions.scope import ExpressionFault, Scope
from web.language import words


def needed(page: CasePage, key: str) -> str:
    """Who is needed in a state: the titles of its roles, with how many of them suffice."""
    state = page.definition.states[key]
    if state.task is not None:
        return ", ".join(_titles(page, state.task.candidates))
    if state.approval is None:
        return ""
    scope = Step(page.definition, page.facts, page.reader).scope()
    approvers = [approver for approver in state.approval.approvers if _is_needed(approver, scope)]
    names = [", ".join(_titles(page, approver.candidates)) for approver in approvers]
    if state.approval.completion == "quorum" and state.approval.quorum and state.approval.quorum < len(names):
        few, many = state.approval.quorum, len(names)
        return str(_("%(few)s of %(many)s: %(names)s", few=few, many=many, names=", ".join(names)))
    return ", ".join(names)


def _titles(page: CasePage, roles: tuple[str, ...]) -> Iterator[str]:
    for role in roles:
        if role in page.definition.roles:
            yield words(page.definition.roles[role].title)


def _is_needed(approver: Approver, scope: Scope) -> bool:
    if approver.needed_when is None:
        return True
    try:
        return bool(approver.needed_when.evaluate(scope))
    except ExpressionFault:
        return True  # not to be told yet: better one name too many than one too few
