"""What the command line tells of a sealed case: that it is sealed, whoever it is asked for; it has nobody's key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.database import open_database
from tests.commands.conftest import BEGINNING, Terminal
from tests.sealed_office import SECRET
from tests.web.sealed_pages import NAME, Kept, build


@pytest.fixture(scope="module")
def sealed_office(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Kept]:
    url = f"sqlite:///{shutil.copyfile(migrated_file, tmp_path_factory.mktemp('sealed') / 'office.sqlite')}"
    database = open_database(url)
    kept = build(database, BEGINNING)
    database.close()
    return url, kept


@pytest.fixture
def kept(environment: pytest.MonkeyPatch, sealed_office: tuple[str, Kept]) -> Kept:
    environment.setenv("ALUR_DATABASE_URL", sealed_office[0])
    return sealed_office[1]


LOOKING = (
    "show {case}", "show {case} --as vina", "show {case} --as vina --format json", "history {case}",
    "history {case} --as vina", "why {case} --as vina", "do {case} complete --as vina",
)  # fmt: skip


@pytest.mark.parametrize("command", LOOKING)
def test_the_command_line_says_that_a_case_is_sealed_and_shows_nothing_of_it(
    terminal: Terminal, kept: Kept, command: str
) -> None:
    said = terminal.run("case", *command.format(case=kept.number).split())
    assert said.code == 1 and "sealed" in said.out + said.err
    assert SECRET not in said.out + said.err


@pytest.mark.parametrize("name", ["udin", "ida", "admin", "umar", "stranger"])
@pytest.mark.parametrize("command", ["show", "history", "why", "calls"])
def test_for_whom_it_is_not_the_command_line_knows_no_such_case(
    terminal: Terminal, kept: Kept, name: str, command: str
) -> None:
    own, missing = (terminal.run("case", command, case, "--as", name) for case in (kept.number, "2026-99999999"))
    assert own.code == missing.code == 1
    assert own.err.replace(kept.number, "") == missing.err.replace("2026-99999999", "")


def test_no_list_of_the_command_line_holds_what_was_reported_or_by_whom(
    terminal: Terminal, kept: Kept, tmp_path: Path
) -> None:
    commands = [
        "case queue --as vina",
        "case queue --as vina --format json",
        "audit verify",
        "workflow impact workflows/complaint_investigation.yaml",
    ]
    for command in commands:
        said = terminal.run(*command.split())
        assert SECRET not in said.out + said.err and NAME not in said.out + said.err, command
