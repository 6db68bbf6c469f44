"""What agencies reported of the quarters in the demonstration's years of performance, and what verifiers said to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from demo.performance_acts import a_day_each
from demo.performance_facts import PERIODS, Stage, facts
from engine.field_types.table import ROW_KEY
from sakip.facts.evidence import Content, register

REPORT = "measurement_report"
NOT_DUE, NOT_ISSUED = "-", "belum terbit"
PROOF = "plan_meeting"  # the kind of evidence every row rests on


def play_reports(stage: Stage, year: int) -> None:
    """Every agency reports every quarter of a year, one is sent back once; the region's own indicators come last."""
    for period in PERIODS:
        at = stage.acts.moment(facts()["reports"]["moments"][year][period])
        for agency in stage.agencies:
            _report(stage, agency, year, period, at)
    _report(stage, None, year, PERIODS[-1], at)


def typed(indicator: str, year: int, period: str) -> str | None:
    """What is typed for an indicator, None where it is not due."""
    value = facts()["reports"]["values"][year][indicator][PERIODS.index(period)]
    return None if value == NOT_DUE else str(value)


def sent_back(agency: str | None, year: int, period: str) -> Mapping[str, Any] | None:
    """What a verifier sent back of a report, None where nothing was."""
    said: Mapping[str, Any] = facts()["reports"]["returned"]
    return said if (agency, year, period) == (said["agency"], said["year"], said["period"]) else None


def filled(rows: Sequence[Mapping[str, Any]], year: int, period: str, proof: int) -> list[dict[str, Any]]:
    """The rows of a report with everything the facts say of them."""
    found = []
    for row in rows:
        key = str(row[ROW_KEY])
        said = typed(key, year, period)
        value = {"not_issued": True} if said == NOT_ISSUED else {"value": said}
        found.append({**row, **value, **facts()["reports"]["causes"][key], "evidence": [proof]})
    return found


def _report(stage: Stage, agency: str | None, year: int, period: str, begin: datetime) -> None:
    """One report, of an agency or (None) of the region's own indicators."""
    acts, bureau = stage.acts, stage.hand("bureau")
    staff = stage.hand("bureau_staff") if agency is None else stage.hand("staff", agency)
    unit = stage.own["top"] if agency is None else stage.agencies[agency]["unit"]
    moments = a_day_each(begin)
    at = next(moments)
    case_id = acts.open(REPORT, staff, at, {"year": year, "period": period, "reporting_unit": stage.unit(unit)})
    proof = _proof(stage, None if agency is None else unit, staff, f"{year}-{period}", at)
    rows = filled(acts.rows(case_id, "rows", at), year, period, proof)
    returned = sent_back(agency, year, period)
    first = rows if returned is None else [
        row | ({"value": returned["wrong"]} if row[ROW_KEY] == returned["indicator"] else {}) for row in rows
    ]  # fmt: skip
    money = {"programmes": _spent(acts.rows(case_id, "programmes", at), year, period)}
    acts.do(case_id, staff, "report", at + timedelta(hours=2), {"rows": first, **money})
    ticks = [row | {"accepted": True} for row in acts.rows(case_id, "verification", at)]
    if returned is not None:
        doubt = {"accepted": False, "note": returned["note"]}
        doubted = [row | (doubt if row[ROW_KEY] == returned["indicator"] else {}) for row in ticks]
        acts.do(case_id, bureau, "return", next(moments), {"verification": doubted}, returned["comment"])
        acts.do(case_id, staff, "report", next(moments), {"rows": rows})
    acts.do(case_id, bureau, "verify", next(moments), {"verification": ticks})


def _spent(rows: Sequence[Mapping[str, Any]], year: int, period: str) -> list[dict[str, Any]]:
    """The programmes of a report with what was spent of each budget by the end of the period."""
    shares = facts()["reports"]["spent"][year]
    place = PERIODS.index(period)
    return [
        {**row, "absorbed": round(row["budget"] * Decimal(str(shares[row[ROW_KEY]][place])))}
        if row[ROW_KEY] in shares
        else dict(row)
        for row in rows
    ]


def _proof(stage: Stage, unit: str | None, staff: str, period: str, at: datetime) -> int:
    """The record of the quarter's meeting, in the register of an agency or of the region; its number."""
    acts = stage.acts
    year, quarter = period[:4], ("I", "II", "III", "IV")[int(period[-1]) - 1]
    title = f"Berita acara evaluasi TW {quarter} {year}"
    address = f"https://dokumen.example/{acts.region.key}/{(unit or 'daerah').lower()}/{period}"
    piece = register(
        acts.session, acts.region.id, None if unit is None else stage.unit(unit), kind=PROOF, year=int(year),
        title=title, content=Content(link=address), by=acts.person(staff).id, now=at,
    )  # fmt: skip
    return piece.id
