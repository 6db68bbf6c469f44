"""What an operator types: first region and account, the worker, the audit, the doctor, the demonstration."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from commands.reference import reference
from config import ROOT
from engine.clock import system_clock
from engine.database import Database, open_database
from engine.migration import upgrade
from engine.organisation import accounts
from engine.organisation.models import Account
from tests.commands.conftest import BEGINNING, Terminal, show_demonstration
from tests.mail_sink import MailSink
from tests.web.evaluated import publish_field
from tests.web.region import Regency

AGREEMENT = ROOT / "tests" / "sakip" / "agreement_2025.yaml"


def test_the_list_of_workflow_commands_is_a_table_of_whole_sentences(terminal: Terminal) -> None:
    told = terminal.run("workflow", "--help").out.partition("Commands:\n")[2].splitlines()
    assert len(told) >= 15
    assert [line for line in told if not line.endswith(".") or line.endswith("...")] == []


def test_the_reference_page_of_commands_is_what_the_commands_say() -> None:
    assert Path(ROOT, "docs/reference/commands.md").read_text(encoding="utf-8") == reference()


# -- an empty installation --------------------------------------------------------------------------------------------


def test_a_first_region_and_administrator_sign_in(terminal: Terminal, environment: pytest.MonkeyPatch,
                                                  tmp_path: Path) -> None:  # fmt: skip
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    environment.setenv("ALUR_DATABASE_URL", url)
    assert terminal.run("db", "status").code == 4
    assert terminal.run("db", "upgrade").code == 0
    assert terminal.run("db", "status").code == 0
    assert terminal.run("region", "create", "kab_baru", "Kabupaten Baru", "--timezone", "Asia/Makassar").code == 0
    said = terminal.run("account", "create", "Kepala", "--region", "kab_baru", "--name", "Kepala Bagian", "--admin")
    assert said.code == 0
    password = said.out.strip()
    database = open_database(url)
    signed_in = accounts.sign_in(database, "kepala", password, network="127.0.0.1", browser="Tes", now=system_clock())
    assert isinstance(signed_in, accounts.SignedIn)
    assert signed_in.must_change_password
    database.close()
    assert password not in terminal.run("audit", "verify").out
    assert terminal.run("audit", "verify").code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("region", "create", "Kab Baru", "Kabupaten"), "Kode daerah"),
        (("region", "create", "kab_contoh", "Kabupaten"), "sudah dipakai"),
        (("region", "create", "kab_x", "Kabupaten", "--timezone", "Mars/Olympus"), "Zona waktu"),
        (("region", "create", "kab_x", " ", "--lang", "en"), "A region needs a name."),
        (("account", "create", "sari", "--region", "kab_contoh", "--name", "Sari Lain"), "sudah dipakai"),
        (("account", "create", "a b", "--region", "kab_contoh", "--name", "Sari Lain"), "tanpa spasi"),
        (("account", "create", "baru", "--region", "kab_tidak_ada", "--name", "X"), "There is no region"),
        (("account", "create", "baru", "--region", "kab_contoh", "--name", "X", "--email", "bukan"), "surel"),
        (("account", "create", "baru", "--region", "kab_contoh", "--name", "X", "--unit", "none"), "There is no unit"),
        (("account", "password", "nobody"), "There is no account"),
        (("account", "admin", "nobody"), "There is no account"),
    ],
)
def test_what_cannot_be_added_is_one_sentence_and_adds_nothing(
    office: Terminal, database: Database, arguments: tuple[str, ...], sentence: str
) -> None:
    before = _count(database, "people"), _count(database, "regions"), _count(database, "audit_entries")
    said = office.run(*arguments)
    assert said.code == 1
    assert sentence in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert (_count(database, "people"), _count(database, "regions"), _count(database, "audit_entries")) == before


def test_a_password_is_told_anew_and_the_right_to_administrate_given_back(
    office: Terminal, database: Database, regency: Regency
) -> None:
    password = office.run("account", "password", "sari").out.strip()
    outcome = accounts.sign_in(database, "sari", password, network="127.0.0.1", browser="Tes", now=system_clock())
    assert isinstance(outcome, accounts.SignedIn)
    assert office.run("account", "admin", "gita").code == 0
    with database.reading() as session:
        assert session.get_one(Account, regency.people["gita"]).is_admin
    assert office.run("account", "admin", "gita", "--off").code == 0
    assert office.run("audit", "verify").code == 0


# -- databases that are not as they must be ---------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("case", "queue", "--as", "sari"), ("audit", "verify"), ("worker", "--once"),
                                       ("case", "show", "PK/1")])  # fmt: skip
def test_a_database_without_tables_is_one_sentence(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    said = terminal.run(*arguments)
    assert said.code == 4
    assert "flask db upgrade" in said.err
    assert len(said.err.strip().splitlines()) == 1


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/alur.sqlite", "postgresql://alur@127.0.0.1:9/alur",
                                 "mysql://alur", "nonsense"])  # fmt: skip
def test_a_database_that_is_not_there_is_one_sentence(
    terminal: Terminal, environment: pytest.MonkeyPatch, url: str
) -> None:
    environment.setenv("ALUR_DATABASE_URL", url)
    for arguments in (("audit", "verify"), ("db", "status"), ("worker", "--once"), ("db", "upgrade")):
        said = terminal.run(*arguments)
        assert said.code == 4, arguments
        assert len(said.err.strip().splitlines()) == 1, said.err


def test_a_file_that_is_no_database_is_one_sentence(
    terminal: Terminal, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Yth. Bapak Bupati\n" * 200, encoding="utf-8")
    environment.setenv("ALUR_DATABASE_URL", f"sqlite:///{path}")
    for arguments in (("audit", "verify"), ("db", "upgrade"), ("worker", "--once"), ("demo", "build")):
        said = terminal.run(*arguments)
        assert said.code == 4, arguments
        assert len(said.err.strip().splitlines()) == 1, said.err


def test_a_database_of_a_newer_program_is_left_alone(office: Terminal, database: Database) -> None:
    with database.writing.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'of_the_future'"))
    for arguments in (("db", "upgrade"), ("db", "status"), ("worker", "--once"), ("demo", "build"),
                      ("demo", "reset", "--yes")):  # fmt: skip
        said = office.run(*arguments)
        assert said.code == 4, arguments
        assert len(said.err.strip().splitlines()) <= 1, said.err
    assert _count(database, "people") > 0


# -- running ----------------------------------------------------------------------------------------------------------


def test_the_worker_sends_what_is_due_and_ends(
    office: Terminal, environment: pytest.MonkeyPatch, answers: Path, mail_sink: MailSink
) -> None:
    environment.setenv("ALUR_MAIL_SERVER", mail_sink.host)
    environment.setenv("ALUR_MAIL_PORT", str(mail_sink.port))
    number = office.run("case", "open", "performance_agreement", "--as", "sari", "--answers", answers).out.strip()
    office.run("case", "do", number, "submit", "--as", "sari")
    said = office.run("worker", "--once")
    assert said.code == 0
    assert said.out == ""
    assert re.fullmatch(r"\d+ done", said.err.strip().splitlines()[-1])
    assert len(mail_sink.messages) == 1
    assert office.run("worker", "--once").code == 0
    assert len(mail_sink.messages) == 1


TAMPERINGS: tuple[tuple[str, str], ...] = (
    ("changed", "UPDATE history SET comment = 'Lain' WHERE seq = 2"),
    ("missing", "DELETE FROM history WHERE seq = 1"),
    ("changed", "UPDATE audit_entries SET event = 'account_changed' WHERE seq = 1"),
    ("missing", "DELETE FROM audit_entries WHERE seq = 2"),
)


@pytest.mark.parametrize(("kind", "statement"), TAMPERINGS)
def test_the_audit_finds_what_was_tampered_with(
    office: Terminal, database: Database, answers: Path, kind: str, statement: str
) -> None:
    number = office.run("case", "open", "performance_agreement", "--as", "sari", "--answers", answers).out.strip()
    office.run("case", "do", number, "submit", "--as", "sari", "--comment", "Asli")
    assert office.run("audit", "verify").out == "every chain holds\n"
    with database.writing.begin() as session:
        # Somebody with the file in hand is not stopped by the tables' own guards.
        for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text(statement))
    said = office.run("audit", "verify", "--format", "json")
    assert said.code == 1
    assert kind in {finding["kind"] for finding in said.json}
    assert {"kind", "region_id", "case", "case_id", "seq", "sentence"} == set(said.json[0])
    assert office.run("audit", "verify", "--lang", "en").code == 1
    assert office.run("doctor").code == 1


def test_anchors_are_printed_for_a_second_place(office: Terminal, answers: Path) -> None:
    office.run("case", "open", "performance_agreement", "--as", "sari", "--answers", answers)
    office.run("worker", "--once")
    rows = office.run("audit", "anchors", "--region", "kab_contoh", "--format", "json").json
    assert rows[0]["seq"] == 1
    assert office.run("audit", "anchors", "--region", "kab_contoh").out.startswith("kab_contoh 1 ")
    assert office.run("audit", "anchors", "--region", "none").code == 1


def test_the_doctor_names_what_is_missing(office: Terminal, environment: pytest.MonkeyPatch) -> None:
    rows = {row["check"]: row for row in office.run("doctor", "--format", "json").json}
    assert rows["worker"]["level"] == rows["mail"]["level"] == "missing"
    assert rows["audit"]["level"] == rows["database"]["level"] == "ok"
    said = office.run("doctor")
    assert said.code == 1
    assert "flask worker" in said.out
    environment.setenv("ALUR_DATABASE_URL", "sqlite:////no/such/folder/alur.sqlite")
    said = office.run("doctor")
    assert said.code == 1
    assert "database" in said.out


def test_the_doctor_counts_case_types_apart_from_files_of_other_kinds(office: Terminal, database: Database) -> None:
    publish_field(database, BEGINNING)
    rows = {row["check"]: row for row in office.run("doctor", "--format", "json").json}
    assert rows["definitions"]["sentence"] == "case types published: 1, files of other kinds: 4"
    lines = office.run("doctor").out.splitlines()
    assert all(line[8:].startswith(f"{check} ") for check, line in zip(rows, lines, strict=True))


def test_the_doctor_looks_at_the_folder_of_compiled_definitions(
    office: Terminal, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def said() -> tuple[str, str]:
        rows = {row["check"]: row for row in office.run("doctor", "--format", "json").json}
        return rows["cache"]["level"], rows["cache"]["sentence"]

    folder = tmp_path / "compiled"
    environment.setenv("ALUR_CACHE_DIR", str(folder))
    assert said() == ("ok", f"{folder} will be made when a definition is compiled")
    assert not folder.exists()
    folder.mkdir(mode=0o700)
    assert said() == ("ok", f"{folder} can be written to and is this account's alone")
    folder.chmod(0o755)
    level, sentence = said()
    assert (level, f"chmod 700 {folder}" in sentence) == ("warning", True)
    environment.setenv("ALUR_CACHE_DIR", str(tmp_path / "a_file" / "compiled"))
    (tmp_path / "a_file").write_text("", "utf-8")
    level, sentence = said()
    assert (level, "cannot be made" in sentence) == ("warning", True)


# -- the agreement from a file ----------------------------------------------------------------------------------------


def test_an_agreement_is_imported_as_a_case(office: Terminal) -> None:
    said = office.run("sakip", "import", AGREEMENT, "--as", "ratna", "--format", "json")
    assert said.code == 0, said
    shown = office.run("case", "show", said.json["case"], "--format", "json").json
    assert shown["case_type"] == "performance_agreement"


def test_what_does_not_fit_is_listed_by_path_and_line(office: Terminal, database: Database, tmp_path: Path) -> None:
    path = tmp_path / "agreement.yaml"
    path.write_text(AGREEMENT.read_text(encoding="utf-8").replace("tahun: 2025", "tahun: dua ribu", 1), "utf-8")
    said = office.run("sakip", "import", path, "--as", "ratna", "--format", "json")
    assert said.code == 1
    assert said.json["written"] == 0
    problem = said.json["problems"][0]
    assert set(problem) == {"sheet", "row", "column", "code", "message"}
    assert (problem["row"], "tahun" in problem["column"]) == (6, True)
    told = office.run("sakip", "import", path, "--as", "ratna")
    assert told.out.startswith("agreement.yaml: agreement.tahun:6: ")
    assert _count(database, "cases") == 0


# -- the demonstration ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("demo", "build"), ("demo", "reset", "--yes")])
def test_the_demonstration_is_refused_in_production(
    terminal: Terminal, environment: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    environment.setenv("ALUR_ENV", "production")
    environment.setenv("ALUR_DATABASE_URL", f"sqlite:///{tmp_path / 'production.sqlite'}")
    upgrade(f"sqlite:///{tmp_path / 'production.sqlite'}")
    said = terminal.run(*arguments)
    assert said.code == 4
    assert len(said.err.strip().splitlines()) == 1


def test_the_demonstration_is_built_once_and_put_back(
    built_demonstration: Path, demonstration_app: Flask, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder, terminal = tmp_path / "demonstration", Terminal(demonstration_app)
    shutil.copytree(built_demonstration, folder)
    url = show_demonstration(environment, folder)
    assert terminal.run("audit", "verify").code == 0
    assert "nothing was changed" in terminal.run("demo", "build").err
    database = open_database(url)
    cases = _count(database, "cases")
    assert cases > 3
    queue = terminal.run("case", "queue", "--as", "dewi", "--format", "json").json["rows"]
    assert queue
    assert terminal.run("case", "do", queue[0]["case"], "approve", "--as", "dewi").code == 0
    assert terminal.run("demo", "reset").code == 2
    assert terminal.run("demo", "reset", "--yes").code == 0
    assert _count(database, "cases") == cases
    again = terminal.run("case", "queue", "--as", "dewi", "--format", "json").json["rows"]
    assert [row["case"] for row in again] == [row["case"] for row in queue]
    database.close()


def test_a_production_worker_refuses_published_passwords(
    office: Terminal, database: Database, environment: pytest.MonkeyPatch, regency: Regency
) -> None:
    environment.setenv("ALUR_ENV", "production")
    assert office.run("worker", "--once").code == 0
    with database.writing.begin() as session:
        session.get_one(Account, regency.people["sari"]).is_demo = True
    said = office.run("worker", "--once")
    assert said.code == 4
    assert "published passwords" in said.err


def test_resetting_leaves_a_real_database_alone(office: Terminal, database: Database) -> None:
    said = office.run("demo", "reset", "--yes")
    assert said.code == 4
    assert _count(database, "people") > 0


def _count(database: Database, table: str) -> int:
    with database.reading() as session:
        return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)
