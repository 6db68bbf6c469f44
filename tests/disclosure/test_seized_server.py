"""The whole server in somebody's hands, and no officer's password: T25 and T26."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.disclosure.attacker import Loot, labels, opened, targets_in
from tests.disclosure.scene import WRITTEN, Scene
from tests.factories import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "sealed-cases.md"


def carried_away(scene: Scene, *passwords: str) -> Loot:
    settings = scene.settings
    return Loot(
        settings.database_url, settings.sealed_dir, settings.secret_key, settings.receipt_pepper, passwords
    )  # fmt: skip


def test_t25_database_files_and_every_setting_open_nothing_and_tell_what_the_page_says(scene: Scene) -> None:
    settings = scene.settings
    ran = subprocess.run(
        [sys.executable, "-m", "tests.disclosure.attacker", settings.database_url, str(settings.sealed_dir),
         settings.secret_key, settings.receipt_pepper],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr + ran.stdout
    said, _, read = ran.stdout.partition("readable without a key:\n")
    count = re.fullmatch(r"opened 0 with (\d+) keys on (\d+) locked things\n", said)
    assert count is not None and int(count[1]) > 1000 and int(count[2]) > 100  # it did try
    assert read.split() == told()


def told() -> list[str]:
    """What the page says stays readable."""
    part = PAGE.read_text(encoding="utf-8").partition("## What stays readable")[2].partition("\n## ")[0]
    return sorted(re.findall(r"`([a-z_]+\.[a-z_]+)`", part))


def test_with_the_officers_passwords_the_same_script_opens_everything(scene: Scene) -> None:
    loot = carried_away(scene, PASSWORD)
    found = " ".join(opened(loot, set()))
    assert [name for name, words in WRITTEN.items() if words not in found and name not in ("draft", "file")] == []
    assert "file-key" in found or "wrapped" in found
    closed = {where for where, *_ in targets_in(loot)} - {each.partition(":")[0] for each in opened(loot, set())}
    assert {"reporter_drafts.locked", "reporter_sessions.locked", "receipts.wrapped"} <= closed  # nobody's but theirs


def test_the_labels_of_the_program_are_found() -> None:
    assert {b"alur officer", b"alur receipt", b"alur rcpt key", b"alur session key"} <= set(labels())
