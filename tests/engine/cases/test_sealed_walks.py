"""Nothing anybody writes into a sealed case lies open, whatever a definition does with it and whatever people try."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.organisation.snapshot import forget
from tests.engine.cases.inventing import MORE_ROLES, Inventor, as_yaml
from tests.engine.cases.sealed_walking import SealedWalk, lying_open, store
from tests.engine.cases.walking import EVERYTHING
from tests.engine.cases.written import CALENDAR, FORM, HEAD, ROLES
from tests.factories import a_region
from tests.peopled import people_for

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]
STEPS = 25
SEALED = "confidentiality: sealed\n"
HOSTILE = """
lifecycle:
  initial: writing
  states:
    writing:
      task: {candidates: [starter], form: sample, fields: {names: edit, lines: edit, people: edit, text: edit, day: edit, owner: edit}}
      transitions:
        head: {to: each, recallable: true, effects: {keep: {set: {field: text, value: {expression: "case.text"}}}, put: {append: {field: names, value: comment}}}}
    each:
      multi_instance: {collection: case.names, element: one, ordering: parallel, completion: all}
      task: {candidates: [clerk, head], form: sample, fields: {text: edit}, auto_release: {hours: 2}}
      timers: {jump: {at: case.day, to: rows}, tell: {after: {days: 1}, effects: {put: {set: {field: text, value: {expression: "case.text"}}}}}}
      transitions: {each: {to: rows, recallable: true}}
    rows:
      multi_instance: {collection: case.lines, element: one, ordering: sequential, completion: any}
      task: {candidates: [clerk], form: sample, fields: {lines: edit}, assigns: [lead]}
      transitions: {clerk: {to: owners, recallable: true, effects: {put: {append: {field: names, value: comment}}}}}
    owners:
      approval: {ordering: parallel, approvers_for_each: {collection: case.people, owner: item, distinct: true}, completion: all, same_person: up, keep_votes: true, late: keep, form: sample, fields: {text: edit}}
      transitions: {approved: {to: line, recallable: true}, rejected: {to: writing}}
    line:
      approval: {ordering: sequential, approvers_along: {from: starter, relation: superior, until: "filled(user.limit) and user.limit >= 100"}, completion: all, form: sample}
      transitions: {approved: {to: over}, rejected: {to: writing, recallable: true}, back: {to: each, by: [clerk, lead], requires: [comment]}}
    over: {type: final}
"""  # noqa: E501


def _shipped(case_type: str) -> dict[str, str]:
    paths = [ROOT / "workflows" / f"{case_type}.yaml", *sorted((ROOT / "forms_config").glob("*.yaml"))]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def _written(lifecycle: str, form: str = FORM.replace("min_items: 2, ", "")) -> dict[str, str]:
    text = HEAD + SEALED + ROLES + MORE_ROLES + CALENDAR + lifecycle
    return {"workflows/sample.yaml": text, "forms_config/sample.yaml": form}


WALKED = {
    "complaint_investigation": lambda: _shipped("complaint_investigation"),
    "retaliation_report": lambda: _shipped("retaliation_report"),
    "hostile": lambda: _written(HOSTILE),
    "everything": lambda: _written(EVERYTHING.replace("SAME", "up")),
    **{
        f"invented-{seed}": lambda seed=seed: _written(as_yaml(Inventor(seed).case_type()))
        for seed in (0, 1, 6, 8, 9, 11)
    },
}


@dataclass
class Place:
    """A region in which one sealed definition counts."""

    engine: Engine
    name: str

    def walks(self, seed: int) -> Iterator[SealedWalk]:
        files = WALKED[self.name]()
        case_type = "sample" if "workflows/sample.yaml" in files else self.name
        forget()
        with self.engine.connect() as connection:
            transaction = connection.begin()
            with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
                random = Random(seed)
                region = a_region(session)
                definition = store(session, files, case_type, region.id, NOW - timedelta(days=40))
                peopled = people_for(session, definition, region, random)
                session.flush()
                yield SealedWalk(session, definition, peopled, random, NOW, is_from_outside=seed % 2 == 0)
            transaction.rollback()


@pytest.mark.parametrize("name", sorted(WALKED))
def test_no_text_survives_in_the_open_whatever_is_done(shared_engine: Engine, name: str) -> None:
    done = 0
    for seed in range(2):
        for walk in Place(shared_engine, name).walks(seed):
            if not walk.open():
                continue
            walk.nothing_lies_open()
            for number in range(STEPS):
                walk.step()
                if number % 2:
                    walk.nothing_lies_open()
                if number % 8 == 0:
                    walk.remark()
            walk.nothing_lies_open()
            assert walk.is_caught_up()
            done += walk.done
    if not name.startswith("invented"):
        assert done > STEPS // 3


def test_what_lies_open_would_be_found(shared_engine: Engine) -> None:
    for walk in Place(shared_engine, "hostile").walks(1):
        assert walk.open()
        walk.session.execute(update(Case).where(Case.id == walk.case_id).values(title=walk.text()))
        assert set(lying_open(walk.session)) == {"cases"}
