"""``flask organisation import``: a file is checked whole, tried dry, and brings a region to what it says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import create_app
from config import Settings
from engine.audit.models import AuditEntry
from engine.database import open_database
from engine.organisation.models import Account, Holder, Person, Position, Unit
from tests.commands.conftest import Terminal

WRITTEN = """\
regions:
  kab_teladan:
    name: Kabupaten Teladan
    units:
      DINSOS: {name: Dinas Sosial, level: agency, parent: PEMKAB}
      PEMKAB: {name: Pemerintah Kabupaten Teladan, level: region}
    positions:
      kadinsos: {unit: DINSOS, kind: head, title: Kepala Dinas Sosial, superior: bupati, decision_limit: 5000000}
      bupati:   {unit: PEMKAB, kind: head, title: Bupati Teladan}
    people:
      wulan: {name: Wulan Sari, nip: "199499992019022007", unit: DINSOS}
      teguh: {name: Teguh Santosa, unit: DINSOS}
    holders:
      - {position: kadinsos, person: teguh, from: 2024-01-02}
    groups:
      drafters: {title: Admin OPD, members: [wulan]}
    administrators: [teguh]
"""


@pytest.fixture
def url(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty installation, and its folder the present one."""
    url = f"sqlite:///{shutil.copyfile(migrated_file, tmp_path / 'alur.sqlite')}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALUR_DATABASE_URL", url)
    return url


@pytest.fixture
def empty(url: str) -> Terminal:
    return Terminal(create_app(Settings(environment="test", database_url=url)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "teladan.yaml"
    path.write_text(WRITTEN, encoding="utf-8")
    return path


def counted(url: str, *models: type) -> list[int]:
    database = open_database(url)
    try:
        with database.reading() as session:
            return [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]
    finally:
        database.close()


def test_without_yes_nothing_is_written(empty: Terminal, url: str, file: Path) -> None:
    said = empty.run("organisation", "import", file, "--lang", "en")
    assert said.code == 0
    assert "+ unit DINSOS: Dinas Sosial\n" in said.out
    assert said.out.endswith("kab_teladan: 10 new, 0 changed, 0 as they were.\nNothing was written; --yes writes it.\n")
    assert counted(url, Unit, Person, AuditEntry) == [0, 0, 0]


def test_the_same_file_twice_changes_nothing(empty: Terminal, url: str, file: Path) -> None:
    assert empty.run("organisation", "import", file, "--yes").code == 0
    once = counted(url, Unit, Position, Person, Holder, AuditEntry)
    assert once[:4] == [2, 2, 2, 1] and once[4] >= 10
    again = empty.run("organisation", "import", file, "--yes", "--lang", "en")
    assert again.out == "kab_teladan: 0 new, 0 changed, 10 as they were.\n"
    assert counted(url, Unit, Position, Person, Holder, AuditEntry) == once
    assert empty.run("audit", "verify").code == 0


def test_what_the_file_says_otherwise_is_changed_and_nobody_is_added_twice(
    empty: Terminal, url: str, file: Path
) -> None:
    empty.run("organisation", "import", file, "--yes")
    changed = WRITTEN.replace("Wulan Sari", "Wulan Sari Dewi").replace("Kepala Dinas Sosial", "Kepala Dinsos")
    file.write_text(changed.replace("{name: Dinas Sosial", "{name: Dinas Sosial dan P3A"), encoding="utf-8")
    said = empty.run("organisation", "import", file, "--yes", "--lang", "en")
    assert said.out.splitlines() == [
        "~ unit DINSOS: name", "~ position kadinsos: title", "~ person wulan: name",
        "kab_teladan: 0 new, 3 changed, 7 as they were.",
    ]  # fmt: skip
    assert counted(url, Unit, Position, Person) == [2, 2, 2]


def test_accounts_are_opened_once_and_their_passwords_said(empty: Terminal, url: str, file: Path) -> None:
    said = empty.run("organisation", "import", file, "--yes", "--accounts")
    assert [line.split()[0] for line in said.out.splitlines()[-2:]] == ["wulan", "teguh"]
    again = empty.run("organisation", "import", file, "--yes", "--accounts", "--lang", "en")
    assert again.out == "kab_teladan: 0 new, 0 changed, 10 as they were.\n"
    database = open_database(url)
    with database.reading() as session:
        assert {row.username: row.is_admin for row in session.scalars(select(Account))} == {
            "wulan": False, "teguh": True,
        }  # fmt: skip
    database.close()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("units:", "untis:", '4:5: WF010 error: Unknown key "untis". Did you mean "units"?'),
        ("parent: PEMKAB", "parent: PEMKAP", '5:59: WF012 error: There is no unit "PEMKAP". Did you mean "PEMKAB"?'),
        ("level: region}", "level: region, parent: DINSOS}", '5:7: WF012 error: "DINSOS" stands above itself.'),
        ("superior: bupati", "superior: bupatti", 'There is no position "bupatti". Did you mean "bupati"?'),
        ("5000000", "-1", "WF012 error: -1 is below 0."),
        ("from: 2024-01-02", "kind: plt", '14:51: WF011 error: "to" is missing in "plt".'),
        ("from: 2024-01-02", "from: 2024-01-02, to: 2023-01-01", "WF012 error: It ends before it begins."),
        ("members: [wulan]", "members: [wulam]", 'WF012 error: There is no person "wulam". Did you mean "wulan"?'),
        ("regions:\n", "regions:\n\tx: 1\n", "WF002 error:"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_stands_and_nothing_is_written(
    empty: Terminal, url: str, file: Path, old: str, new: str, said: str
) -> None:
    assert old in WRITTEN
    file.write_text(WRITTEN.replace(old, new, 1), encoding="utf-8")
    outcome = empty.run("organisation", "import", file, "--yes", "--lang", "en")
    assert outcome.code == 1
    assert said in outcome.out, outcome.out
    assert outcome.out.startswith("teladan.yaml:")
    assert counted(url, Unit, Person) == [0, 0]


def test_all_problems_are_told_at_once(empty: Terminal, file: Path) -> None:
    broken = WRITTEN.replace("members: [wulan]", "members: [x]").replace("title: Bupati Teladan", 'title: ""')
    file.write_text(broken.replace("name: Wulan Sari, ", ""), encoding="utf-8")
    outcome = empty.run("organisation", "import", file)
    assert [line.split(": ")[1].split()[0] for line in outcome.out.splitlines()] == ["WF012", "WF011", "WF012"]


def test_what_the_organisation_refuses_is_told_at_the_entry(empty: Terminal, file: Path) -> None:
    empty.run("organisation", "import", file, "--yes")
    twice = WRITTEN.replace("    groups:", "      - {position: kadinsos, person: wulan, from: 2025-01-02}\n    groups:")
    file.write_text(twice, encoding="utf-8")
    outcome = empty.run("organisation", "import", file, "--yes", "--lang", "en")
    assert outcome.code == 1
    assert outcome.out == (
        "teladan.yaml:15:9: WF012 error: Teguh Santosa already holds this position (definitif) until further notice.\n"
    )
