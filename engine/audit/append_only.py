"""Makes the database itself refuse to change what is history: triggers on both databases.

Whoever owns the database can drop them; ``verify.py`` finds what was done then.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, MetaData, Table, event

TABLES = ("history", "audit_entries", "anchors", "definition_versions", "publications", "publication_records")

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION alur_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""


def creating(dialect: str, table: str) -> tuple[str, ...]:
    """The statements that make ``table`` append-only on that database ("sqlite" or "postgresql")."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        )
    return (
        POSTGRES_FUNCTION,
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION alur_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION alur_append_only()",
    )


def dropping(dialect: str, table: str) -> tuple[str, ...]:
    """The statements that take it back: for a migration that rebuilds the table, and for nothing else."""
    if dialect == "sqlite":
        return tuple(f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete"))
    return tuple(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}" for name in ("append_only", "no_truncate"))


def install(metadata: MetaData) -> None:
    """Let ``create_all`` make the triggers with the tables."""
    for table in TABLES:
        event.listen(metadata.tables[table], "after_create", _create)


def _create(table: Table, connection: Connection, **options: Any) -> None:  # noqa: ARG001
    for statement in creating(connection.dialect.name, table.name):
        connection.exec_driver_sql(
            statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement
        )
