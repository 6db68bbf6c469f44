"""How Alur reaches its database: the declarative base, column types, engines and sessions for SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from time import monotonic
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeEngine

from engine.errors import EnvironmentFault
from engine.sessions import (
    BEGUN,
    LightSession,
    ReadingSession,
    begin,
    dialect_name,
    driver_cursor,
    refuse_to_write,
)
from engine.turns import TurnTakingConnection

BUSY_TIMEOUT_MS = 15_000
# On the disks of today reading here and there costs little more than in a row; short statements need no compiling.
_POSTGRESQL_SETTINGS = "-c random_page_cost=1.1 -c jit=off"
PING_AFTER_SECONDS = 5.0


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
# Only what JSON itself knows: a date or a Decimal here would be a mistake, and raises TypeError.
_PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS
_SORTED = _PLAIN | orjson.OPT_SORT_KEYS


def json_text(value: Any) -> str:
    """``value`` (JSON-able, no floats) as the one text this project stores and hashes: sorted keys, no blanks, no
    escapes. Raises TypeError for anything else."""
    try:
        return orjson.dumps(value, None, _SORTED).decode()
    except TypeError:  # whole numbers beyond 64 bits, keys that are numbers
        return _encode(value)


def json_in_order(value: Any) -> str:
    """The same, with the keys in the order they have; whole numbers up to 64 bits."""
    return orjson.dumps(value, None, _PLAIN).decode()


def moment_text(moment: datetime) -> str:
    """An aware moment as UTC text of fixed width, ``2026-01-31 05:00:00.000000``: what SQLite stores and sorts."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone cannot be stored: {moment.isoformat()}")
    if moment.tzinfo is UTC:  # nearly every one, half a dozen a step
        return moment.isoformat(" ", "microseconds")[:26]
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def moment_from_text(text: str) -> datetime:
    """The aware UTC moment behind ``moment_text``."""
    return datetime.fromisoformat(text + "+00:00")


def driver_moments(dialect_name: str) -> tuple[Callable[[datetime], Any], Callable[[Any], datetime]]:
    """How constant SQL on the driver's own cursor writes and reads moments: (to the driver, from the driver)."""
    if dialect_name == "sqlite":
        return moment_text, moment_from_text
    return (lambda moment: moment), (lambda value: value.astimezone(UTC))


class Moment(TypeDecorator[datetime]):
    """An aware moment in and out; stored as UTC, as ``timestamptz`` or (SQLite) text that sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        text = moment_text(value)  # also refuses a moment without a zone, on both databases
        return text if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return moment_from_text(value) if dialect.name == "sqlite" else value.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """A JSON-able value kept as canonical text on both databases, so a hash over it is the same on both."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else json_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(value)


# SQLite fills in a key by itself only for a column of type INTEGER.
Identifier = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """What every table's model inherits from."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment(), str: Text()}


def database_url(text: str) -> URL:
    """The URL an operator gave, with the drivers this project uses. Raises EnvironmentFault for any other database."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise EnvironmentFault(
            "The database address cannot be read; it looks like sqlite:////path/alur.db or postgresql://user@host/alur."
        ) from error
    backend = url.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return url.set(drivername="sqlite")
    raise EnvironmentFault(f"Alur works with SQLite and PostgreSQL, not with '{backend}'.")


def make_engine(url: str | URL, *, pool_size: int = 10) -> Engine:
    """An engine on which a transaction that may write holds SQLite's only write lock from its first statement.

    Without that SQLite loses updates silently: two connections read, both write. Reading transactions
    (``reading_sessions``) begin without the lock and see one moment's data.
    """
    address = database_url(str(url) if isinstance(url, str) else url.render_as_string(hide_password=False))
    if address.get_backend_name() != "sqlite":
        engine = create_engine(
            address,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_use_lifo=True,  # the warmest first: its server has the texts of the steps prepared
            connect_args={"options": _POSTGRESQL_SETTINGS},
            hide_parameters=True,  # a fault is logged with its statement, never with what somebody typed
        )
        event.listen(engine, "checkin", _note_idle)
        event.listen(engine, "checkout", partial(_ping_when_idle, engine.dialect))
        return engine
    in_memory = address.database in (None, "", ":memory:")
    if not in_memory and not Path(str(address.database)).parent.is_dir():
        raise EnvironmentFault(f"The folder of the database file does not exist: {address.database}")
    if not in_memory:
        try:
            Path(str(address.database)).touch(mode=0o600, exist_ok=True)  # SQLite itself would let everybody read it
        except OSError as fault:
            raise EnvironmentFault(
                f"The database file cannot be written: {address.database}: {fault.strerror}"
            ) from fault
    sizes: dict[str, Any] = (
        {} if in_memory else {"pool_size": pool_size, "max_overflow": pool_size, "pool_use_lifo": True}
    )
    engine = create_engine(
        address,
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000, "factory": TurnTakingConnection},
        hide_parameters=True,
        **sizes,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:  # noqa: ARG001
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # an act is only told as done when it survives a power cut
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")  # what was deleted is overwritten, not only let go
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get(BEGUN, False):
        begin(connection.connection, connection.engine)


def _note_idle(connection: Any, record: Any) -> None:  # noqa: ARG001
    record.info["idle_since"] = monotonic()


def _ping_when_idle(dialect: Dialect, connection: Any, record: Any, proxy: Any) -> None:  # noqa: ARG001
    # A ping at every checkout would cost a step a third round trip; a restarted server shows after a pause.
    if monotonic() - record.info.get("idle_since", monotonic()) < PING_AFTER_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except Exception as error:
        raise DisconnectionError("the database server went away") from error


def writing_sessions(engine: Engine) -> sessionmaker[LightSession]:
    """Sessions for what may change something. Objects stay usable after the commit."""
    return sessionmaker(engine, class_=LightSession, expire_on_commit=False)


def reading_sessions(engine: Engine) -> sessionmaker[ReadingSession]:
    """Sessions for pages and reports that change nothing.

    They take no write lock on SQLite and see one moment's data; on PostgreSQL they save BEGIN and ROLLBACK.
    """
    if engine.dialect.name == "sqlite":
        reader = engine.execution_options(reads_only=True)
    else:
        reader = engine.execution_options(reads_only=True, isolation_level="AUTOCOMMIT")
    return sessionmaker(reader, class_=ReadingSession, expire_on_commit=False, autoflush=False)


event.listen(ReadingSession, "before_flush", refuse_to_write)


def insert_or(session: Session, table: Any) -> Any:
    """An INSERT for ``session``'s database that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    return (sqlite.insert if dialect_name(session) == "sqlite" else postgresql.insert)(table)


def driver_rows(session: Session, text: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Rows of a constant text with ``?`` marks, on the driver's own cursor: for what runs with every step and page.

    A question mark inside a literal is not possible. Moments come as the driver has them (``driver_moments``).
    """
    with driver_cursor(session) as cursor:
        cursor.execute(_marked(text, dialect_name(session)), parameters)
        return cursor.fetchall() if cursor.description else []


@lru_cache(maxsize=1024)
def _marked(text: str, dialect_name: str) -> str:
    if dialect_name == "sqlite":
        return text
    first, *rest = text.split("?")
    return first + "".join([f"${number}{part}" for number, part in enumerate(rest, 1)])


@dataclass(frozen=True)
class Database:
    """One database as the processes hold it: ``writing()`` and ``reading()`` open sessions."""

    engine: Engine
    writing: sessionmaker[LightSession]
    reading: sessionmaker[ReadingSession]

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def open_database(url: str | URL) -> Database:
    """Engine and both kinds of sessions for a database URL."""
    engine = make_engine(url)
    return Database(engine, writing_sessions(engine), reading_sessions(engine))
