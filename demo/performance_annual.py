"""The annual performance reports of the demonstration: written, reviewed by internal audit, signed and published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from demo.performance_acts import a_day_each
from demo.performance_facts import Stage, facts

REPORT, REVIEW = "performance_report", "review"  # the case type, and the link to the case of its review
OF_REGION = "region"


def play_annual(stage: Stage, year: int) -> None:
    """Every agency's report of a year in February after it, then the region's own."""
    said = facts()["annual"]
    begin = stage.acts.moment(f"{year + 1}-{said['agencies']}")
    for place, agency in enumerate(stage.agencies, 1):
        _report(stage, agency, year, begin, f"{said['numbers']['agency']}{place}/{year + 1}")
    begin = stage.acts.moment(f"{year + 1}-{said['region']}")
    _report(stage, None, year, begin, f"{said['numbers']['region']}/{year + 1}")


def _report(stage: Stage, agency: str | None, year: int, begin: datetime, number: str) -> None:
    """One report, of an agency or (None) of the region, to its publication."""
    acts, said = stage.acts, facts()["annual"]
    staff = stage.hand("bureau_staff") if agency is None else stage.hand("staff", agency)
    head = stage.hand("head") if agency is None else stage.hand("agency_head", agency)
    moments = a_day_each(begin)
    subject = OF_REGION if agency is None else "unit"
    case_id = acts.open(REPORT, staff, next(moments), {"year": year, "subject": subject})
    acts.do(case_id, staff, "submit", at := next(moments), _written(stage, case_id, at))
    acts.do(case_id, stage.hand("bureau"), "approve", at := next(moments))
    _reviewed(stage, acts.asked_by(case_id, REVIEW)[0], at, f"{said['numbers']['review']}/{number}")
    signed = next(moments)
    for _day in range(said["review_days"]):
        signed = next(moments)
    answers = {"report_number": number, "published_on": signed.date().isoformat()}
    acts.do(case_id, head, "publish", signed, answers)


def _written(stage: Stage, case_id: int, at: datetime) -> dict[str, Any]:
    """The narrative, staff by kind, and every proposal edited."""
    said: Mapping[str, Any] = facts()["annual"]
    staff = [{**row, **said["staff"].get(row["row_key"], {})} for row in stage.acts.rows(case_id, "staff", at)]
    rows = [
        {**row, "efficiency": said["efficiency"], "settled": True} for row in stage.acts.rows(case_id, "objectives", at)
    ]
    return {**said["texts"], "staff": staff, **({"objectives": rows} if rows else {})}


def _reviewed(stage: Stage, review: int, begin: datetime, number: str) -> None:
    """Internal audit goes through its checklist and signs its statement: the report passes on by itself."""
    acts, said = stage.acts, facts()["annual"]
    moments = a_day_each(begin)
    next(moments)
    at = next(moments)
    checklist = [{**row, "holds": True} for row in acts.rows(review, "checklist", at)]
    found = {"checklist": checklist, "findings": said["findings"], "statement": "reliable"}
    acts.do(review, stage.hand("evaluator"), "conclude", at, found)
    signed = next(moments)
    stated = {"statement_number": number, "statement_on": signed.date().isoformat()}
    acts.do(review, stage.hand("lead"), "close", signed, stated)
