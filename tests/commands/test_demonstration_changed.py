"""Starting the demonstration again after a file was edited: new cases take it, running cases and neighbours do not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import ROOT, Settings
from demo.changed import publish_changed
from engine.cases.pages import case_page
from engine.database import Database, open_database
from tests.factories import a_group, an_account
from tests.regions.nine_regions import Town, a_town

EDITED = datetime(2026, 3, 3, tzinfo=UTC).timestamp()  # the day after the frozen clock
PACK = "workflows/regions/kota_tanjungbalai/performance_agreement.yaml"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The definition files for all and of one region, to be edited."""
    for folder in ("workflows", "forms_config"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("regions"))
        own = Path("regions", "kota_tanjungbalai")
        shutil.copytree(ROOT / folder / own, tmp_path / folder / own)
    return tmp_path


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = open_database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(environment="test", secret_key="k" * 40, database_url=sqlite_url, files_dir=tmp_path / "files")


def founded(database: Database, now: datetime, tree: Path, is_demo: bool = True) -> Town:
    with database.writing.begin() as session:
        town = a_town(session, "kota_tanjungbalai", now, tree)
        an_account(session, town.people["sari"], is_demo=is_demo, is_admin=True)
        a_group(session, town.region, "supervisors", town.people["budi"])
        return town


def change(tree: Path, old: str, new: str) -> None:
    text = (tree / PACK).read_text(encoding="utf-8")
    assert old in text
    (tree / PACK).write_text(text.replace(old, new), encoding="utf-8")
    os.utime(tree / PACK, (EDITED, EDITED))


def days_to_review(database: Database, town: Town, now: datetime, case: int | None = None) -> int:
    """In how many days the first review of the case (a new one when none is given) is due."""
    with database.writing.begin() as session:
        case = case or town.open(session, now).case_id
        town.act(session, case, "sari", "submit", now)
        (task,) = case_page(session, town.people["budi"].id, case, now).tasks
        assert task.due_at is not None
        return (task.due_at.date() - now.date()).days


def test_a_changed_number_holds_for_cases_opened_after_the_restart_only(
    database: Database, settings: Settings, tree: Path, now: datetime
) -> None:
    town = founded(database, now, tree)
    told: list[str] = []
    publish_changed(settings, told.append, now, tree)  # the bases, which this small organisation lacks
    with database.writing.begin() as session:
        old = town.open(session, now).case_id
    change(tree, "review_days: 2,", "review_days: 4,")
    assert publish_changed(settings, told.append, now, tree) == [PACK]
    assert told[-1] == f"{PACK}: published for new cases"
    assert days_to_review(database, town, now, old) == 2
    assert days_to_review(database, town, now) == 4
    assert publish_changed(settings, told.append, now, tree) == []


def test_what_fails_its_proof_is_told_and_changes_nothing(
    database: Database, settings: Settings, tree: Path, now: datetime
) -> None:
    town = founded(database, now, tree)
    change(tree, "review_days: 2,", "review_days: 9,")
    told: list[str] = []
    assert PACK not in publish_changed(settings, told.append, now, tree)
    assert any(line.startswith(f"{PACK}: not published, these scenarios fail: ") for line in told)
    change(tree, "review_days: 9,", "review_days: 11,")
    assert PACK not in publish_changed(settings, told.append, now, tree)
    assert any("WF012" in line for line in told)
    assert days_to_review(database, town, now) == 2


def test_an_edit_taken_back_counts_again_but_a_file_older_than_what_counts_does_not(
    database: Database, settings: Settings, tree: Path, now: datetime
) -> None:
    town = founded(database, now, tree)
    change(tree, "review_days: 2,", "review_days: 4,")
    assert PACK in publish_changed(settings, lambda _: None, now, tree)
    change(tree, "review_days: 4,", "review_days: 2,")
    assert publish_changed(settings, lambda _: None, now, tree) == [PACK]
    assert days_to_review(database, town, now) == 2
    change(tree, "review_days: 2,", "review_days: 3,")
    before = (now - timedelta(days=1)).timestamp()
    os.utime(tree / PACK, (before, before))
    assert publish_changed(settings, lambda _: None, now, tree) == []


def test_a_database_without_a_demonstration_is_not_touched(
    database: Database, settings: Settings, tree: Path, now: datetime
) -> None:
    founded(database, now, tree, is_demo=False)
    change(tree, "review_days: 2,", "review_days: 4,")
    assert publish_changed(settings, lambda _: None, now, tree) == []
