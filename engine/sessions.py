"""Sessions that begin on the driver's own connection: a step and a page never wake the object-relational machinery.

A step takes one read and one write, and what SQLAlchemy's session does around them (states, snapshots, events) costs
a tenth of it. So the transaction begins on a connection lent by the pool, and becomes an ordinary one of SQLAlchemy
when somebody first asks for objects; from then on everything is the session's as it always was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError, InvalidRequestError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import PoolProxiedConnection

BEGUN = "begun_by_the_driver"  # an execution option: the transaction of this connection runs already


class LightSession(Session):
    """A session whose transaction begins on the driver's own connection, and moves to the session when it must.

    ``bind`` is an engine, ``options`` are those of SQLAlchemy's session. That one is made when somebody first looks
    for something only it has: a step makes none.
    """

    def __init__(self, bind: Engine, **options: Any) -> None:
        self._engine, self._options = bind, options
        self._is_awake = False
        self._lent: PoolProxiedConnection | None = None  # begun here, not known to the session
        self._adopted: Connection | None = None  # the same, as the session's own

    def __getattr__(self, name: str) -> Any:
        if self._is_awake:
            raise AttributeError(f"a session has no '{name}'", name=name, obj=self)
        self._is_awake = True
        super().__init__(self._engine, join_transaction_mode="control_fully", **self._options)
        return getattr(self, name)

    def in_transaction(self) -> bool:
        """Whether SQLAlchemy's own transaction has begun."""
        return self._is_awake and super().in_transaction()

    @property
    def dialect(self) -> Dialect:
        """The database's dialect, without waking anything."""
        return self._engine.dialect

    def driver_connection(self) -> Any:
        """The driver's connection inside this session's transaction, which begins now if it has not."""
        if self._lent is not None and not self.in_transaction():
            return self._lent.dbapi_connection
        if self.in_transaction():
            return self.connection().connection.dbapi_connection
        try:
            self._lent = lent = self._engine.raw_connection()
        except self.dialect.loaded_dbapi.Error as error:
            raise told_as_sqlalchemy(error, self.dialect) from error
        try:
            begin(lent, self._engine)
        except BaseException:
            self._give_back()
            raise
        return lent.dbapi_connection

    def get_bind(self, *arguments: Any, **options: Any) -> Any:
        """What the session runs on: the connection whose transaction has begun, or its engine."""
        if self._adopted is not None:
            return self._adopted
        if self._lent is not None:
            self._adopted = Connection(self._engine, self._lent).execution_options(**{BEGUN: True})
            self._adopted.begin()
            self._lent = None
            return self._adopted
        return super().get_bind(*arguments, **options)

    def commit(self) -> None:
        """Make everything of this transaction lasting; the session can be used again."""
        if self.in_transaction():
            super().commit()
        if self._lent is not None:
            try:
                self.dialect.do_commit(self._lent)
            except self.dialect.loaded_dbapi.Error as error:
                raise told_as_sqlalchemy(error, self.dialect) from error
        self._give_back()

    def rollback(self) -> None:
        """Leave nothing of this transaction; the session can be used again."""
        if self.in_transaction():
            super().rollback()
        self._give_back()

    def close(self) -> None:
        """Let go of everything; what was not committed never was."""
        if self._is_awake:
            super().close()
        self._give_back()

    def _give_back(self) -> None:
        lent, adopted, self._lent, self._adopted = self._lent, self._adopted, None, None
        if lent is not None:
            end(lent, self._engine)
        if adopted is not None:
            adopted.close()


class ReadingSession(LightSession):
    """A session that refuses to write, because it begins without the write lock."""


def begin(lent: PoolProxiedConnection, engine: Engine) -> None:
    """Begin a transaction on a connection of the pool. psycopg begins by itself with the first statement.

    SQLite takes its only write lock now, after those who came before, unless the engine ``reads_only``. Raises
    OperationalError when it is busy.
    """
    options = engine.get_execution_options()
    if engine.dialect.name == "sqlite":
        own: Any = lent.dbapi_connection
        try:
            if options.get("reads_only", False):
                own.execute("BEGIN DEFERRED").close()
            else:
                own.begin_writing()
        except sqlite3.OperationalError as error:
            raise OperationalError("BEGIN", None, error) from error
    elif options.get("isolation_level") == "AUTOCOMMIT":
        lent.dbapi_connection.autocommit = True  # type: ignore[union-attr]


def end(lent: PoolProxiedConnection, engine: Engine) -> None:
    """Give a connection back to its pool, which rolls back what was not committed and drops what is broken."""
    if engine.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        try:
            lent.dbapi_connection.autocommit = False  # type: ignore[union-attr]
        except psycopg.Error as error:
            lent.invalidate(error)
    lent.close()


def refuse_to_write(session: Session, context: Any, instances: Any) -> None:  # noqa: ARG001
    """Raises InvalidRequestError before a reading session would write an object."""
    if session.new or session.dirty or session.deleted:
        raise InvalidRequestError("a reading session was asked to write; use a writing one")


def told_as_sqlalchemy(error: Exception, dialect: Dialect) -> Exception:
    """The driver's error as SQLAlchemy's: callers know only those."""
    return DBAPIError.instance(None, None, error, dialect.loaded_dbapi.Error, dialect=dialect)


@contextmanager
def driver_cursor(session: Session) -> Iterator[Any]:
    """The driver's cursor inside the session's transaction.

    PostgreSQL's takes texts with ``$1``, which the driver need not search for marks each time.
    """
    if isinstance(session, LightSession):
        own, dialect = session.driver_connection(), session.dialect
    else:
        connection = session.connection()
        own, dialect = connection.connection.dbapi_connection, connection.dialect
    cursor = own.cursor() if dialect.name == "sqlite" else psycopg.RawCursor(own)
    try:
        yield cursor
    except dialect.loaded_dbapi.Error as error:
        raise told_as_sqlalchemy(error, dialect) from error
    finally:
        cursor.close()


def dialect_name(session: Session) -> str:
    """``sqlite`` or ``postgresql``."""
    return session.dialect.name if isinstance(session, LightSession) else session.get_bind().dialect.name
