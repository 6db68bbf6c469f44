"""What the page of a sealed case has besides an ordinary one: the talk with the reporter, clocks, releases."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.cases.identity_release import identity_for, releases_of
from engine.cases.promised import promises_of
from engine.cases.reading_record import readings_of
from engine.cases.reading_rights import Rights
from engine.cases.sealed_values import Message, SealedView
from engine.cases.stored import StoredCase
from engine.disclosure.conversation import OFFICE, messages
from engine.disclosure.declared import CONFIDENTIAL, Declared
from engine.disclosure.models import SealedCase
from engine.facts import REPORTER


def sealed_view(
    session: Session, stored: StoredCase, person_id: int, rights: Rights, holders: frozenset[int]
) -> SealedView | None:
    """For whoever has the case's key at hand; None of a case that is not sealed."""
    seal, case_id, directory = stored.seal, stored.row.id, stored.directory
    if seal is None:
        return None
    declared = Declared.from_text(seal.unlock("declared", session.get_one(SealedCase, case_id).declared))
    is_from_outside = stored.facts.initiator == REPORTER
    said = messages(session, seal, case_id, OFFICE) if rights.reads_reporter and is_from_outside else ()
    releases = releases_of(session, case_id, person_id)
    waits = any(release.is_mine and release.decided_at is None for release in releases)
    identity = identity_for(session, seal, case_id, person_id)
    return SealedView(
        way=declared.way,
        declared=declared.identity if rights.reads_reporter else {},
        messages=tuple(
            Message(None if each.person_id is None else directory.person(each.person_id).name, each.text, each.on,
                    each.is_removed)
            for each in said
        ),
        promises=promises_of(stored),
        releases=releases,
        identity=identity,
        readers=tuple(sorted(directory.person(person).name for person in holders)),
        came_by=declared.came_by,
        readings=readings_of(session, case_id, stored.row.region_id) if rights.reads_officers else (),
        may_write=rights.reads_reporter and is_from_outside,
        may_ask=rights.reads_reporter and declared.way == CONFIDENTIAL and identity is None and not waits,
        about=declared.about or "",
    )  # fmt: skip
