"""The same step in plain driver SQL, doing less: eight statements and nothing else. The measure of all ratios."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

TABLES = """
CREATE TABLE raw_cases (id {id} PRIMARY KEY, revision INTEGER, state TEXT, answers TEXT);
CREATE TABLE raw_tasks (id {id} PRIMARY KEY, case_id BIGINT, role TEXT, due BIGINT, opened TEXT, closed TEXT,
  closed_by BIGINT, outcome TEXT);
CREATE TABLE raw_members (role TEXT, person BIGINT, PRIMARY KEY (role, person));
CREATE TABLE raw_history (case_id BIGINT, seq INTEGER, at TEXT, actor BIGINT, action TEXT, state TEXT, comment TEXT,
  PRIMARY KEY (case_id, seq));
CREATE TABLE raw_outbox (id {id} PRIMARY KEY, case_id BIGINT, role TEXT, template TEXT, payload TEXT, sent TEXT);
CREATE TABLE raw_timers (case_id BIGINT, key TEXT, due BIGINT, PRIMARY KEY (case_id, key));
CREATE INDEX raw_tasks_role ON raw_tasks (role, due, id) WHERE closed IS NULL;
CREATE INDEX raw_tasks_case ON raw_tasks (case_id) WHERE closed IS NULL;
CREATE INDEX raw_outbox_open ON raw_outbox (id) WHERE sent IS NULL
"""
CHAIN = ("drafting", "section", "division", "planning", "finance", "secretary", "first", "second", "done")


class Raw:
    """A chain of ``len(CHAIN) - 1`` steps on a driver's own connection."""

    def __init__(self, connection: Any, is_sqlite: bool, answers: str) -> None:
        self.connection, self.is_sqlite, self.answers = connection, is_sqlite, answers
        identity = "INTEGER" if is_sqlite else "BIGSERIAL"
        with self.transaction() as run:
            for statement in TABLES.format(id=identity).split(";"):
                run(statement)
            for person, role in enumerate(CHAIN, 1):
                run("INSERT INTO raw_members VALUES (?, ?)", (role, person))

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """One durable transaction."""
        cursor = self.connection.cursor()

        def run(statement: str, values: tuple[Any, ...] = ()) -> Any:
            cursor.execute(statement if self.is_sqlite else statement.replace("?", "%s"), values)
            return cursor

        run("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        yield run
        run("COMMIT")
        cursor.close()

    def open(self, case_id: int) -> None:
        """A case at the first step."""
        with self.transaction() as run:
            run("INSERT INTO raw_cases VALUES (?, 1, ?, ?)", (case_id, CHAIN[0], self.answers))
            run(
                "INSERT INTO raw_tasks (case_id, role, due, opened) VALUES (?, ?, ?, ?)",
                (case_id, CHAIN[0], 1_800_000_000, "2026-03-02"),
            )

    def step(self, case_id: int, at: int) -> None:
        """The ``at``-th step: may this person, close, move, open the next, tell, remind."""
        now = int(time.time())
        with self.transaction() as run:
            row = run("SELECT revision, state, answers FROM raw_cases WHERE id = ?", (case_id,)).fetchone()
            revision, state, answers = row
            json.loads(answers)
            found = run(
                "SELECT t.id FROM raw_tasks t JOIN raw_members m ON m.role = t.role"
                " WHERE t.case_id = ? AND t.closed IS NULL AND m.person = ?",
                (case_id, at + 1),
            ).fetchone()
            assert found is not None and state == CHAIN[at]
            following = CHAIN[at + 1]
            run(
                "UPDATE raw_tasks SET closed = ?, closed_by = ?, outcome = ? WHERE id = ? AND closed IS NULL",
                (str(now), at + 1, "approve", found[0]),
            )
            run("UPDATE raw_cases SET revision = ?, state = ? WHERE id = ?", (revision + 1, following, case_id))
            run(
                "INSERT INTO raw_tasks (case_id, role, due, opened) VALUES (?, ?, ?, ?)",
                (case_id, following, now + 259_200, str(now)),
            )
            run(
                "INSERT INTO raw_history VALUES (?, ?, ?, ?, ?, ?, ?)",
                (case_id, revision + 1, str(now), at + 1, "approve", state, ""),
            )
            run(
                "INSERT INTO raw_outbox (case_id, role, template, payload) VALUES (?, ?, ?, ?)",
                (case_id, following, "task_assigned", json.dumps({"case": case_id, "step": following})),
            )
            run(
                "INSERT INTO raw_timers VALUES (?, ?, ?) ON CONFLICT (case_id, key) DO UPDATE SET due = excluded.due",
                (case_id, "remind", now + 86_400),
            )
