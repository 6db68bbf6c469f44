"""Rolling back publishes an older version again, with a second person, and touches no running case."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from engine.errors import ApprovalMissing, InvalidInput, NotFound
from engine.publishing.library import newest
from engine.publishing.proposals import Published
from engine.publishing.rollback import propose_rollback, roll_back
from engine.vocabulary import load
from tests.kept import Kept, a_kept_world
from tests.publishers import publishers

WRITTEN = """
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter]}, transitions: {go: {to: end}}}
    end: {type: final}
"""


@pytest.fixture
def kept(session: Session, now: datetime) -> Kept:
    return a_kept_world(session, now)


def two_versions(kept: Kept) -> tuple[str, str]:
    return kept.publish(WRITTEN), kept.publish(WRITTEN.replace("go:", "send:"), version="2.0.0")


def rolled_back(kept: Kept, digest: str, by: str | None, approved_by: str | None) -> Published:
    named = publishers(kept.session, kept.region.id)
    ids = {"author": named["by"], "second": named["approved_by"], None: None, "dedi": kept.people["dedi"].id}
    people = [ids[by], ids[approved_by]]
    return roll_back(
        kept.session, "sample", digest, region=kept.region.id, reason="Keliru", by=people[0], approved_by=people[1],
        vocabulary=load(), now=kept.now, prove=lambda _: (),
    )  # fmt: skip


def test_new_cases_take_the_older_version_and_running_ones_keep_theirs(kept: Kept) -> None:
    older, newer = two_versions(kept)
    kept.open()
    proposed = propose_rollback(
        kept.session, "sample", older[:8], region=kept.region.id, vocabulary=load(), prove=lambda _: ()
    )  # fmt: skip
    assert (proposed.digest, proposed.replaces, proposed.changes_nothing) == (older, newer, False)
    assert rolled_back(kept, older[:8], "author", "second").digest == older
    assert newest(kept.session, kept.region.id, "sample", kept.now.date()) == older
    assert kept.stored.row.digest == newer
    assert kept.do("ani", "send") is None


@pytest.mark.parametrize(
    ("by", "approved_by"),
    [("author", "author"), ("author", None), (None, "second"), (None, None), ("author", "dedi"), ("dedi", "second")],
)
def test_two_different_people_are_needed(kept: Kept, by: str | None, approved_by: str | None) -> None:
    older, newer = two_versions(kept)
    with pytest.raises(ApprovalMissing):
        rolled_back(kept, older, by, approved_by)
    assert newest(kept.session, kept.region.id, "sample", kept.now.date()) == newer


def test_a_version_is_called_by_the_beginning_of_its_digest(kept: Kept) -> None:
    two_versions(kept)
    for digest, error in (("abc", InvalidInput), ("0" * 12, NotFound), ("%%%%%%", NotFound)):
        with pytest.raises(error):
            rolled_back(kept, digest, "author", "second")
