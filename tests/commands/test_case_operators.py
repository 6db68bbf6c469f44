"""``flask case pause, resume, calls`` and ``flask mandate``: what operators do from the command line."""

from __future__ import annotations

from sqlalchemy import select

from engine.cases.models import Case
from engine.database import Database
from engine.organisation.models import Delegation
from engine.outbox.models import ConnectorCall
from tests.commands.conftest import Terminal
from tests.commands.test_case import number as _number

number = _number


def test_a_supervisor_pauses_a_case_and_lets_it_go_on(office: Terminal, number: str) -> None:
    said = office.run("case", "pause", number, "--as", "slamet", "--reason", "menunggu")
    assert (said.code, said.out) == (0, f"{number} paused\n")
    refused = office.run("case", "do", number, "submit", "--as", "sari", "--format", "json")
    assert (refused.code, refused.json["refused"]) == (1, "suspended")
    assert office.run("case", "pause", number, "--as", "slamet", "--reason", "lagi").code == 1
    assert office.run("case", "resume", number, "--as", "slamet").out == f"{number} goes on\n"
    assert office.run("case", "do", number, "submit", "--as", "sari").code == 0


def test_nobody_else_pauses_a_case(office: Terminal, number: str) -> None:
    said = office.run("case", "pause", number, "--as", "sari", "--reason", "x")
    assert (said.code, said.err) == (1, "alur: Only supervisors pause a case.\n")


def test_a_mandate_is_given_listed_and_ended(office: Terminal, database: Database) -> None:
    given = office.run(
        "mandate", "give", "budi", "eko", "--from", "2026-03-02", "--until", "2099-03-06", "--reason", "Cuti"
    )
    assert given.code == 0
    listed = office.run("mandate", "list", "budi", "--format", "json").json
    assert [(row["side"], row["kind"], row["until"], row["reason"]) for row in listed][-1] == (
        "given", "out_of_office", "2099-03-06", "Cuti",
    )  # fmt: skip
    assert "<-" in office.run("mandate", "list", "eko").out
    assert office.run("mandate", "end", given.out.strip(), "--on", "2026-03-03").code == 0
    with database.reading() as session:
        assert str(session.get_one(Delegation, int(given.out)).ends_on) == "2026-03-03"


def test_a_mandate_that_cannot_be_is_told_in_the_language_asked_for(office: Terminal) -> None:
    same = ("mandate", "give", "budi", "budi", "--from", "2026-03-02", "--until", "2026-03-06", "--reason", "Cuti")
    assert office.run(*same).err == "alur: Mandat perlu dua orang.\n"
    assert office.run(*same, "--lang", "en").err == "alur: A mandate needs two people.\n"


def test_the_calls_of_a_case_are_shown_and_a_failed_one_is_made_again(
    office: Terminal, number: str, database: Database
) -> None:
    assert office.run("case", "calls", number, "--as", "sari", "--format", "json").json == []
    with database.writing.begin() as session:
        case = session.scalars(select(Case)).one()
        call = ConnectorCall(region_id=case.region_id, case_id=case.id, revision=1, place=0, connector="e_office")
        call.content, call.created_at, call.not_before = {}, case.opened_at, case.opened_at
        call.state, call.last_error = "failed", "no answer"
        session.add(call)
    assert office.run("case", "calls", number, "--as", "sari").out == "1 e_office failed: no answer\n"
    assert office.run("case", "retry-call", "1").code == 0
    assert office.run("case", "calls", number, "--as", "sari", "--format", "json").json[0]["state"] == "waiting"
    assert office.run("case", "retry-call", "1").code == 1
