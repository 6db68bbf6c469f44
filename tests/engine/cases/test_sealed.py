"""At the doors of sealed case types: nobody holds a key, so nothing is kept; and every way in is known."""

from __future__ import annotations

import ast
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases import drafts
from engine.cases.fire import Fired, fire
from engine.cases.migrate import HELD_UP, plan_of, try_case
from engine.cases.models import Case, Incident
from engine.cases.open import Opened, open_case
from engine.cases.sealed import openable
from engine.cases.simulate import run_all
from engine.cases.walk import walk_lines
from engine.changes import Refusal
from engine.definitions.load import build
from engine.errors import SealedNotKept
from engine.facts import Command
from engine.publishing import library
from engine.publishing.models import DefinitionVersion
from engine.publishing.publish import publish
from engine.vocabulary import load
from tests.office import Office, an_office
from tests.publishers import publishers
from tests.sealed_type import FILES, SECRET, publish_both, rows_with

ROOT = Path(__file__).resolve().parents[3]

# Who asks the engine to open a case, and what becomes of a sealed one there; a new way in has to be thought of here.
WAYS_TO_OPEN = {
    "commands/case.py": "tests/commands/test_sealed.py",
    "demo/journeys.py": "opens only the types it names, which are not sealed",
    "demo/performance_acts.py": "opens the case types of the performance cycle only",
    "engine/cases/open.py": "an effect of another case: below",
    "sakip/agreement_page.py": "opens performance agreements only",
    "sakip/exchange/recommendations.py": "opens follow-ups only",
    "sakip/facts/follow_ups.py": "opens follow-ups only",
    "sakip/import_agreement.py": "opens performance agreements only",
    "sakip/tree/agreeing.py": "opens the case type of an edge, with keys and words of the tree only",
    "sakip/tree/open_revisions.py": "opens revisions of trees only",
    "web/officer/new_case.py": "tests/web/test_sealed.py",
    "web/performance/entry_open.py": "opens measurement reports only",
    "web/performance/whatif_plan.py": "opens action plans only",
}
WAYS_TO_SAVE_A_DRAFT = {
    "web/officer/desk.py": "tests/web/test_sealed.py",
    "web/officer/form.py": "under the key of a sealed case: tests/engine/cases/test_sealed_store.py",
}


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    office = an_office(session, now)
    publish_both(session, now)
    return office


def test_publishing_a_sealed_case_type_is_possible(session: Session, office: Office, now: datetime) -> None:
    digest = library.newest(session, office.region.id, "report", now.date())
    assert library.definition(session, digest, load()).is_sealed
    assert session.get(DefinitionVersion, digest) is not None


def test_opening_a_sealed_case_is_refused_with_a_code_and_a_sentence(
    session: Session, office: Office, now: datetime
) -> None:
    answer = open_case(
        session, region_id=office.region.id, case_type="report", person_id=office.sari.id, answers={"story": SECRET},
        title=SECRET, now=now,
    )  # fmt: skip
    assert isinstance(answer, Refusal) and answer.code == "no_key_holder"
    assert "Laporan rahasia" in answer.sentence.id and "memegang kunci" in answer.sentence.id
    assert "Secret report" in answer.sentence.en and "Nothing was kept" in answer.sentence.en
    assert session.scalar(select(func.count()).select_from(Case)) == 0
    assert rows_with(session, SECRET) == []


def test_a_case_that_would_open_a_sealed_one_stays_and_tells(session: Session, office: Office, now: datetime) -> None:
    opened = open_case(
        session, region_id=office.region.id, case_type="request", person_id=office.sari.id, answers={"words": SECRET},
        now=now,
    )  # fmt: skip
    assert isinstance(opened, Opened)
    outcome = fire(session, opened.case_id, Command("pass_on", office.sari.id), now=now)
    assert isinstance(outcome, Fired) and outcome.incident == "effect_failed" and outcome.states == ("asking",)
    assert session.scalar(select(func.count()).select_from(Case)) == 1
    detail = session.scalars(select(Incident.detail).where(Incident.code == "effect_failed")).one()
    assert "sealed" in str(detail)
    assert rows_with(session, SECRET) == ["case_answers", "history"]  # the ordinary case's own, and nowhere else


def test_no_draft_of_a_sealed_case_is_kept(session: Session, office: Office, now: datetime) -> None:
    with pytest.raises(SealedNotKept) as refused:
        drafts.save(session, office.sari.id, drafts.of_new("report"), form="report", answers={"story": SECRET}, now=now)
    assert refused.value.code == "sealed_draft" and "tersegel" in refused.value.told.id
    assert drafts.of_person(session, office.sari.id) == ()
    assert rows_with(session, SECRET) == []


def test_a_sealed_case_type_is_not_offered(session: Session, office: Office, now: datetime) -> None:
    assert list(openable(session, office.region.id, now)) == ["performance_agreement", "request"]


def test_an_open_case_does_not_go_over_to_a_sealed_version(session: Session, office: Office, now: datetime) -> None:
    opened = open_case(
        session, region_id=office.region.id, case_type="request", person_id=office.sari.id, answers={"words": SECRET},
        now=now,
    )  # fmt: skip
    assert isinstance(opened, Opened)
    sealed = FILES["request"]["workflows/request.yaml"].replace(
        "version: 1.0.0", "version: 1.1.0\nconfidentiality: sealed\nmigrations: {seal: {from: 1.0.0}}"
    )
    files = {**FILES["request"], "workflows/request.yaml": sealed}
    publish(session, files, "request", reason="Uji", region=None, vocabulary=load(), now=now,
            prove=lambda definition: (), **publishers(session))  # fmt: skip
    newer = library.definition(session, library.newest(session, office.region.id, "request", now.date()), load())
    outcome = try_case(session, newer, plan_of(newer, "seal"), opened.case_id, now)
    assert outcome.outcome == HELD_UP and outcome.reason is not None and "tersegel" in outcome.reason.id
    assert session.get_one(Case, opened.case_id).digest != newer.digest


def test_on_paper_a_sealed_case_runs_to_its_end() -> None:
    definition, problems = build(FILES["report"], "report", load())
    assert definition is not None and problems == []
    assert [result.passed for result in run_all(definition)] == [True]
    answers = list(walk_lines(definition, ['{"as": "sari", "do": "submit"}', '{"as": "gita", "do": "close"}']))
    assert '"ended": true' in answers[-1]


@pytest.mark.parametrize(
    ("called", "known"),
    [
        ("open_case", WAYS_TO_OPEN),
        (
            "apply_opening",
            {
                "engine/cases/open.py": "writes what was decided there",
                "engine/cases/open_sealed.py": "the same, sealed: tests/engine/cases/test_sealed_store.py",
            },
        ),
        ("drafts.save", WAYS_TO_SAVE_A_DRAFT),
    ],
)
def test_every_way_to_open_a_case_or_begin_one_is_known(called: str, known: dict[str, str]) -> None:
    found = set()
    for folder in ("admin", "commands", "delivery", "demo", "engine", "sakip", "web"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if not all(name in text for name in called.split(".")):
                continue  # most files: parsing all of them takes seconds
            calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
            if any(ast.unparse(node.func) == called for node in calls):
                found.add(path.relative_to(ROOT).as_posix())
    assert found - {"engine/cases/plan.py", "engine/cases/moving.py"} == set(known)
