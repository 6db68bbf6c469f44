"""The numbers people read: gap-free per prefix, whoever opens at the same moment."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.number_patterns import day_parts, number_text, prefix_of, with_counter
from engine.changes import IssueNumber, Plan
from engine.database import driver_rows
from engine.organisation.directory import StoreDirectory

DEFAULT_PATTERN = "{year}/{seq:05}"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's, without what is misread

_NEXT = (
    "INSERT INTO number_counters (region_id, prefix, last) VALUES (?, ?, 1)"
    " ON CONFLICT (region_id, prefix) DO UPDATE SET last = number_counters.last + 1 RETURNING last"
)
_BACK = "UPDATE number_counters SET last = last - 1 WHERE region_id = ? AND prefix = ? AND last = ?"


@dataclass(frozen=True, slots=True)
class IssuedNumber:
    """A number taken from its counter. The counter's row stays locked until the transaction ends."""

    text: str
    region_id: int
    prefix: str
    seq: int


def issue(
    session: Session, directory: StoreDirectory, pattern: str | None, unit_id: Any, case_type: str, now: datetime
) -> IssuedNumber:
    """The next number of ``pattern`` (``PK/{year}/{unit.code}/{seq:04}``), counted per everything but ``seq``."""
    parts = _parts(directory, unit_id, now)
    used = with_counter(pattern or f"{case_type}/{DEFAULT_PATTERN}")
    prefix = prefix_of(used, parts)
    seq = driver_rows(session, _NEXT, (directory.region_id, prefix))[0][0]
    return IssuedNumber(number_text(used, parts, seq), directory.region_id, prefix, seq)


def give_back(session: Session, number: IssuedNumber) -> None:
    """Undo ``issue`` in the same transaction, because the case was not opened after all."""
    driver_rows(session, _BACK, (number.region_id, number.prefix, number.seq))


def random_number(case_type: str) -> str:
    """A number that tells nothing about how many cases there are: for sealed case types."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{case_type[:3].upper()}-{code[:5]}-{code[5:]}"


def _parts(directory: StoreDirectory, unit_id: Any, now: datetime) -> Mapping[str, Any]:
    day, unit = directory.day(now), directory.unit(unit_id)
    return {
        **day_parts(day),
        "unit.code": unit.key if unit else "-",
        "unit.name": unit.name if unit else "-",
        "region": directory.region_key,
        "region.code": directory.region_key,
    }


def with_numbers(
    session: Session, directory: StoreDirectory, plan: Plan, unit_id: Any, now: datetime
) -> tuple[Plan, tuple[IssuedNumber, ...]]:
    """The plan with the numbers its ``issue_number`` effects ask for among the answers, and these numbers."""
    wanted = [change for change in plan.changes if isinstance(change, IssueNumber)]
    if not wanted:
        return plan, ()
    answers, changed, issued = dict(plan.answers), dict(plan.answers_changed or {}), []
    for change in wanted:
        number = issue(session, directory, change.pattern, unit_id, change.field, now)
        issued.append(number)
        old = changed[change.field][0] if change.field in changed else answers.get(change.field)
        answers[change.field] = number.text
        changed[change.field] = (old, number.text)
    return replace(plan, answers=answers, answers_changed=changed), tuple(issued)
