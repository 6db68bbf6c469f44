"""The floor: a step with the driver alone, one statement a row, to a database of its own with the same tables.

``same_work`` is told which rows the engine wrote, and does for them what any program must: read the case, ask whether
the person may, make the texts and the hash of the history, write, commit. ``same_rows`` is handed every text finished
and only reads and writes.
``eight_statements`` is the smallest step anybody would call a workflow: read, may they, move, close, open, tell.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.cases.apply import STATEMENTS
from engine.cases.rows import StepRows

READ = (
    "SELECT c.revision, c.state, a.answers, r.organisation_revision FROM cases c"
    " JOIN case_answers a ON a.case_id = c.id JOIN regions r ON r.id = c.region_id WHERE c.id = ?"
)
MOVE = (
    "UPDATE cases SET revision = ?, state = ?, closed_at = ?, head_hash = ?, returned_count = ?, returned_seq = ?"
    " WHERE id = ? AND revision = ?"
)
OPEN_TASKS = "SELECT number, state, assignee_id FROM tasks WHERE case_id = ? AND closed_at IS NULL"
POSITIONS = "SELECT position_id, kind, starts_on, ends_on FROM holders WHERE person_id = ?"
PLAIN = {  # the two statements whose marks are numbered, for a driver that has no numbers
    "tasks_close": (
        "UPDATE tasks SET closed_at = ?, closed_by = ?, principal = ?, outcome = ? WHERE case_id = ? AND number = ?"
        " AND closed_at IS NULL",
        lambda row, case_id: (*row[1:], case_id, row[0]),
    ),
    "tasks_change": (
        "UPDATE tasks SET assignee_id = ?, claimed_at = ?, due_at = ?, due_key = ? WHERE case_id = ? AND number = ?",
        lambda row, case_id: (*row[1:], case_id, row[0]),
    ),
    "drafts_drop": ("DELETE FROM drafts WHERE person_id = ? AND subject = ?", lambda row, _: row),
}
SMALL = """
CREATE TABLE small_cases (id BIGINT PRIMARY KEY, revision INTEGER, state TEXT, answers TEXT);
CREATE TABLE small_tasks (id {id} PRIMARY KEY, case_id BIGINT, role TEXT, due BIGINT, opened TEXT, closed TEXT,
  closed_by BIGINT, outcome TEXT);
CREATE TABLE small_members (role TEXT, person BIGINT, PRIMARY KEY (role, person));
CREATE TABLE small_history (case_id BIGINT, seq INTEGER, at TEXT, actor BIGINT, action TEXT, state TEXT, comment TEXT,
  PRIMARY KEY (case_id, seq));
CREATE TABLE small_outbox (id {id} PRIMARY KEY, case_id BIGINT, role TEXT, template TEXT, payload TEXT, sent TEXT);
CREATE INDEX small_tasks_role ON small_tasks (role, due, id) WHERE closed IS NULL;
CREATE INDEX small_tasks_case ON small_tasks (case_id) WHERE closed IS NULL;
CREATE INDEX small_outbox_open ON small_outbox (id) WHERE sent IS NULL
"""


@dataclass(frozen=True, slots=True)
class Made:
    """What the driver makes texts of: the state and the contents of the messages the engine wrote."""

    state: Any
    messages: tuple[Any, ...]

    @classmethod
    def of(cls, rows: StepRows) -> Made:
        """From the engine's rows."""
        content = [name for name, _ in STATEMENTS["messages_add"].columns].index("content")
        return cls(
            json.loads(rows.move[1]), tuple(json.loads(row[content]) for row in rows.lists.get("messages_add", ()))
        )


class Driver:
    """A driver's own connection; every transaction is durable when it is left."""

    def __init__(self, connection: Any, is_sqlite: bool) -> None:
        self.connection, self.is_sqlite = connection, is_sqlite

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """Begin, run what is asked, commit."""
        cursor = self.connection.cursor()

        def run(statement: str, values: Sequence[Any] = ()) -> Any:
            cursor.execute(statement if self.is_sqlite else statement.replace("?", "%s"), values)
            return cursor

        run("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        yield run
        run("COMMIT")
        cursor.close()

    def same_rows(self, case_id: int, revision: int, rows: StepRows) -> None:
        """What the engine wrote in this step, a statement a row, every text given."""
        with self.transaction() as run:
            found = run(READ, (case_id,)).fetchone()
            json.loads(found[1])
            json.loads(found[2])
            self._write(run, case_id, revision, rows)

    def same_work(self, case_id: int, revision: int, rows: StepRows, person: int, made: Made) -> None:
        """The same, with the question whether they may, and the texts and the hash made here."""
        with self.transaction() as run:
            found = run(READ, (case_id,)).fetchone()
            json.loads(found[1])
            json.loads(found[2])
            run(OPEN_TASKS, (case_id,)).fetchall()
            run(POSITIONS, (person,)).fetchall()
            json.dumps(made.state, separators=(",", ":"))
            for message in made.messages:
                json.dumps(message, sort_keys=True, separators=(",", ":"))
            for row in rows.lists["history_add"]:
                hashlib.sha256(json.dumps([case_id, *row]).encode()).hexdigest()
            self._write(run, case_id, revision, rows)

    def _write(self, run: Any, case_id: int, revision: int, rows: StepRows) -> None:
        run(MOVE, (*rows.move, case_id, revision))
        if rows.answers is not None:
            run("UPDATE case_answers SET answers = ? WHERE case_id = ?", (rows.answers, case_id))
        for name, lines in rows.lists.items():
            text, values = PLAIN.get(name) or (STATEMENTS[name].sqlite, lambda row, case_id: (*row, case_id))
            for row in lines:
                run(text, values(row, case_id))

    def prepare_small(self, roles: Sequence[str]) -> None:
        """The tables of ``eight_statements``; one person a role, counted from 1."""
        with self.transaction() as run:
            for statement in SMALL.format(id="INTEGER" if self.is_sqlite else "BIGSERIAL").split(";"):
                run(statement)
            for person, role in enumerate(roles, 1):
                run("INSERT INTO small_members VALUES (?, ?)", (role, person))

    def open_small(self, case_id: int, role: str, answers: str) -> None:
        """A case at its first step."""
        with self.transaction() as run:
            run("INSERT INTO small_cases VALUES (?, 1, ?, ?)", (case_id, role, answers))
            run("INSERT INTO small_tasks (case_id, role, due, opened) VALUES (?, ?, 1, '1')", (case_id, role))

    def eight_statements(self, case_id: int, person: int, following: str) -> None:
        """The smallest step: two reads, the case, the task closed, the next one, history, message, and the commit."""
        with self.transaction() as run:
            revision, state, answers = run(
                "SELECT revision, state, answers FROM small_cases WHERE id = ?", (case_id,)
            ).fetchone()
            json.loads(answers)
            (task,) = run(
                "SELECT t.id FROM small_tasks t JOIN small_members m ON m.role = t.role WHERE t.case_id = ?"
                " AND t.closed IS NULL AND m.person = ?",
                (case_id, person),
            ).fetchone()
            run(
                "UPDATE small_tasks SET closed = ?, closed_by = ?, outcome = ? WHERE id = ? AND closed IS NULL",
                ("2", person, "approve", task),
            )
            run("UPDATE small_cases SET revision = ?, state = ? WHERE id = ?", (revision + 1, following, case_id))
            run("INSERT INTO small_tasks (case_id, role, due, opened) VALUES (?, ?, 1, '2')", (case_id, following))
            run(
                "INSERT INTO small_history VALUES (?, ?, ?, ?, ?, ?, ?)",
                (case_id, revision + 1, "2", person, "approve", state, ""),
            )
            run(
                "INSERT INTO small_outbox (case_id, role, template, payload) VALUES (?, ?, ?, ?)",
                (case_id, following, "task_assigned", json.dumps({"case": case_id, "step": following})),
            )
