"""Many reporters at one moment, and a server that dies while they send: no report lost, doubled or halved."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.cases.models import Case
from engine.channel import drafting, sending
from engine.channel.coming_back import NotKnown, come_back
from engine.channel.drafting import DraftRef
from engine.channel.keys import CaseRef
from engine.channel.report_page import report_page
from engine.channel.sending import AlreadySent, Sent
from engine.channel.talking import file_pieces
from engine.database import Database
from engine.disclosure import receipt as codes
from engine.disclosure.models import ReceiptRow, SealedCase
from tests.engine.channel.outside import PEPPER, STORY, Outside

ROOT = Path(__file__).resolve().parents[3]
PAUSES = [random.Random(77 + number).uniform(0.001, 0.12) for number in range(6)]  # seconds


def cases(doors: Database) -> int:
    with doors.reading() as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


def test_t76_a_hundred_reports_at_once_are_a_hundred_cases(open_outside: Outside, doors: Database) -> None:
    outside, before = open_outside, cases(doors)
    drafts = [outside.draft(summary=f"{STORY} {number}") for number in range(100)]
    outside.session.commit()
    receipts = [outside.receipt() for _ in drafts]

    def send(number: int) -> Sent:
        with doors.writing() as session:
            sent = sending.send(session, drafts[number], outside.channel, receipts[number], outside.now)
            session.commit()
        assert isinstance(sent, Sent)
        return sent

    with ThreadPoolExecutor(20) as threads:
        sent = list(threads.map(send, range(100)))
    assert cases(doors) == before + 100
    with doors.reading() as session:
        ids = [one.case.case_id for one in sent]
        numbers = session.scalars(select(Case.number).where(Case.id.in_(ids))).all()
        assert len(set(numbers)) == 100
        assert session.scalar(select(func.count()).select_from(SealedCase).where(SealedCase.case_id.in_(ids))) == 100
    for number in random.Random(76).sample(range(100), 8):
        found = come_back(doors, outside.channel, receipts[number].receipt, PEPPER, "127.0.0.1", outside.now)
        assert found == sent[number].case
        with doors.reading() as session:
            page = report_page(session, sent[number].case, outside.channel, outside.now)
        assert page.told[0].shown.id == f"{STORY} {number}"


def test_the_same_draft_sent_from_ten_tabs_is_one_report(open_outside: Outside, doors: Database) -> None:
    outside, before = open_outside, cases(doors)
    ref: DraftRef = outside.draft()
    outside.session.commit()
    fresh = outside.receipt()

    def send(_: int) -> str:
        try:
            with doors.writing() as session:
                sending.send(session, ref, outside.channel, fresh, outside.now)
                session.commit()
        except AlreadySent:
            return "already"
        return "sent"

    with ThreadPoolExecutor(10) as threads:
        outcomes = list(threads.map(send, range(10)))
    assert sorted(outcomes) == ["already"] * 9 + ["sent"] and cases(doors) == before + 1


def test_two_tabs_that_write_one_draft_lose_nothing(open_outside: Outside, doors: Database) -> None:
    outside = open_outside
    ref = outside.draft()
    outside.session.commit()
    pages = {"where_and_when": {"place": "Pasar"}, "who": {"reported_aliases": ["Budi"]},
             "why_and_how": {"manner": "Diam-diam"}}  # fmt: skip

    def save(question: str) -> None:
        with doors.writing() as session:
            drafting.save_draft(session, ref, outside.channel, outside.now, question=question, answers=pages[question])
            session.commit()

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(save, pages))
    with doors.reading() as session:
        answers = drafting.read_draft(session, ref).answers
    assert answers == {"summary": STORY, "place": "Pasar", "reported_aliases": ["Budi"], "manner": "Diam-diam"}


def test_t77_a_server_killed_while_reports_are_sent_leaves_whole_ones_with_working_receipts(
    open_outside: Outside, doors: Database
) -> None:
    outside, before = open_outside, cases(doors)
    outside.session.commit()
    url = doors.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.reports_until_killed", url, "kab_contoh", str(outside.vault.folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        said = [receipt for pause in PAUSES for receipt in killed_after(process, pause)]
        assert process.stdin is not None
        process.stdin.close()
    whole = [found for receipt in said if (found := back(outside, doors, receipt)) is not None]
    assert len(said) - len(PAUSES) <= len(whole) <= len(said)
    assert cases(doors) == before + len(whole) and said
    with doors.reading() as session:
        assert session.scalar(select(func.count()).select_from(ReceiptRow)) == len(whole)


def killed_after(process: subprocess.Popen[str], pause: float) -> list[str]:
    """The receipts that reporters were told until they were killed, so long after the first one."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    lines = [process.stdout.readline().strip(), process.stdout.readline().strip()]
    number = next(line for line in lines if line.isdigit())
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(pause)
    os.kill(int(number), signal.SIGKILL)
    while lines[-1] != "gone":
        lines.append(process.stdout.readline().strip())
    return [line for line in lines if len(line) == len(codes.new())]


def back(outside: Outside, doors: Database, receipt: str) -> CaseRef | None:
    """A complete report behind the receipt, or nothing at all."""
    found = come_back(doors, outside.channel, receipt, PEPPER, "127.0.0.1", outside.now)
    if isinstance(found, NotKnown):
        return None
    assert isinstance(found, CaseRef)
    with doors.reading() as session:
        page = report_page(session, found, outside.channel, outside.now)
        assert page.told[0].shown.id == STORY
        _, pieces = file_pieces(session, found, page.files[0].id, outside.vault)
        assert b"".join(pieces) == b"foto"
    return found
