# ruff: noqa: E501 - YAML as authors write it
"""Stand-ins: never two acts that need different people, and delegation within its limits (reference §3, §8.14)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.organisation.mandates import give_mandate
from tests.engine.cases.written import ROLES
from tests.factories import a_holder
from tests.kept import Kept

WRITTEN = """
substitution:
  acting_official: {title: {id: Plt., en: Acting}, may: [approve, sign], record: on_behalf_of}
  delegate: {title: {id: Penerima delegasi, en: Delegate}, may: [approve, note], record: on_behalf_of, LIMITS}
  out_of_office: {title: {id: Pengganti, en: Replacement}, may: [approve], record: on_behalf_of}
separation_of_duties:
  interest: {applies_to: [head, chief], exclude_when: "user in case.people"}
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [starter, clerk], form: sample, fields: {people: edit}}
      transitions: {submit: {to: review}}
    review:
      task: {candidates: [head, chief], excluded: [EXCLUDED]}
      transitions: {approve: {to: over}, note: {internal: true}, sign: {to: over}}
    over: {type: final}
"""
CHIEF = (
    "  chief: {title: {id: Kepala Bidang, en: Chief}, resolve: {position: head, level: section, of: initiator.unit}}\n"
)


def reviewed(
    kept: Kept, by: str = "ani", *, excluded: str = "performer_of.draft", limits: str = "", **data: object
) -> Kept:
    roles = kept_roles()
    kept.publish(WRITTEN.replace("EXCLUDED", excluded).replace("LIMITS", limits).replace(", }", "}"), roles=roles)
    kept.open()
    assert kept.do(by, "submit", data=data) is None
    return kept


def kept_roles() -> str:
    return ROLES + CHIEF


def mandate(kept: Kept, principal: str, delegate: str, kind: str = "delegate", days: int = 30) -> None:
    today = kept.now.date()
    give_mandate(
        kept.session, kept.people[principal].id, kept.people[delegate].id, kind, starts_on=today,
        ends_on=today + timedelta(days=days), reason="Cuti", author=kept.author(principal),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["delegate", "out_of_office"])
def test_who_is_excluded_cannot_act_through_somebody_they_let_act_for_them(kept: Kept, kind: str) -> None:
    mandate(kept, "dedi", "pia", kind)
    kept.publish(WRITTEN.replace("EXCLUDED", "starter").replace(", LIMITS", ""), roles=kept_roles())
    kept.open("dedi")
    assert kept.do("dedi", "submit") is None
    assert kept.do("dedi", "approve") == "excluded"
    assert kept.do("pia", "approve") == "not_found"
    assert kept.asked("pia", "approve") == "excluded"
    assert kept.refusal is not None
    assert kept.refusal.sentence.id.startswith("Dedi menyusun atau memproses dokumen ini.")
    assert kept.candidates() == ["hana"]
    assert kept.queue("pia") == []
    assert kept.do("hana", "approve") is None


def test_a_separation_of_duties_holds_for_the_one_who_is_stood_in_for(kept: Kept) -> None:
    mandate(kept, "hana", "pia")
    people = [kept.people["hana"].id]
    reviewed(kept, people=people)
    assert kept.asked("pia", "approve") == "separation_of_duties"
    assert kept.asked("pia", "claim") == "separation_of_duties"
    assert kept.queue("pia") == []
    assert kept.do("dedi", "approve") is None


def test_a_separation_of_duties_holds_for_who_stands_in(kept: Kept) -> None:
    mandate(kept, "hana", "pia")
    reviewed(kept, people=[kept.people["pia"].id])
    assert kept.asked("pia", "approve") == "separation_of_duties"
    assert kept.do("hana", "approve") is None


def test_whoever_is_appointed_to_an_office_decides_where_its_absent_holder_may_not(kept: Kept) -> None:
    a_holder(kept.session, kept.positions["dedi"], kept.people["pia"], "plt", date(2026, 3, 1), date(2026, 4, 30))
    reviewed(kept, people=[kept.people["dedi"].id])
    assert kept.do("dedi", "approve") == "separation_of_duties"
    assert kept.do("pia", "approve") is None
    assert kept.history[-1].kind == "acting_official"


def test_who_acted_in_somebodys_name_is_excluded_where_that_person_is(kept: Kept) -> None:
    mandate(kept, "carla", "hana")
    limits = "requires: [reason]"
    kept.publish(
        WRITTEN.replace("EXCLUDED", "starter")
        .replace("LIMITS", limits)
        .replace("may: [approve, note]", "may: [approve, submit]"),
        roles=kept_roles(),
    )
    kept.open("carla")
    assert kept.do("hana", "submit") is None  # for Carla, who opened it
    assert kept.do("hana", "approve") == "excluded"
    assert kept.do("dedi", "approve") is None


def test_assigning_and_delegating_to_somebody_with_a_conflict_is_refused(kept: Kept) -> None:
    reviewed(kept, people=[kept.people["dedi"].id])
    assert kept.do("hana", "assign", to="dedi") == "separation_of_duties"
    assert kept.do("hana", "delegate", to="dedi") == "separation_of_duties"
    assert kept.do("hana", "delegate", to="ani") == "excluded"


def test_a_delegation_needs_what_the_case_type_requires(kept: Kept) -> None:
    reviewed(kept, limits="requires: [reason, until]")
    assert kept.do("hana", "delegate", to="pia") == "comment_required"
    assert kept.do("hana", "delegate", "cuti", to="pia") == "field_invalid"
    assert kept.refusal is not None and [fault.path for fault in kept.refusal.faults] == ["until"]
    assert kept.do("hana", "delegate", "cuti", to="pia", until=date(2026, 3, 1)) == "field_invalid"
    assert kept.do("hana", "delegate", "cuti", to="pia", until=date(2026, 3, 4)) is None
    assert kept.history[-1].details == {"task": 2, "to": kept.people["pia"].id, "until": "2026-03-04"}
    assert len(kept.queue("pia")) == 1


def test_a_delegation_ends_with_its_last_day(kept: Kept) -> None:
    reviewed(kept)
    assert kept.do("hana", "delegate", "cuti", to="pia", until=date(2026, 3, 4)) is None
    kept.advance(days=2)
    assert kept.do("pia", "note") is None
    kept.advance(days=1)
    assert kept.do("pia", "approve") == "mandate_expired"
    kept.reoffer()
    assert (kept.queue("pia"), len(kept.queue("hana"))) == ([], 1)
    assert kept.do("hana", "approve") is None


def test_a_delegate_delegates_on_as_deep_as_the_case_type_allows(kept: Kept) -> None:
    reviewed(kept, limits="max_depth: 2")
    assert kept.do("hana", "delegate", to="pia") is None
    assert kept.do("pia", "delegate", to="leo") is None
    assert kept.do("leo", "delegate", to="fina") == "not_within_acting_powers"
    assert kept.do("pia", "approve") == "not_candidate"
    assert kept.do("leo", "approve") is None
    assert kept.history[-1].principal == str(kept.people["hana"].id)


def test_without_a_depth_a_delegate_does_not_delegate_on_and_with_none_nobody_delegates(kept: Kept) -> None:
    reviewed(kept)
    assert kept.do("hana", "delegate", to="pia") is None
    assert kept.do("pia", "delegate", to="leo") == "not_within_acting_powers"
    kept.publish(
        WRITTEN.replace("EXCLUDED", "starter").replace("LIMITS", "max_depth: 0"), roles=kept_roles(), case_type="other"
    )
    kept.open(case_type="other")
    assert kept.do("ani", "submit") is None
    assert kept.do("hana", "delegate", to="pia") == "not_within_acting_powers"


def test_a_delegate_must_be_of_the_unit_or_of_one_unit_of_that_level(kept: Kept) -> None:
    reviewed(kept, limits="within: unit")
    assert kept.do("hana", "delegate", to="leo") == "not_within_acting_powers"  # another section
    assert kept.do("hana", "delegate", to="pia") is None
    for level, outcome in (("region", None), ("section", "not_within_acting_powers")):
        limits = f"within: {level}"
        kind = f"at_{level}"
        kept.publish(
            WRITTEN.replace("EXCLUDED", "starter").replace("LIMITS", limits), roles=kept_roles(), case_type=kind
        )
        kept.open(case_type=kind)
        assert kept.do("ani", "submit") is None
        assert kept.do("hana", "delegate", to="leo") == outcome


def test_a_mandate_over_everything_is_held_to_the_case_types_limits(kept: Kept) -> None:
    mandate(kept, "hana", "leo")
    reviewed(kept, limits="within: unit")
    assert kept.do("leo", "approve") == "not_within_acting_powers"


IN_NAME = """
substitution:
  acting_official: {title: {id: Plt., en: Acting}, may: [MAY], record: on_behalf_of}
  delegate: {title: {id: Penerima delegasi, en: Delegate}, may: [MAY], record: on_behalf_of}
  out_of_office: {title: {id: Pengganti, en: Replacement}, may: [MAY], record: on_behalf_of}
lifecycle:
  initial: draft
  states:
    draft: WORK
    review:
      task: {candidates: [head, chief, clerk], excluded: [performer_of.draft]}
      transitions: {approve: {to: over}, back: {to: draft}}
    over: {type: final}
"""
TASK = "{task: {candidates: [chief, clerk]}, transitions: {submit: {to: review}}}"
APPROVAL = "{approval: {ordering: parallel, approvers: {one: {candidates: [chief, clerk]}}}, transitions: {approved: {to: review}, rejected: {to: over}}}"
ITEMS = "{multi_instance: {collection: case.names, element: one, ordering: parallel, completion: all}, task: {candidates: [chief, clerk], form: sample, fields: {names: edit}}, transitions: {submit: {to: review}}}"


def in_name(kept: Kept, work: str = TASK, may: str = "submit") -> Kept:
    written = IN_NAME.replace("WORK", work).replace("MAY", may)
    kept.publish(written, roles=kept_roles())
    kept.open(names=["x", "y"]) if work == ITEMS else kept.open()
    return kept


@pytest.mark.parametrize("kind", ["delegate", "out_of_office"])
@pytest.mark.parametrize(("work", "action"), [(TASK, "submit"), (APPROVAL, "approve"), (ITEMS, "submit")])
def test_who_let_somebody_act_for_them_is_excluded_like_the_one_who_did(
    kept: Kept, work: str, action: str, kind: str
) -> None:
    mandate(kept, "dedi", "pia", kind)
    in_name(kept, work, may=f"{action}, approve")
    while "draft" in kept.states:
        assert kept.do("pia", action) is None
    assert kept.history[-1].principal == str(kept.people["dedi"].id)
    assert kept.do("dedi", "approve") == "excluded"
    assert kept.refusal is not None
    assert kept.refusal.sentence.id.startswith("Dokumen ini disusun atau diproses atas nama Anda.")
    assert kept.refusal.sentence.en.startswith("This document was prepared or handled in your name.")
    assert kept.do("pia", "approve") == "excluded"
    assert kept.refusal.sentence.en.startswith("You prepared or handled this document.")
    assert kept.queue("dedi") == kept.queue("pia") == []
    assert kept.do("hana", "approve") is None


def test_who_came_back_may_judge_what_was_done_in_their_office_by_decree(kept: Kept) -> None:
    a_holder(kept.session, kept.positions["dedi"], kept.people["pia"], "plt", date(2026, 3, 1), date(2026, 3, 4))
    in_name(kept)
    assert kept.do("pia", "submit") is None
    assert kept.do("pia", "approve") in ("excluded", "not_found")
    assert kept.do("dedi", "approve") is None


def test_an_act_in_ones_name_keeps_one_away_for_that_entry_of_the_step_only(kept: Kept) -> None:
    mandate(kept, "dedi", "pia")
    in_name(kept, may="submit, approve")
    assert kept.do("pia", "submit") is None
    assert kept.do("hana", "back") is None
    assert kept.do("carla", "submit") is None
    assert kept.do("dedi", "approve") is None


def test_the_role_of_who_did_a_step_is_the_one_who_did_it(kept: Kept) -> None:
    mandate(kept, "dedi", "pia")
    roles = kept_roles() + "  doer: {title: {id: Pelaksana, en: Doer}, resolve: {performer_of: draft}}\n"
    written = IN_NAME.replace("WORK", TASK).replace("MAY", "submit, back")
    kept.publish(written.replace("[head, chief, clerk], excluded: [performer_of.draft]", "[doer]"), roles=roles)
    kept.open()
    assert kept.do("pia", "submit") is None
    assert kept.candidates() == ["pia"]
