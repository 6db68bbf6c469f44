"""Agencies that are evaluated, and those who verify, assure, score and sign, none of whom works in Kominfo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from config import ROOT
from engine.cases.stored import read_case
from sakip.answers import expand
from sakip.facts.sheets import Sheet, sheet_of
from sakip.publish_folder import publish_folder
from tests.factories import a_group, a_holder, a_person, a_position, a_region, a_unit
from tests.publishers import publishers
from tests.sakip.tree_office import Office

AT_B = {  # existence at A, quality at B, use at C, and a weaker internal evaluation: 66.25
    "*.existence.*": "a", "*.quality.*": "b", "*.use.*": "c", "reporting.use.*": "b", "evaluation.existence.*": "b",
    "evaluation.quality.*": "c",
}  # fmt: skip
OPENED = datetime(2026, 3, 10, 2, tzinfo=UTC)
DAYS = {
    "verify": datetime(2026, 4, 2, 2, tzinfo=UTC), "assure": datetime(2026, 4, 28, 2, tzinfo=UTC),
    "final": datetime(2026, 5, 19, 2, tzinfo=UTC),
}  # fmt: skip
AGENCIES = {"bappeda": "gita", "organisation_bureau": "slamet", "inspectorate": "ida"}


def an_evaluation_office(
    session: Session, key: str | None = None, folder: Path = ROOT / "sakip_config", own: bool = False
) -> Office:  # fmt: skip
    """The rubric of ``folder`` is published, with the region's own overlay where ``own`` asks for it."""
    region = a_region(session, key)
    top = a_unit(session, region, "region", key="pemkab")
    units = {name: a_unit(session, region, "agency", top, key=name) for name in ("kominfo", "dinkes", "inspektorat")}
    units |= {"pemkab": top, "bidang": a_unit(session, region, "division", units["kominfo"], key="bidang")}
    where = {
        "sari": "kominfo", "fitri": "kominfo", "bima": "bidang", "wati": "dinkes", "gita": "pemkab",
        "slamet": "pemkab", "ida": "inspektorat", "panji": "pemkab", "eva": "inspektorat", "irma": "inspektorat",
    }  # fmt: skip
    people = {name: a_person(session, units[unit], name.capitalize()) for name, unit in where.items()}
    seats = {"kominfo": a_position(session, units["kominfo"])}
    a_holder(session, seats["kominfo"], people["fitri"])
    groups = {
        "planning": ["gita", "bima", "fitri"], "organisation_bureau": ["slamet", "bima"],
        "inspectorate": ["ida", "bima"],
        "evaluation_assurers": ["panji", "bima"], "evaluators": ["eva", "bima"], "evaluation_leads": ["irma", "bima"],
    }  # fmt: skip
    for group, members in groups.items():
        a_group(session, region, group, *(people[name] for name in members))
    long_ago = OPENED - timedelta(days=60)
    publish_folder(session, folder, region=None, reason="Uji", by=None, approved_by=None, now=long_ago)
    if own:
        publish_folder(session, folder, region=region.id, reason="Uji", now=long_ago, **publishers(session, region.id))
    office = Office(session, OPENED, region, units, seats, people)
    office.publish("lke_evaluation", "follow_up")
    return office


def sheet(office: Office, unit: str | None = "kominfo", year: int = 2025) -> Sheet:
    return sheet_of(office.session, office.region.id, None if unit is None else office.units[unit].id, year)


def rows(asked: Sheet, patterns: Mapping[str, Any], **more: Any) -> list[dict[str, Any]]:
    """A row a question, answered by patterns; pieces of evidence are a list."""
    found = []
    for path, given in expand(asked.sections, patterns).items():
        answer = {"answer": given} if isinstance(given, str) else {"pieces": list(given or ())}
        found.append({"path": path, **answer, **more})
    return found


def verified(asked: Sheet, refused: Mapping[str, Sequence[str]] | None = None) -> list[dict[str, Any]]:
    """Every piece accepted, but for those refused at a path."""
    tier = asked.evaluation.tiers["verify"]
    found = []
    for path, pieces in asked.pieces().items():
        if not pieces:
            continue
        bad = (refused or {}).get(path, ())
        row: dict[str, Any] = {"path": path, "agency": tier.by_component[path.partition(".")[0]], "asked": list(pieces)}
        row |= {"pieces": [piece for piece in pieces if piece not in bad], "refused": list(bad), "checked": True}
        found.append(row | ({"note": "Belum ditandatangani"} if bad else {}))
    return found


def answers(office: Office, case_id: int) -> Mapping[str, Any]:
    return read_case(office.session, case_id, office.now).facts.answers


def begun(office: Office, by: str = "sari", **given: Any) -> int:
    case_id = office.open("lke_evaluation", by, {"year": 2025, **given})
    assert office.do(case_id, by, "begin") is None, office.refusal
    return case_id


def locked_by_the_unit(office: Office, patterns: Mapping[str, Any]) -> int:
    case_id = begun(office)
    assert office.do(case_id, "sari", "lock", answers={"self": rows(sheet(office), patterns)}) is None, office.refusal
    return case_id


def verified_by_all(office: Office, case_id: int, found: list[dict[str, Any]] | None = None) -> None:
    office.now = DAYS["verify"]
    given = verified(sheet(office)) if found is None else found
    for agency, who in AGENCIES.items():
        assert office.do(case_id, who, f"{agency}_done", answers={"verify": given}) is None, office.refusal


def assured(office: Office, case_id: int, patterns: Mapping[str, Any]) -> None:
    office.now = DAYS["assure"]
    given = rows(sheet(office), patterns, confirmed_in="assure", note="Sesuai bukti")
    assert office.do(case_id, "panji", "lock", answers={"assure": given}) is None, office.refusal


def scored(office: Office, case_id: int, patterns: Mapping[str, Any], *recommendations: Mapping[str, Any]) -> None:
    office.now = DAYS["final"]
    given = rows(sheet(office), patterns, confirmed_in="final", note="Sesuai bukti")
    more = {"final": given, "recommendations": list(recommendations)}
    assert office.do(case_id, "eva", "lock", answers=more) is None, office.refusal


def closed(office: Office, case_id: int) -> None:
    signed = {"report_number": "700/1/2026", "report_on": "2026-05-19"}
    assert office.do(case_id, "irma", "close", answers=signed) is None, office.refusal
