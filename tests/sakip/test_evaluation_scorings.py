"""All four ways of scoring go through the same case and form, each by its region's rubric (reference §7.3, §7.4)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config import ROOT
from sakip.facts.score_results import score_rows
from tests.sakip.evaluation_office import (
    DAYS,
    an_evaluation_office,
    answers,
    begun,
    locked_by_the_unit,
    rows,
    sheet,
    verified,
    verified_by_all,
)
from tests.sakip.tree_office import Office

FOLDER = ROOT / "sakip_config"
GRADED = """# ILLUSTRATIVE: one grade a sub-component
schema: sakip-evaluation/1
overlay: lke_2025.kab_kerinci
extends: {{evaluation: lke_2025, version: ^1.0}}
region: kab_kerinci
patch:
  components:
{components}
"""
PARTS = ("existence", "quality", "use")
COMPONENTS = ("planning", "measurement", "reporting", "evaluation")


def shown(office: Office) -> dict[str, tuple[str | None, str | None]]:
    return {row.span: (row.shown, row.reason) for row in score_rows(office.session, sheet(office))}


@pytest.fixture
def graded_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sakip_config"
    shutil.copytree(FOLDER, folder)
    graded = ", ".join(f"{part}: {{scoring: graded, scale: regulation}}" for part in PARTS)
    components = "\n".join(f"    {name}: {{sub_components: {{{graded}}}}}" for name in COMPONENTS)
    target = folder / "regions" / "kab_kerinci" / "lke_2025.yaml"
    target.parent.mkdir()
    target.write_text(GRADED.format(components=components), encoding="utf-8")
    return folder


def test_7_3_one_grade_a_sub_component_with_what_holds_ticked(session: Session, graded_folder: Path) -> None:
    office = an_evaluation_office(session, "kab_kerinci", graded_folder, own=True)
    case_id = begun(office)
    asked = sheet(office)
    assert [row["path"] for row in answers(office, case_id)["self"]] == list(asked.questions)
    assert len(asked.questions) == 12
    given = rows(asked, {"*": "bb"})
    ticks = asked.ticks("planning.existence")
    given[0]["met"] = [*ticks, "planning.quality.smart"]
    assert office.do(case_id, "sari", "lock", answers={"self": given}) == "field_invalid"
    assert office.refusal is not None and office.refusal.faults[0].path == "self.0.met"
    given[0]["met"] = list(ticks)
    assert office.do(case_id, "sari", "lock", answers={"self": given}) is None, office.refusal
    office.work()
    assert shown(office)["self"] == ("80.00", None)


def test_7_3_points_a_criterion_and_scales_of_their_own(session: Session) -> None:
    office = an_evaluation_office(session, "kota_bandung", own=True)
    best = {path: next(iter(question.scale.answers)) for path, question in sheet(office).questions.items()
            if question.scale is not None}  # fmt: skip
    locked_by_the_unit(office, best | {"planning.use.plan_monitored": "half_yearly"})
    office.work()
    assert shown(office)["self"] == ("99.50", None)


def test_7_4_accepted_evidence_is_the_answer(session: Session) -> None:
    office = an_evaluation_office(session, "kab_tasikmalaya", own=True)
    asked = sheet(office)
    path = "planning.existence.short_term_plan"
    everything = {"*": "a"} | {one: question.pieces for one, question in asked.questions.items() if question.pieces}
    case_id = begun(office)
    given = rows(asked, everything)
    given[0] = {"path": given[0]["path"], "pieces": ["no_such_piece"]}
    assert office.do(case_id, "sari", "lock", answers={"self": given}) == "field_invalid"
    assert office.refusal is not None and office.refusal.faults[0].code == "unknown_answer"
    assert office.do(case_id, "sari", "lock", answers={"self": rows(asked, everything)}) is None, office.refusal
    office.work()
    assert shown(office)["self"] == ("100.00", None)
    verified_by_all(office, case_id, verified(asked, {path: asked.pieces()[path][:2]}))
    office.now = DAYS["assure"]
    turned = {one: tuple(reversed(said)) if isinstance(said, tuple) else said for one, said in everything.items()}
    same = rows(asked, turned, confirmed_in="assure")  # the same pieces in another order need no note
    assert office.do(case_id, "panji", "lock", answers={"assure": same}) is None, office.refusal
    office.work()
    assert len(asked.pieces()[path]) == 4 and sum(one.startswith("planning.existence.") for one in asked.questions) == 4
    assert shown(office)["assure"] == ("99.25", None)  # half of one of four that are worth 6 together
    assert shown(office)["result"] == (None, "tier_missing")  # the mean of three tiers, and one is not there yet


def test_7_7_where_the_framework_refuses_a_tier_is_not_locked(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "sakip_config"
    shutil.copytree(FOLDER, folder)
    rubric = folder / "lke_2025.yaml"
    text = rubric.read_text(encoding="utf-8")
    written = "planning_quality: {limits: planning.quality, by: [planning.existence], then: cap}"
    assert written in text
    rubric.write_text(text.replace(written, written.replace("cap", "refuse")), encoding="utf-8")
    office = an_evaluation_office(session, folder=folder)
    case_id = begun(office)
    given = rows(sheet(office), {"*": "a", "planning.existence.*": "c"})
    assert office.do(case_id, "sari", "lock", answers={"self": given}) == "field_invalid"
    assert office.refusal is not None
    (fault,) = office.refusal.faults
    assert (fault.code, fault.message.en) == (
        "framework_refuses", "The logical framework refuses Quality (Planning)."
    )  # fmt: skip
    assert office.do(case_id, "sari", "save", answers={"self": given}) is None
    given = rows(sheet(office), {"*": "a"})
    assert office.do(case_id, "sari", "lock", answers={"self": given}) is None, office.refusal
