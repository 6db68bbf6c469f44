"""What the office says to a reporter: a message on the page their receipt opens, beside the acts of the case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases.access import reader_of, require_visible
from engine.cases.reading_rights import rights_of
from engine.cases.step import Step
from engine.cases.stored import read_case
from engine.changes import Refusal
from engine.definitions.model import Text
from engine.disclosure.conversation import LONGEST, OFFICE, say
from engine.errors import KeyNeeded, NotFound
from engine.facts import REPORTER


def write_to_reporter(session: Session, case_id: int, person_id: int, text: str, now: datetime) -> Refusal | None:
    """One message, in the name of whoever writes; the reporter reads it when they come back, also after the end.
    Refused when it is empty or too long. Raises NotFound for who is no recipient or may not read the reporter, and for
    a case nobody outside made; KeyNeeded."""
    require_visible(session, reader_of(session, person_id, now), case_id)
    stored = read_case(session, case_id, now)
    if not stored.definition.is_sealed or stored.facts.initiator != REPORTER:
        raise NotFound("There is nobody to write to.")
    if stored.seal is None:
        raise KeyNeeded
    if not rights_of(Step(stored.definition, stored.facts), person_id).reads_reporter:
        raise NotFound("There is nobody to write to.")
    if not 0 < len(text.strip()) <= LONGEST:
        return Refusal(
            "field_invalid",
            Text(f"Tulis pesan, paling banyak {LONGEST} huruf.", f"Write a message of at most {LONGEST} characters."),
        )
    say(session, stored.seal, case_id, OFFICE, person_id, text, stored.directory.day(now))
    return None
