"""``flask sakip import FILE``: an agreement written as data becomes a case, or every misfit is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.open import open_case
from engine.cases.stored import definition_of
from engine.changes import Refusal
from engine.definitions import source
from engine.definitions.model import Form
from engine.definitions.problems import Problems
from engine.errors import NotFound
from engine.organisation.models import Person, Region, Unit
from engine.publishing import library
from sakip.agreement_answers import read_agreement
from sakip.form_columns import as_asked
from sakip.strict import Answers, Findings, ImportProblem, Part

CASE_TYPE = "performance_agreement"
SCHEMA = "sakip.pk/1"
LEFT_OUT = ("rencana_aksi", "pengukuran", "perubahan", "anak")


@dataclass(frozen=True, slots=True)
class Imported:
    """The case that was opened, and what was not taken over: parts of the file that belong elsewhere, and answers the
    region's own form does not ask (``goals.indicators.weight``)."""

    case_id: int
    number: str
    left_out: tuple[str, ...]


def import_agreement(
    session: Session, file: Path | str, *, region_id: int, person_id: int, now: datetime
) -> Imported | list[ImportProblem]:
    """Open the agreement of ``file`` (a path, or the text itself) as a case of the region, in the person's name.

    ``now`` is aware. Everything wrong with the file comes back at once, each with its path and line; then nothing was
    written. Raises NotFound when no performance agreement is published for the region.
    """
    findings = Findings()
    root = _root(file, findings)
    if root is None:
        return findings.all()
    region = session.get_one(Region, region_id)
    digest = library.newest(session, region_id, CASE_TYPE, now.astimezone(ZoneInfo(region.timezone)).date())
    definition = definition_of(session, digest)
    answers, agreement = _read(root, definition.forms, findings)
    if findings or agreement is None:
        return findings.all()
    _find_parties(session, region_id, answers)
    asked, unasked = as_asked(answers.values, definition.fields)
    opened = open_case(
        session,
        region_id=region_id,
        case_type=CASE_TYPE,
        person_id=person_id,
        answers=asked,
        title=_title(answers, agreement),
        unit_id=_unit(session, region_id, agreement),
        now=now,
    )
    if isinstance(opened, Refusal):
        return _refused(opened, answers)
    left_out = (*(name for name in LEFT_OUT if root.get(name) is not None), *unasked)
    return Imported(opened.case_id, opened.number, left_out)


def _root(file: Path | str, findings: Findings) -> source.Node | None:
    name, text = _text(file)
    if text is None:
        findings.add("", 1, f"Berkas {name} tidak dapat dibaca.", f"The file {name} cannot be read.")
        return None
    problems = Problems()
    root = source.read(text, name, problems)
    for problem in problems.sorted():
        if problem.is_error:
            findings.add("", problem.line, problem.message.id, problem.message.en)
    if findings:
        return None
    if root is None or root.kind != source.MAP:
        findings.add("", 1, "Berkas kosong atau bukan peta.", "The file is empty or no map.")
        return None
    return root


def _text(file: Path | str) -> tuple[str, bytes | str | None]:
    if isinstance(file, str):
        return "-", file
    try:
        return str(file), file.read_bytes()
    except OSError:
        return str(file), None


def _read(root: source.Node, forms: Mapping[str, Form], findings: Findings) -> tuple[Answers, Part | None]:
    whole = Part(root, "", findings)
    schema = whole.text("schema", required=True)
    if schema is not None and schema != SCHEMA:
        whole.report(
            "schema",
            f'Skema "{schema}" tidak dikenal. Harus {SCHEMA}.',
            f'Unknown schema "{schema}". It must be {SCHEMA}.',
        )
    whole.skip("region", "skala", *LEFT_OUT)
    agreement = whole.part("agreement", required=True)
    whole.close()
    answers = Answers()
    if agreement is not None:
        form = next((form for form in forms.values() if "goals" in form.fields), None)
        if form is None:
            raise NotFound("The published performance agreement has no form with goals.")
        answers.came_from("", "agreement", agreement.node.line)
        read_agreement(agreement, form, answers)
    return answers, agreement


def _find_parties(session: Session, region_id: int, answers: Answers) -> None:
    """A party with a staff number known in the region is that person; otherwise the name alone counts."""
    for party in ("first_party", "second_party"):
        nip = answers.values.get(f"{party}_nip")
        if nip:
            known = select(Person.id).where(Person.region_id == region_id, Person.nip == nip)
            person = session.scalars(known.limit(1)).one_or_none()
            if person is not None:
                answers.values[party] = person


def _unit(session: Session, region_id: int, agreement: Part) -> int | None:
    name = agreement.node.get("unit", "nama")
    if name is None:
        return None
    named = select(Unit.id).where(Unit.region_id == region_id, Unit.name == str(name.value))
    return session.scalars(named.order_by(Unit.id).limit(1)).one_or_none()


def _title(answers: Answers, agreement: Part) -> str:
    unit = agreement.node.get("unit", "nama")
    stage = " Perubahan" if answers.values.get("stage") == "revision" else ""
    return f"Perjanjian Kinerja{stage} {answers.values['period']}" + (f", {unit.value}" if unit is not None else "")


def _refused(refusal: Refusal, answers: Answers) -> list[ImportProblem]:
    if not refusal.faults:
        path, line = answers.place("")
        return [ImportProblem(path, line, refusal.sentence)]
    problems = []
    for fault in refusal.faults:
        path, line = answers.place(fault.path)
        problems.append(ImportProblem(path, line, fault.message))
    return sorted(problems, key=lambda problem: problem.line)
