"""How commands speak: results to stdout, progress and faults to stderr, exit codes that mean one thing each.

0 ok · 1 findings, failures or a refusal · 2 usage · 3 an approval or decision is missing · 4 environment.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from config import read_settings
from engine.database import open_database
from engine.errors import AlurError, ApprovalMissing, EnvironmentFault
from engine.organisation.faults import Unacceptable
from engine.publishing.approval import TwoPeopleNeeded

P = ParamSpec("P")
R = TypeVar("R")

FINDINGS = 1
USAGE = 2
DECISION_MISSING = 3
ENVIRONMENT = 4

format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output format."
)
language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(["id", "en"]),
    default="id",
    show_default=True,
    help="Language of sentences.",
)


def say(text: str = "") -> None:
    """One line of result to stdout."""
    click.echo(text)


def tell(text: str) -> None:
    """One line of progress to stderr."""
    click.echo(text, err=True)


def say_json(value: Any) -> None:
    """One JSON document to stdout; moments as ISO 8601, exact decimals as text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def write_out(output: Path | None, pieces: Iterable[bytes]) -> None:
    """Write bytes to a file, or to stdout without one. Leaves with 1 when whoever reads stdout has seen enough, with 2
    when the file cannot be written, with 4 when stdout cannot."""
    try:
        with click.open_file("-" if output is None else str(output), "wb") as file:
            file.writelines(pieces)
    except BrokenPipeError:
        sys.exit(FINDINGS)
    except OSError as fault:
        if output is None:
            raise
        leave(USAGE, f"{output}: {fault.strerror}")


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def leave(code: int, text: str = "") -> NoReturn:
    """End with ``code``, with a sentence to stderr if there is one."""
    if text:
        click.echo(f"alur: {text}", err=True)
    sys.exit(code)


def guarded(function: Callable[P, R]) -> Callable[P, R]:
    """Turn what may go wrong into one sentence and its exit code; nobody reads a stack trace here."""

    @wraps(function)
    def _run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except EnvironmentFault as fault:
            leave(ENVIRONMENT, str(fault))
        except TwoPeopleNeeded as fault:
            leave(DECISION_MISSING, fault.text.into(str(kwargs.get("language", "en"))))
        except ApprovalMissing as fault:
            leave(DECISION_MISSING, str(fault))
        except Unacceptable as fault:
            leave(FINDINGS, fault.text.into(str(kwargs.get("language", "en"))))
        except AlurError as fault:
            leave(FINDINGS, str(fault))
        except BrokenPipeError:
            raise  # whoever read has seen enough; click leaves without a word
        except OSError as fault:
            leave(ENVIRONMENT, f"{fault.filename or 'stdout'}: {fault.strerror}")
        except DatabaseError as fault:
            leave(ENVIRONMENT, f"the database does not answer as it must: {_first_line(fault)} (flask db upgrade?)")

    return _run


def _first_line(fault: Exception) -> str:
    origin = getattr(fault, "orig", None) or fault
    return str(origin).strip().splitlines()[0]


@contextmanager
def writing() -> Iterator[Session]:
    """A session that commits once at the end, or not at all."""
    database = open_database(read_settings().database_url)
    try:
        with database.writing() as session, session.begin():
            yield session
    finally:
        database.close()


@contextmanager
def reading() -> Iterator[Session]:
    """A session that changes nothing."""
    database = open_database(read_settings().database_url)
    try:
        with database.reading() as session:
            yield session
    finally:
        database.close()
