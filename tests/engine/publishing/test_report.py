"""Before publishing: what was taken away, what becomes of regions with their own version, who is missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.simulate import run_all
from engine.definitions.model import Definition
from engine.publishing import library
from engine.publishing.models import DefinitionVersion
from engine.publishing.proposals import Published
from engine.publishing.publish import propose, publish
from engine.publishing.report import Report, report
from engine.vocabulary import load
from tests.engine.definitions.leave import FORM, WORKFLOW, changed
from tests.factories import a_group, a_holder, a_person, a_position, a_region, a_unit
from tests.publishers import publishers_if_needed

Files = dict[str, str]
OVERLAY = (
    "schema: casework/1\noverlay: leave.ours\nextends: {case_type: leave, version: ^1.0}\nregion: kab_contoh\n"
    "parameters: {review_days: 5}\n"
)
PATH = "workflows/regions/kab_contoh/leave.yaml"


def files(workflow: str = WORKFLOW, **more: str) -> Files:
    return {"workflows/leave.yaml": workflow, "forms_config/leave.yaml": FORM} | more


def ours(workflow: str = WORKFLOW, patch: str = "patch: {}\n") -> Files:
    return files(workflow) | {PATH: OVERLAY + patch}


def prove(definition: Definition) -> list[Any]:
    return [result for result in run_all(definition) if not result.passed]


def published(session: Session, now: datetime, given: Files, region: int | None = None) -> Published:
    values: dict[str, Any] = {"region": region, "vocabulary": load(), "now": now, "prove": prove}
    values |= publishers_if_needed(session, "leave", region)
    return publish(session, given, "leave", reason="Berlaku", **values)


def reported(session: Session, now: datetime, given: Files, region: int | None = None) -> Report:
    proposal = propose(session, given, "leave", region=region, vocabulary=load(), prove=prove)
    assert proposal.definition is not None, proposal.problems
    return report(session, proposal, given, vocabulary=load(), prove=prove, now=now)


def test_the_first_version_has_nothing_to_be_compared_with(session: Session, now: datetime) -> None:
    found = reported(session, now, files())
    assert (found.since, found.from_base, found.hot, dict(found.regions)) == ((), (), (), {})


def test_what_was_taken_away_or_loosened_comes_first(session: Session, now: datetime) -> None:
    published(session, now, files())
    looser = changed(
        WORKFLOW,
        ("version: 1.0.0\ntitle: Leave", "version: 1.1.0\ntitle: Absence"),
        ("{candidates: [head], excluded: [employee], form: leave}", "{candidates: [head, personnel], form: leave}"),
    )
    looser = looser[: looser.index("scenarios:")]
    found = reported(session, now, files(looser))
    assert [each.kind for each in found.since[:3]] == ["scenario_removed", "permission_widened", "exclusion_removed"]
    assert found.since[-1].weight == "words"


def test_a_regions_version_is_told_against_its_base(session: Session, now: datetime) -> None:
    region = a_region(session, "kab_contoh")
    found = reported(session, now, ours(patch="patch: {scenarios: {granted: null}}\n"), region.id)
    assert found.from_base[0].kind == "scenario_removed"
    assert "parameters.review_days.default" in {each.path for each in found.from_base}
    assert found.since == ()


def test_a_regions_first_version_is_compared_with_what_counts_for_everybody(session: Session, now: datetime) -> None:
    region = a_region(session, "kab_contoh")
    published(session, now, files())
    found = reported(session, now, ours(patch="patch: {scenarios: {granted: null}}\n"), region.id)
    assert found.since[0].kind == "scenario_removed"


def test_a_regions_version_keeps_the_digest_of_its_base(session: Session, now: datetime) -> None:
    region = a_region(session, "kab_contoh")
    general, own = published(session, now, files()), published(session, now, ours(), region.id)
    assert session.get_one(DefinitionVersion, own.digest).base_digest == general.digest
    assert session.get_one(DefinitionVersion, general.digest).base_digest is None


def test_a_districts_version_keeps_the_digest_of_its_province(session: Session, now: datetime) -> None:
    province, district = a_region(session, "kab_contoh"), a_region(session, "kab_bawah")
    lower = (
        "schema: casework/1\noverlay: leave.below\nextends: {overlay: leave.ours, version: ^1.0}\nregion: kab_bawah\n"
        "patch: {roles: {head: {title: Lurah}}}\n"
    )
    upper = published(session, now, ours(), province.id)
    own = published(session, now, ours() | {"workflows/regions/kab_bawah/leave.yaml": lower}, district.id)
    assert session.get_one(DefinitionVersion, own.digest).base_digest == upper.digest


def test_a_new_base_changes_nothing_for_a_region_and_says_how_each_would_stand(session: Session, now: datetime) -> None:
    names = {"kab_contoh": "clean", "kab_lihat": "needs a look", "kab_rusak": "broken", "kab_tanpa": None}
    regions = {name: a_region(session, name) for name in names}
    patches = {
        "kab_contoh": "patch: {roles: {head: {title: Lurah}}}\n",
        "kab_lihat": "patch: {lifecycle: {states: {review: {timers: {remind: {after: {working_days: 2}}}}}}}\n",
        "kab_rusak": "patch: {lifecycle: {states: {review: {transitions: {approve: {title: Setuju}}}}}}\n",
    }
    published(session, now, files())
    own = {}
    for name, patch in patches.items():
        text = OVERLAY.replace("kab_contoh", name).replace("parameters: {review_days: 5}\n", "") + patch
        given = files() | {f"workflows/regions/{name}/leave.yaml": text}
        own[name] = published(session, now, given, regions[name].id).digest
    newer = changed(
        WORKFLOW,
        ("version: 1.0.0\n", "version: 1.1.0\n"),
        ("remind: {after: {working_days: 1}", "remind: {after: {working_days: 3}"),
        ("approve: {to: granted}", "accept: {to: granted}"),
        ("as: budi, do: approve", "as: budi, do: accept"),
    )
    found = reported(session, now, files(newer))
    stood = {name: [each.status for each in standings] for name, standings in found.regions.items()}
    assert stood == {name: [status] for name, status in names.items() if status}
    general = published(session, now + timedelta(hours=1), files(newer)).digest
    on = now.date()
    for name, region in regions.items():
        assert library.newest(session, region.id, "leave", on) == own.get(name, general)


def test_a_base_that_changed_under_a_region_is_shown_when_it_publishes(session: Session, now: datetime) -> None:
    region = a_region(session, "kab_contoh")
    published(session, now, ours(), region.id)
    newer = changed(WORKFLOW, ("version: 1.0.0\n", "version: 1.1.0\n"), ("integer, default: 3", "integer, default: 4"))
    found = reported(session, now, ours(newer), region.id)
    assert [each.path for each in found.both] == [("parameters", "review_days")]
    proposal = propose(session, ours(newer), "leave", region=region.id, vocabulary=load(), prove=prove)
    assert [(each.code, each.file, each.line) for each in proposal.problems] == [("WF113", PATH, 5)]
    assert proposal.is_good
    assert reported(session, now, ours(), region.id).both == ()


def test_what_reaches_running_cases_is_told(session: Session, now: datetime) -> None:
    published(session, now, files())
    retitled = changed(WORKFLOW, ("version: 1.0.0\ntitle: Leave", "version: 1.1.0\ntitle: Absence"))
    found = reported(session, now, files(retitled))
    assert [(each.form, each.path) for each in found.hot] == [(None, "title")]
    assert found.is_only_hot
    ruled = changed(retitled, ("excluded: [employee]", "excluded: [employee, personnel]"))
    assert not reported(session, now, files(ruled)).is_only_hot


def test_roles_nobody_holds_are_told_with_the_units(session: Session, now: datetime) -> None:
    region = a_region(session, "kab_contoh")
    agency = a_unit(session, region, "agency")
    sections = [a_unit(session, region, "section", agency, name=f"Seksi {letter}") for letter in "EDCBA"]
    a_holder(session, a_position(session, sections[0], "head"), a_person(session, sections[0]))
    found = reported(session, now, ours(), region.id).vacant
    assert [(each.code, each.file, each.is_error) for each in found] == [("WF030", "workflows/leave.yaml", False)] * 3
    said = found[0].message
    assert said.en == 'Nobody holds the role "head" in 4 units: Seksi A, Seksi B, Seksi C and 1 more.'
    assert said.id == 'Peran "head" tidak dipegang siapa pun di 4 unit: Seksi A, Seksi B, Seksi C dan 1 lagi.'
    assert found[1].message.en == 'Nobody holds the role "personnel": the group "personnel" is empty.'
    assert WORKFLOW.splitlines()[found[0].line - 1][found[0].column - 1 :].startswith("head:")


def test_a_role_somebody_stands_in_for_is_held(session: Session, now: datetime) -> None:
    region = a_region(session, "kab_contoh")
    section = a_unit(session, region, "section")
    person = a_person(session, section)
    a_holder(session, a_position(session, section, "head"), person, kind="plt")
    a_group(session, region, "personnel", person)
    assert reported(session, now, ours(), region.id).vacant == ()


def test_a_level_the_region_does_not_have_is_told(session: Session, now: datetime) -> None:
    region = a_region(session, "kab_contoh")
    unit = a_unit(session, region, "agency")
    a_group(session, region, "personnel", a_person(session, unit))
    found = reported(session, now, ours(), region.id).vacant
    assert [each.message.en for each in found] == ['Nobody holds the role "head": there is no unit of level "section".']
