"""Runs migrations on the connection they are given, for SQLite and PostgreSQL alike."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, text

from engine.all_models import metadata
from engine.database import JsonText, Moment

ONE_AT_A_TIME = 7_240_115  # any number, the same for every process of ours


def _rendered(kind: str, item: Any, autogen_context: Any) -> str | bool:  # noqa: ARG001
    """How a column's type is written into a new migration; False for Alembic's own way."""
    if kind == "type" and isinstance(item, Moment | JsonText):
        return f"{type(item).__name__}()"
    return False


def run(connection: Connection) -> None:
    """Apply what is asked for in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=_rendered,
        compare_type=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        context.run_migrations()


run(context.config.attributes["connection"])
