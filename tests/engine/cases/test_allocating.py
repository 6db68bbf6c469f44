"""Tasks that are given out: fairly, and to the same person on paper and in the store (§4.1 ``allocate``)."""

# ruff: noqa: E501 - YAML as authors write it
from __future__ import annotations

from datetime import datetime
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.organisation.snapshot import forget
from engine.publishing import library
from engine.publishing.publish import publish
from engine.tasks.models import Task
from engine.vocabulary import load
from tests.engine.cases.written import CALENDAR, FORM, HEAD, ROLES
from tests.factories import a_group, a_person, a_region, a_unit
from tests.kept import Kept
from tests.peopled import people_for
from tests.shadow import check_case
from tests.twins import Twins
from tests.walks import Walker, answer_bank, random_step

GIVEN_OUT = """
substitution:
  delegate: {title: {id: Penerima delegasi, en: Delegate}, may: [finish, next, back], record: on_behalf_of}
lifecycle:
  initial: work
  states:
    work:
      task: {candidates: [clerk, head, legal], allocate: FIRST, form: sample, fields: {names: edit}}
      transitions: {next: {to: items, recallable: true}, stop: {to: over}}
    items:
      multi_instance: {collection: case.names, element: one, ordering: parallel, completion: all}
      task: {candidates: [clerk, head, starter], allocate: SECOND, auto_release: {hours: 7}}
      transitions: {finish: {to: both}, back: {to: work}}
    both:
      type: parallel
      transitions: {done: {to: work}}
      regions:
        a: {initial: a1, states: {a1: {task: {candidates: [clerk, planning, finance], allocate: FIRST}, transitions: {finish: {to: a2}}}, a2: {type: final}}}
        b: {initial: b1, states: {b1: {task: {candidates: [legal, clerk], allocate: SECOND}, transitions: {finish: {to: b2}, back: {to: work}}}, b2: {type: final}}}
    over: {type: final}
"""
NAMES = [["x", "y"], ["x", "y", "z", "u", "v"], ["x", "y", "z"]]


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), first=st.sampled_from(["least_loaded", "round_robin"]))
def test_a_task_is_given_to_the_same_person_on_paper_and_in_the_store(
    session: Session, now: datetime, seed: int, first: str
) -> None:
    second = {"least_loaded": "round_robin", "round_robin": "least_loaded"}[first]
    written = HEAD + ROLES + CALENDAR + GIVEN_OUT.replace("FIRST", first).replace("SECOND", second)
    files = {"workflows/sample.yaml": written, "forms_config/sample.yaml": FORM}
    forget()  # a walk before had a region with the same number
    with session.begin_nested() as beginning:
        region, random = a_region(session), Random(seed)
        version = publish(
            session, files, "sample", reason="Uji", by=None, region=region.id, vocabulary=load(), now=now,
            prove=lambda definition: (),
        )  # fmt: skip
        definition = library.definition(session, version.digest, load())
        peopled = people_for(session, definition, region, random)
        twins = Twins(session, definition, peopled, {"names": random.choice(NAMES)}, now)
        walker = Walker(twins, {**answer_bank(definition, peopled), "names": NAMES})
        for _ in range(30):
            walker.take(random_step(random))
        check_case(session, twins.case_id, twins.paper.facts.now)
        beginning.rollback()
    forget()


ITEMS = """
lifecycle:
  initial: work
  states:
    work:
      task: {candidates: [starter], form: sample, fields: {names: edit}}
      transitions: {next: {to: items}}
    items:
      multi_instance: {collection: case.names, element: one, ordering: parallel, completion: all}
      task: {candidates: [clerk], allocate: HOW}
      transitions: {finish: {to: over}}
    over: {type: final}
"""


def holders(kept: Kept) -> list[str]:
    rows = select(Task.assignee_id).where(Task.case_id == kept.case_id, Task.closed_at.is_(None)).order_by(Task.number)
    return [name for each in kept.session.scalars(rows) for name in kept.names([each])]


def test_tasks_that_one_step_gives_out_are_shared_by_those_with_the_least(kept: Kept) -> None:
    kept.publish(ITEMS.replace("HOW", "least_loaded"))
    kept.open()
    assert kept.do("ani", "next", data={"names": ["x", "y", "z", "u"]}) is None
    assert holders(kept) == ["carla", "cici", "carla", "cici"]


def test_a_task_that_ends_with_the_step_no_longer_counts(kept: Kept) -> None:
    kept.publish(LOOP.replace("HOW", "least_loaded"))
    kept.open()
    assert holders(kept) == ["carla"]
    assert kept.do("carla", "next") is None
    assert holders(kept) == ["carla"]  # she has nothing else, and comes first


LOOP = """
lifecycle:
  initial: work
  states:
    work:
      task: {candidates: [clerk], allocate: HOW}
      transitions: {next: {to: work}, aside: {to: look}}
    look:
      task: {candidates: [starter]}
      transitions: {back: {to: work}, stop: {to: over}}
    over: {type: final}
"""


def test_round_robin_goes_round_whatever_the_case_does_between(kept: Kept) -> None:
    kept.publish(LOOP.replace("HOW", "round_robin"))
    kept.open()
    seen = []
    for _ in range(4):
        seen += holders(kept)
        assert kept.do(seen[-1], "aside") is None
        assert kept.do("ani", "back") is None
    assert seen[0] != seen[1] and seen == [seen[0], seen[1]] * 2


def test_equals_stand_in_the_order_of_their_names_and_of_one_name_in_the_order_they_came(kept: Kept) -> None:
    unit = a_unit(kept.session, kept.region, "region")
    twelve = [a_person(kept.session, unit, "Abdul") for _ in range(12)]  # ids of one and of two digits
    a_group(kept.session, kept.region, "many", *twelve)
    roles = ROLES.replace("group: clerks", "group: many")
    kept.publish(LOOP.replace("HOW", "least_loaded"), roles=roles)
    kept.open()
    kept.people = {**kept.people, "first": min(twelve, key=lambda person: person.id)}
    assert holders(kept) == ["first"]
