"""A reporter who left a name in confidence reads that somebody asked for it, and how that ended."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.cases.identity_release import ask, decide
from engine.channel.keys import CaseRef
from engine.channel.report_page import report_page
from engine.disclosure.models import IdentityRelease
from engine.facts import REPORTER
from tests.engine.channel.outside import Outside

MOTIVE = "Saksi kunci perlu dipanggil sidang kode etik"


def told(outside: Outside, case: CaseRef) -> list[tuple[str, bool]]:
    """What the reporter reads of requests, and whether with today's day."""
    outside.office.at_work(REPORTER)
    page = report_page(outside.session, case, outside.channel, outside.now)
    return [(one.sentence.en, one.on == outside.now.date()) for one in page.releases]


@pytest.mark.parametrize(
    ("is_approved", "words"),
    [
        (True, "Your identity was opened to an officer, after two people agreed."),
        (False, "A request that your identity be opened was refused."),
    ],
)
def test_t35_the_reporter_is_told_of_a_request_and_of_its_end(outside: Outside, is_approved: bool, words: str) -> None:
    ref = outside.draft("confidential")
    outside.save(ref, identity={"name": "Citra Ayu", "contact": "0812"})
    case, office = outside.send(ref).case, outside.office
    office.case_id = case.case_id
    assert told(outside, case) == []
    office.at_work("ida")
    assert ask(outside.session, case.case_id, office.people["ida"].id, MOTIVE, outside.now) is None
    asked = "An officer asked that your identity be opened. It is not decided yet."
    assert told(outside, case) == [(asked, True)]
    office.at_work("koko")
    (release,) = outside.session.scalars(select(IdentityRelease.id).where(IdentityRelease.case_id == case.case_id))
    koko = office.people["koko"].id
    assert decide(outside.session, release, koko, is_approved=is_approved, note="Beralasan", now=outside.now) is None
    assert told(outside, case) == [(words, True)]
