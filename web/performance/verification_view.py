"""The words of a verification: the count, what each act waits for, faults at their rows, what a row said before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from engine.cases.views import CasePage
from engine.changes import Refusal
from sakip.configuration.measurement import Measurement
from sakip.entry import read_text
from sakip.verification_desk import ACCEPTED, OPEN, RETURNED, Check, VerificationDesk
from web.language import words
from web.officer.filling import SendAct
from web.performance.cells import number
from web.performance.entry_view import anchor
from web.performance.entry_work import VERIFICATION
from web.performance.verification_work import Verifying


@dataclass(frozen=True, slots=True)
class Verdict:
    """An act that ends the look at the rows. ``reason`` says why it is not possible yet, "" when it is."""

    value: str
    words: str
    tone: str
    needs_note: bool
    reason: str


def count_words(view: VerificationDesk) -> str:
    """How many rows were accepted and returned, and how many are open."""
    accepted, returned, left = (view.count(one) for one in (ACCEPTED, RETURNED, OPEN))
    told = [
        ngettext("%(num)d accepted", "%(num)d accepted", accepted),
        ngettext("%(num)d returned", "%(num)d returned", returned),
    ]
    if left:
        told.append(ngettext("%(num)d not looked at", "%(num)d not looked at", left))
    return ", ".join(str(one) for one in told)


def verdict_of(act: SendAct, view: VerificationDesk) -> Verdict:
    """An act with what it waits for: what returns needs a row that is returned, what verifies needs all accepted."""
    return Verdict(act.value, act.words, act.tone, act.needs_note, _waits_for(act, view))


def _waits_for(act: SendAct, view: VerificationDesk) -> str:
    returned, left = view.count(RETURNED), view.count(OPEN)
    if left:
        return str(ngettext("%(num)d row has not been looked at.", "%(num)d rows have not been looked at.", left))
    if act.needs_note and not returned:
        return str(_("No row is returned."))
    if not act.needs_note and returned:
        return str(ngettext("%(num)d row is returned.", "%(num)d rows are returned.", returned))
    unsaid = sum(one.needs_note for one in view.checks)
    if act.needs_note and unsaid:
        return str(ngettext("%(num)d returned row has no note.", "%(num)d returned rows have no note.", unsaid))
    return ""


def faults_of(
    work: Verifying, view: VerificationDesk, refusal: Refusal | None
) -> tuple[list[tuple[str, str]], dict[str, str]]:  # fmt: skip
    """The refusal for the top of the page, each row's fault with a link, and the same by row."""
    if refusal is None:
        return [], {}
    names = {one.item.key: one.item.name for one in view.checks}
    keys, at_row = list(work.rows), dict[str, str]()
    is_note = refusal.code == "comment_required"
    told: list[tuple[str, str]] = [] if refusal.faults else [("comment" if is_note else "", words(refusal.sentence))]
    for fault in refusal.faults:
        field, _dot, rest = fault.path.partition(".")
        place = rest.partition(".")[0]
        key = keys[int(place)] if field == VERIFICATION and place.isdecimal() and int(place) < len(keys) else ""
        if key in names:
            at_row[key] = words(fault.message)
            told.append((anchor(key), f"{names[key]}: {words(fault.message)}"))
        else:
            told.append(("", words(fault.message)))
    return told, at_row


def others_of(page: CasePage, own_name: str) -> list[str]:
    """Who could verify it too, or looks at another part of it now."""
    found = dict.fromkeys(name for task in page.tasks for name in (*task.candidates, task.assignee_name or ""))
    return [name for name in found if name and name != own_name]


def before_words(check: Check, columns: dict[str, object], rules: Measurement) -> Iterator[tuple[str, str]]:
    """What stood in the columns that changed, by the column's title; a number as the reader writes it."""
    for name, old in check.changed.items():
        column = columns.get(name)
        title = words(column.title) if column is not None else name  # type: ignore[attr-defined]
        unit = check.item.unit
        value = read_text(rules, unit, old) if name == "value" and unit is not None and old else None
        yield title, number(value) if isinstance(value, Fraction) else old or str(_("Not given"))
