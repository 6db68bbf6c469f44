"""``flask case do … --code``: an act that requires a second factor, done from the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from engine.cases.fire import Fired, fire
from engine.cases.models import Case, History
from engine.database import Database
from engine.facts import Command
from engine.organisation import second_factor
from engine.organisation.sealing import Seal
from tests.commands.conftest import Terminal
from tests.web.region import PASSWORD, Regency
from tests.web.signing import a_letter

SEAL = Seal("k" * 40)  # of the environment the commands run in


@pytest.fixture
def letter(database: Database, regency: Regency) -> str:
    """The number of sari's letter, which waits for budi's signature."""
    now = datetime.now(UTC)
    case_id = a_letter(database, regency, now)
    with database.writing.begin() as session:
        assert isinstance(fire(session, case_id, Command("submit", regency.people["sari"]), now=now), Fired)
        return session.get_one(Case, case_id).number


@pytest.fixture
def telephone(database: Database, regency: Regency) -> pyotp.TOTP:
    """Budi's, set up a while ago."""
    before = datetime.now(UTC) - timedelta(minutes=5)
    begun = second_factor.begin(database, regency.people["budi"], PASSWORD, SEAL, before)
    learnt = pyotp.parse_uri(begun.uri)
    assert isinstance(learnt, pyotp.TOTP)
    second_factor.confirm(database, regency.people["budi"], learnt.at(before), SEAL, keep=None, now=before)
    return learnt


def test_an_act_is_done_with_the_code_of_the_moment(
    office: Terminal, database: Database, letter: str, telephone: pyotp.TOTP
) -> None:
    without = office.run("case", "do", letter, "sign", "--as", "budi", "--format", "json")
    assert (without.code, without.json["refused"]) == (1, "second_factor_required")
    wrong = office.run(
        "case", "do", letter, "sign", "--as", "budi", "--code", "12345", "--format", "json", "--lang", "en"
    )
    assert (wrong.code, wrong.json["refused"]) == (1, "second_factor_required")
    assert "does not fit" in wrong.json["sentence"]
    done = office.run("case", "do", letter, "sign", "--as", "budi", "--code", telephone.now(), "--format", "json")
    assert (done.code, done.json["states"]) == (0, ["numbering"])
    with database.reading() as session:
        assert session.scalars(select(History).where(History.action == "sign")).one().details["second_factor"] is True


def test_somebody_without_a_second_factor_has_no_code_that_fits(office: Terminal, letter: str) -> None:
    said = office.run("case", "do", letter, "sign", "--as", "budi", "--code", "123456")
    assert said.code == 1
    assert said.out.startswith("second_factor_required: ")


def test_a_code_stays_good_when_the_act_is_refused(office: Terminal, letter: str, telephone: pyotp.TOTP) -> None:
    code = telephone.now()
    refused = office.run("case", "do", letter, "sign", "--as", "budi", "--code", code, "--revision", "1")
    assert refused.out.startswith("stale_revision: ")
    assert office.run("case", "do", letter, "sign", "--as", "budi", "--code", code).code == 0


def test_guessing_is_stopped_with_one_sentence(office: Terminal, letter: str, telephone: pyotp.TOTP) -> None:
    for _ in range(5):
        assert office.run("case", "do", letter, "sign", "--as", "budi", "--code", "x").code == 1
    stopped = office.run("case", "do", letter, "sign", "--as", "budi", "--code", telephone.now())
    assert stopped.code == 1
    assert "Terlalu banyak percobaan." in stopped.err


def test_somebody_who_lost_everything_is_helped_from_the_command_line(
    office: Terminal, database: Database, regency: Regency, telephone: pyotp.TOTP
) -> None:
    assert office.run("account", "second-factor", "budi").code == 2
    assert office.run("account", "second-factor", "budi", "--off").code == 0
    with database.reading() as session:
        assert not second_factor.is_enrolled(session, regency.people["budi"])
    again = office.run("account", "second-factor", "budi", "--off")
    assert again.code == 1
    assert "no second factor" in again.err
