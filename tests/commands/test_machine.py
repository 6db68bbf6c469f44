"""What an operator is told of the machine, and the backup as somebody types it (T80, T84 in part)."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from commands.diagnosis_machine import memory_on_disk, private_mail
from config import Settings
from engine.clock import system_clock
from tests.commands.conftest import Terminal


def said(office: Terminal, check: str) -> tuple[str, str]:
    rows = {row["check"]: row for row in office.run("doctor", "--format", "json").json}
    return rows[check]["level"], rows[check]["sentence"]


def test_t80_a_backup_is_made_for_a_printed_key_and_put_back_from_it(
    office: Terminal, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    environment.setenv("ALUR_BACKUP_DIR", str(folder))
    environment.setenv("ALUR_SEALED_DIR", str(tmp_path / "sealed"))
    assert "ALUR_BACKUP_KEY is empty" in said(office, "backups")[1]
    assert office.run("backup", "create").code == 4
    printed = office.run("backup", "key").out.splitlines()
    environment.setenv("ALUR_BACKUP_KEY", printed[0].partition("=")[2])
    assert "there is none" in said(office, "backups")[1]
    made = office.run("backup", "create", "--format", "json").json
    assert said(office, "backups") == ("ok", f"the newest is of {system_clock().date()}, encrypted")

    environment.setenv("ALUR_DATABASE_URL", f"sqlite:///{tmp_path / 'again' / 'alur.sqlite'}")
    environment.setenv("ALUR_FILES_DIR", str(tmp_path / "again" / "files"))
    wrong = office.run("backup", "restore", made["path"], typed=printed[0].partition("=")[2] + "\n")
    assert wrong.code == 1 and "cannot be opened" in wrong.err
    done = office.run("backup", "restore", made["path"], typed=printed[-1] + "\n")
    assert done.code == 0 and "Every chain of the audit holds." in done.out
    assert printed[-1] not in done.out + done.err
    assert office.run("backup", "restore", made["path"], typed=printed[-1] + "\n").code == 4


def test_the_doctor_warns_of_backups_that_are_old_or_in_the_open(
    office: Terminal, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir(mode=0o700)
    environment.setenv("ALUR_BACKUP_DIR", str(folder))
    environment.setenv("ALUR_BACKUP_KEY", office.run("backup", "key").out.splitlines()[0].partition("=")[2])
    path = Path(office.run("backup", "create", "--format", "json").json["path"])
    old = f"alur-{system_clock() - timedelta(days=3):%Y%m%dT%H%M%S}Z.alurbackup"
    path.rename(folder / old)
    level, sentence = said(office, "backups")
    assert (level, "every night" in sentence) == ("warning", True)
    (folder / "alur.dump").write_text("PGDMP")
    assert said(office, "backups") == ("warning", f"alur.dump in {folder} is not encrypted by flask backup")


def test_what_a_killed_backup_left_in_the_open_is_told_and_gone_with_the_next(
    office: Terminal, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    environment.setenv("ALUR_BACKUP_DIR", str(folder))
    environment.setenv("ALUR_SEALED_DIR", str(tmp_path / "sealed"))
    environment.setenv("ALUR_BACKUP_KEY", office.run("backup", "key").out.splitlines()[0].partition("=")[2])
    left = {age: folder / f".dump-{age}" for age in ("now", "old")}
    for age, place in left.items():
        place.mkdir(mode=0o700, parents=True)
        (place / "database").write_bytes(b"SQLite format 3")
        since = (system_clock() - timedelta(hours=0 if age == "now" else 7)).timestamp()
        os.utime(place, (since, since))
    assert said(office, "backups") == ("warning", f".dump-old/database in {folder} is not encrypted by flask backup")
    assert office.run("backup", "create").code == 0
    assert [place.exists() for place in left.values()] == [True, False]  # one that runs at the same time goes on
    assert said(office, "backups")[0] == "ok"


def test_t84_the_doctor_warns_of_files_others_can_read(
    office: Terminal, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "sealed"
    folder.mkdir(mode=0o755)
    environment.setenv("ALUR_SEALED_DIR", str(folder))
    file = tmp_path / "office.sqlite"
    file.chmod(0o600)
    assert said(office, "permissions") == ("warning", f"other accounts can look into {folder}: chmod 700 {folder}")
    folder.chmod(0o700)
    file.chmod(0o644)
    assert "chmod 600" in said(office, "permissions")[1]


def test_t84_swap_and_core_dumps_are_told_where_keys_are_opened(tmp_path: Path) -> None:
    swaps, pattern = tmp_path / "swaps", tmp_path / "pattern"
    swaps.write_text("Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n")
    pattern.write_text("|/usr/lib/systemd/systemd-coredump %P\n")
    assert [(check, level) for check, level, _ in memory_on_disk(True, swaps, pattern)] == [
        ("swap", "warning"), ("core dumps", "warning"),
    ]  # fmt: skip
    swaps.write_text("Filename Type Size Used Priority\n/dev/dm-1 partition 1 0 -2\n/dev/zram0 partition 1 0 100\n")
    pattern.write_text("core\n")
    assert {level for _, level, _ in memory_on_disk(True, swaps, pattern)} == {"ok"}
    assert list(memory_on_disk(False, swaps, pattern)) == []


def test_the_doctor_says_when_mails_of_sealed_cases_cannot_leave() -> None:
    plain = Settings(environment="production", secret_key="k" * 40)
    assert private_mail(plain, has_sealed=True)[1] == "missing"
    assert private_mail(plain, has_sealed=False)[1] == "ok"
    assert private_mail(Settings(mail_use_tls=True, secret_key="k" * 40), has_sealed=True)[1] == "ok"
