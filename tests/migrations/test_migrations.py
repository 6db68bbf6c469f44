"""The migrations make exactly the tables the models speak of, on both databases, and can be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from engine.audit.append_only import TABLES
from engine.database import make_engine
from engine.errors import EnvironmentFault
from engine.migration import downgrade, is_at_newest, schema_state, upgrade, write_migration
from sakip.all_models import metadata
from tests.databases import SqliteFiles

POSTGRES_SCHEMA = """
SELECT 'column', table_name || '.' || column_name, concat_ws(' ', data_type, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL SELECT 'index', indexname, indexdef
  FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 'alembic_version'::regclass
UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
"""
SQLITE_SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    yield engine
    engine.dispose()


def schema(engine: Engine) -> dict[tuple[str, str], str]:
    """Everything the database itself knows about its tables, as (kind, name) -> definition."""
    query = SQLITE_SCHEMA if engine.dialect.name == "sqlite" else POSTGRES_SCHEMA
    with engine.connect() as connection:
        return {(kind, name): _plain(definition) for kind, name, definition in connection.execute(text(query))}


def _plain(definition: str) -> str:
    """Without quotes and line breaks; SQLite keeps the text of CREATE TABLE, where the order of parts means nothing."""
    text = re.sub(r"\s+", " ", re.sub(r"DEFAULT \((\w+)\)", r"DEFAULT \1", definition.replace('"', ""))).strip()
    return " | ".join(sorted(re.split(r", | \)$", text))) if text.startswith("CREATE TABLE") else text


def test_migrations_and_models_say_the_same(empty_url: str) -> None:
    upgrade(empty_url)
    with opened(empty_url) as engine, engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_migrated_database_is_like_one_made_from_the_models(empty_url: str, engine_url: str) -> None:
    upgrade(empty_url)
    with opened(empty_url) as migrated, opened(engine_url) as made:
        if made.dialect.name == "postgresql":
            with made.begin() as connection:
                connection.execute(text("CREATE TABLE alembic_version (version_num text)"))
        assert schema(migrated) == schema(made)


def test_a_database_knows_whether_it_is_at_the_newest_migration(empty_url: str, engine_url: str) -> None:
    with opened(empty_url) as engine:
        assert not is_at_newest(engine)
        upgrade(empty_url)
        assert is_at_newest(engine)
        upgrade(empty_url)  # again changes nothing
        assert is_at_newest(engine)
    with opened(engine_url) as unversioned:
        assert not is_at_newest(unversioned)


def test_a_database_made_by_a_newer_program_is_recognised(empty_url: str) -> None:
    assert schema_state(empty_url) == "empty"
    upgrade(empty_url)
    assert schema_state(empty_url) == "newest"
    with opened(empty_url) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert schema_state(empty_url) == "unknown"


def test_a_migration_that_would_leave_rows_pointing_to_nothing_keeps_nothing(sqlite_files: SqliteFiles) -> None:
    url = sqlite_files.new_empty()
    with opened(url) as engine, engine.connect() as connection:
        raw = connection.connection.cursor()
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("CREATE TABLE old (id INTEGER PRIMARY KEY)")
        raw.execute("CREATE TABLE orphans (id INTEGER PRIMARY KEY, old_id INTEGER REFERENCES old (id))")
        raw.execute("INSERT INTO orphans VALUES (1, 4711)")
    with pytest.raises(EnvironmentFault, match="'orphans'"):
        upgrade(url)
    assert schema_state(url) == "empty"
    sqlite_files.drop(url)


def test_a_new_migration_is_written_from_the_models(empty_url: str, tmp_path: Path) -> None:
    upgrade(empty_url)
    with opened(empty_url) as engine, engine.begin() as connection:
        connection.execute(text("DROP TABLE comments"))
    written = write_migration(empty_url, "Let people remark", tmp_path)
    assert written.parent == tmp_path
    assert re.fullmatch(r"\d{4}_let_people_remark\.py", written.name)
    content = written.read_text(encoding="utf-8")
    assert re.findall(r"create_table\(\s*['\"](\w+)", content) == ["comments"]
    compile(content, written.name, "exec")


def test_migrations_can_be_taken_back(empty_url: str) -> None:
    upgrade(empty_url)
    downgrade(empty_url, "base")
    with opened(empty_url) as engine:
        assert inspect(engine).get_table_names() == ["alembic_version"]
        upgrade(empty_url)
        assert is_at_newest(engine)


@pytest.mark.parametrize("table", TABLES)
def test_history_cannot_be_changed_in_the_database(engine_url: str, table: str) -> None:
    with opened(engine_url) as engine:
        _put_a_row(engine, table)
        column = metadata.tables[table].primary_key.columns[0].name
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match=f"{table} is append-only"), engine.begin() as connection:
                connection.execute(text(statement))
        if engine.dialect.name == "postgresql":
            with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
                connection.execute(text(f"TRUNCATE {table} CASCADE"))


BEFORE = {
    "publications": ("definition_versions",),
    "publication_records": ("definition_versions", "publications"),
}  # rows that a row points to


def _put_a_row(engine: Engine, table: str) -> None:
    with engine.begin() as connection:
        for name in (*BEFORE.get(table, ()), table):
            row = {
                column.name: _something(str(column.type)) for column in metadata.tables[name].c if not column.nullable
            }
            connection.execute(text(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({', '.join(row.values())})"))


def _something(type_name: str) -> str:
    if "INT" in type_name:
        return "1"
    return "'2026-03-02'" if "DATE" in type_name or "TIME" in type_name else "'x'"
