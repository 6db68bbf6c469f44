"""Brings a database to the newest migration, and says how it stands to this program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL

from engine.database import make_engine
from engine.errors import EnvironmentFault

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
VERSIONS = MIGRATIONS / "versions"


def upgrade(url: str | URL, to: str = "head") -> None:
    """Bring a database to the newest migration, or to the one named; an empty one gets all tables."""
    _migrate(url, lambda config: command.upgrade(config, to))


def downgrade(url: str | URL, to: str) -> None:
    """Bring a database back to an older migration; ``base`` leaves nothing."""
    _migrate(url, lambda config: command.downgrade(config, to))


def write_migration(url: str | URL, message: str, folder: Path | None = None) -> Path:
    """A new migration file with what the models have and a database at the newest migration has not yet.

    ``message`` names it. It is a draft to be read: a rename, for one, looks like a removal and an addition, and on
    SQLite a rebuilt table loses its triggers (``audit/append_only.py``). ``folder`` is where it goes.
    """
    number = len(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())) + 1
    written: list[Path] = []

    def write(config: Config) -> None:
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", "\n".join(map(str, {VERSIONS: 0, folder or VERSIONS: 0})))
        script = command.revision(
            config, message, autogenerate=True, rev_id=f"{number:04}", version_path=str(folder or VERSIONS)
        )
        written.extend(Path(one.path) for one in (script if isinstance(script, list) else [script]) if one is not None)

    _migrate(url, write)
    return written[0]


def is_at_newest(engine: Engine) -> bool:
    """Whether the database is at exactly the newest migration this program has."""
    with engine.connect() as connection:
        current = set(MigrationContext.configure(connection).get_current_heads())
    return current == set(ScriptDirectory(str(MIGRATIONS)).get_heads())


def schema_state(url: str | URL) -> str:
    """How a database stands to this program: ``empty``, ``older``, ``newest``, or ``unknown`` (made by a newer one)."""
    engine = make_engine(url)
    script = ScriptDirectory(str(MIGRATIONS))
    known = {revision.revision for revision in script.walk_revisions()}
    try:
        with engine.connect() as connection:
            current = set(MigrationContext.configure(connection).get_current_heads())
    finally:
        engine.dispose()
    if not current:
        return "empty"
    if current == set(script.get_heads()):
        return "newest"
    return "older" if current <= known else "unknown"


def _migrate(url: str | URL, act: Callable[[Config], None]) -> None:
    engine = make_engine(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                # Rebuilding a table drops it; with keys on, what points to it would be refused or go with it.
                connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                config.attributes["connection"] = connection
                act(config)
                _check_keys(connection)
    finally:
        engine.dispose()


def _check_keys(connection: Connection) -> None:
    """What SQLite did not check while foreign keys were off. Raises EnvironmentFault, and nothing is kept."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise EnvironmentFault(f"The migration would leave rows of '{broken[0]}' pointing to nothing.")
