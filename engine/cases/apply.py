"""The only file that performs a plan: constant SQL on the driver's cursor, in as few round trips as there can be.

PostgreSQL gets one statement a step. The case is moved while its revision is the one decided on; everything else is
written *from* that row, so nothing is written when somebody was faster. SQLite, where a round trip costs nothing,
gets the same statements one by one inside the transaction that already holds its write lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.rows import CaseRow, StepRows
from engine.errors import Conflict
from engine.sessions import dialect_name, driver_cursor


@dataclass(frozen=True, slots=True)
class Statement:
    """One kind of row. ``columns`` are those the rows bring, with PostgreSQL's type, or ``moment`` for UTC as text.

    ``sqlite`` takes a row and then the case's id; in ``postgresql`` the rows are ``r`` and the case is ``moved``.
    """

    columns: tuple[tuple[str, str], ...]
    sqlite: str
    postgresql: str


def _read(name: str, kind: str) -> str:
    return f"r.{name} AT TIME ZONE 'UTC'" if kind == "moment" else f"r.{name}"


def _insert(table: str, columns: str, conflict: str = "") -> Statement:
    """An INSERT of the columns (``name type`` separated by commas) and the case's id."""
    parts = [(name, kind) for name, kind in (column.split() for column in columns.split(","))]
    names = ", ".join(name for name, _ in parts)
    marks = ", ".join("?" for _ in parts)
    return Statement(
        tuple(parts),
        f"INSERT INTO {table} ({names}, case_id) VALUES ({marks}, ?) {conflict}",
        f"INSERT INTO {table} ({names}, case_id) SELECT {', '.join(_read(*column) for column in parts)}, moved.id"
        f" FROM moved, {{rows}} {conflict}",
    )


_MESSAGE_COLUMNS = (
    "id, region_id, revision, task, notification, reason, audience, person_id, content, is_urgent, created_at,"
    " not_before, state, case_id"
)
STATEMENTS: dict[str, Statement] = {
    "tasks_close": Statement(
        (
            ("number", "int"),
            ("closed_at", "moment"),
            ("closed_by", "bigint"),
            ("principal", "text"),
            ("outcome", "text"),
        ),
        "UPDATE tasks SET closed_at = ?2, closed_by = ?3, principal = ?4, outcome = ?5"
        " WHERE case_id = ?6 AND number = ?1 AND closed_at IS NULL",
        "UPDATE tasks SET closed_at = r.closed_at AT TIME ZONE 'UTC', closed_by = r.closed_by, principal = r.principal,"
        " outcome = r.outcome FROM moved, {rows}"
        " WHERE tasks.case_id = moved.id AND tasks.number = r.number AND tasks.closed_at IS NULL",
    ),
    "tasks_open": _insert(
        "tasks",
        "number int, entry int, state text, place text, item text, unit_id bigint, assignee_id bigint,"
        " claimed_at moment, opened_at moment, due_at moment, due_key bigint, opened_by bigint",
    ),
    "tasks_change": Statement(
        (
            ("number", "int"),
            ("assignee_id", "bigint"),
            ("claimed_at", "moment"),
            ("due_at", "moment"),
            ("due_key", "bigint"),
        ),
        "UPDATE tasks SET assignee_id = ?2, claimed_at = ?3, due_at = ?4, due_key = ?5"
        " WHERE case_id = ?6 AND number = ?1",
        "UPDATE tasks SET assignee_id = r.assignee_id, claimed_at = r.claimed_at AT TIME ZONE 'UTC',"
        " due_at = r.due_at AT TIME ZONE 'UTC', due_key = r.due_key FROM moved, {rows}"
        " WHERE tasks.case_id = moved.id AND tasks.number = r.number",
    ),
    "offers_drop": Statement(
        (("region_id", "bigint"), ("audience", "text"), ("due_key", "bigint"), ("number", "int")),
        "DELETE FROM offers WHERE region_id = ? AND audience = ? AND due_key = ? AND number = ? AND case_id = ?",
        "DELETE FROM offers USING moved, {rows} WHERE offers.region_id = r.region_id AND offers.audience = r.audience"
        " AND offers.due_key = r.due_key AND offers.number = r.number AND offers.case_id = moved.id",
    ),
    "offers_add": _insert(
        "offers",
        "region_id bigint, audience text, due_key bigint, number int, powers smallint",
        "ON CONFLICT DO NOTHING",
    ),
    "history_add": _insert(
        "history",
        "seq int, at moment, actor_id bigint, principal text, kind text, action text, state text,"
        " states_left text, states_entered text, comment text, item text, details text, answers_changed text,"
        " hash text",
    ),
    "participants_add": _insert(
        "participants",
        "audience text, has_acted boolean",
        "ON CONFLICT (audience, case_id) DO UPDATE SET has_acted = true"
        " WHERE excluded.has_acted AND NOT participants.has_acted",
    ),
    "exclusions_add": _insert("exclusions", "person_id bigint, number int", "ON CONFLICT DO NOTHING"),
    "timers_drop": Statement(
        (("key", "text"),),
        "DELETE FROM timers WHERE key = ? AND case_id = ?",
        "DELETE FROM timers USING moved, {rows} WHERE timers.case_id = moved.id AND timers.key = r.key",
    ),
    "timers_put": _insert(
        "timers",
        "key text, entry int, count int, due_at moment",
        "ON CONFLICT (case_id, key) DO UPDATE SET entry = excluded.entry, count = excluded.count,"
        " due_at = excluded.due_at, lease_until = NULL, leased_by = NULL, attempts = 0",
    ),
    "messages_add": _insert(
        "messages",
        "region_id bigint, revision int, task int, notification text, reason text, audience text, person_id bigint,"
        " content text, is_urgent boolean, created_at moment, not_before moment, state text",
        "ON CONFLICT DO NOTHING",
    ),
    "incidents_add": _insert("incidents", "region_id bigint, code text, state text, detail text, raised_at moment"),
    "calls_add": _insert(
        "connector_calls",
        "region_id bigint, revision int, place int, connector text, content text, created_at moment,"
        " not_before moment, state text",
        "ON CONFLICT DO NOTHING",
    ),
    "drafts_drop": Statement(
        (("person_id", "bigint"), ("subject", "text")),
        "DELETE FROM drafts WHERE person_id = ?1 AND subject = ?2 AND ?3 IS NOT NULL",
        "DELETE FROM drafts USING moved, {rows} WHERE drafts.person_id = r.person_id AND drafts.subject = r.subject",
    ),
    "documents_add": _insert(
        "case_documents",
        "field text, revision int, template text, answers text, requested_at moment",
        "ON CONFLICT DO NOTHING",
    ),
    "keys_add": _insert(
        "case_keys",
        "kind text, holder text, sealed text",
        "ON CONFLICT (case_id, kind, holder) DO UPDATE SET sealed = excluded.sealed",
    ),
    "keys_drop": Statement(
        (("kind", "text"), ("holder", "text")),
        "DELETE FROM case_keys WHERE kind = ? AND holder = ? AND case_id = ?",
        "DELETE FROM case_keys USING moved, {rows} WHERE case_keys.case_id = moved.id AND case_keys.kind = r.kind"
        " AND case_keys.holder = r.holder",
    ),
    "sealed_put": _insert(
        "sealed_cases",
        "region_id bigint, opened_on date, ended_on date, last_new_on date, recipients_seen text, declared text,"
        " identity text",
        "ON CONFLICT (case_id) DO UPDATE SET ended_on = excluded.ended_on, last_new_on = excluded.last_new_on,"
        " keep_until = CASE WHEN excluded.ended_on = sealed_cases.ended_on THEN sealed_cases.keep_until END,"
        " recipients_seen = CASE WHEN excluded.recipients_seen = '' THEN sealed_cases.recipients_seen"
        " ELSE excluded.recipients_seen END",
    ),
    "sealed_messages_add": Statement(  # the case's id is left out on purpose: a mail must not lead to a case
        (
            ("id", "bigint"),
            ("region_id", "bigint"),
            ("revision", "int"),
            ("task", "int"),
            ("notification", "text"),
            ("reason", "text"),
            ("audience", "text"),
            ("person_id", "bigint"),
            ("content", "text"),
            ("is_urgent", "boolean"),
            ("created_at", "moment"),
            ("not_before", "moment"),
            ("state", "text"),
        ),
        f"INSERT INTO messages ({_MESSAGE_COLUMNS}) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
        " 0 WHERE ?14 IS NOT NULL ON CONFLICT DO NOTHING",
        f"INSERT INTO messages ({_MESSAGE_COLUMNS}) SELECT r.id, r.region_id, r.revision, r.task, r.notification,"
        " r.reason, r.audience, r.person_id, r.content, r.is_urgent, r.created_at AT TIME ZONE 'UTC',"
        " r.not_before AT TIME ZONE 'UTC', r.state, 0 FROM moved, {rows} ON CONFLICT DO NOTHING",
    ),
}

_MOVE_SQLITE = (
    "UPDATE cases SET revision = ?, state = ?, closed_at = ?, head_hash = ?, returned_count = ?, returned_seq = ?"
    " WHERE id = ? AND revision = ?"
)
_MOVE_POSTGRESQL = (
    "WITH moved AS (UPDATE cases SET revision = %s, state = %s, closed_at = %s::timestamp AT TIME ZONE 'UTC',"
    " head_hash = %s, returned_count = %s, returned_seq = %s WHERE id = %s AND revision = %s RETURNING id)"
)
_ANSWERS_SQLITE = "UPDATE case_answers SET answers = ? WHERE case_id = ?"
_ANSWERS_POSTGRESQL = (
    ", answered AS (UPDATE case_answers SET answers = %s FROM moved WHERE case_answers.case_id = moved.id)"
)

_OPEN_COLUMNS = (
    "revision, state, closed_at, head_hash, returned_count, returned_seq,"
    " id, region_id, number, case_type, digest, title, unit_id, initiator_id, opened_at, is_sealed"
)
_OPEN_SQLITE = f"INSERT INTO cases ({_OPEN_COLUMNS}) VALUES ({', '.join('?' * 16)})"
_OPEN_POSTGRESQL = (
    f"WITH moved AS (INSERT INTO cases ({_OPEN_COLUMNS}) VALUES (%s, %s, %s::timestamp AT TIME ZONE 'UTC', %s, %s, %s,"
    " %s, %s, %s, %s, %s, %s, %s, %s, %s::timestamp AT TIME ZONE 'UTC', %s) RETURNING id)"
)
_FIRST_ANSWERS_SQLITE = "INSERT INTO case_answers (answers, case_id) VALUES (?, ?)"
_FIRST_ANSWERS_POSTGRESQL = ", answered AS (INSERT INTO case_answers (answers, case_id) SELECT %s, moved.id FROM moved)"


def apply(session: Session, case_id: int, revision: int, rows: StepRows) -> None:
    """Write all rows of a step, if the case still stands at ``revision``. Raises Conflict, having written nothing."""
    with driver_cursor(session) as cursor:
        place = (case_id, revision)
        if dialect_name(session) == "sqlite":
            cursor.execute(_MOVE_SQLITE, (*rows.move, *place))
            if cursor.rowcount != 1:
                raise Conflict("the case has moved on")
            _one_by_one(cursor, case_id, rows, _ANSWERS_SQLITE)
        else:
            if not _at_once(cursor, _MOVE_POSTGRESQL, _ANSWERS_POSTGRESQL, (*rows.move, *place), rows):
                raise Conflict("the case has moved on")


def apply_opening(
    session: Session,
    case: CaseRow,
    case_type: str,
    title: str,
    opened_at: str,
    rows: StepRows,
    *,
    is_sealed: bool = False,
) -> None:
    """Write a new case and all rows of its first step. ``opened_at`` is the moment as text."""
    own = (
        case.id,
        case.region_id,
        case.number,
        case_type,
        case.digest,
        title,
        case.unit_id,
        case.initiator_id,
        opened_at,
        is_sealed,
    )
    with driver_cursor(session) as cursor:
        if dialect_name(session) == "sqlite":
            cursor.execute(_OPEN_SQLITE, (*rows.move, *own))
            _one_by_one(cursor, case.id, rows, _FIRST_ANSWERS_SQLITE)
        else:
            _at_once(cursor, _OPEN_POSTGRESQL, _FIRST_ANSWERS_POSTGRESQL, (*rows.move, *own), rows)


def _one_by_one(cursor: Any, case_id: int, rows: StepRows, answers: str) -> None:
    if rows.answers is not None:
        cursor.execute(answers, (rows.answers, case_id))
    for name, values in rows.lists.items():
        text = STATEMENTS[name].sqlite
        for row in values:
            cursor.execute(text, (*row, case_id))


def _at_once(cursor: Any, move: str, answers: str, own: tuple[Any, ...], rows: StepRows) -> bool:
    """One statement for everything; whether the case was written.

    Numbers go as text, which the statement casts: the driver would choose a type by a number's size, and the server
    would prepare the same text once a choice of types.
    """
    values = [*own]
    if rows.answers is not None:
        values.append(rows.answers)
    for lines in rows.lists.values():
        for line in lines:
            values += line
    parameters = [value if value is None or value.__class__ is str else str(value) for value in values]
    shape = tuple([(name, len(lines)) for name, lines in rows.lists.items()])
    cursor.execute(_one_statement(move, answers if rows.answers is not None else "", shape), parameters)
    return bool(cursor.fetchone()[0] == 1)


@lru_cache(maxsize=512)
def _one_statement(move: str, answers: str, shape: tuple[tuple[str, int], ...]) -> str:
    """The statement for a step that writes lists of these lengths: some dozens of texts, each prepared once."""
    text = move + answers
    for listed, length in shape:
        statement = STATEMENTS[listed]
        marks = ", ".join(f"%s::{'timestamp' if kind == 'moment' else kind}" for _, kind in statement.columns)
        names = ", ".join(name for name, _ in statement.columns)
        source = f"(VALUES {', '.join([f'({marks})'] * length)}) AS r ({names})"
        text += f", {listed} AS ({statement.postgresql.format(rows=source)})"
    first, *rest = (text + " SELECT count(*) FROM moved").split("%s")
    return first + "".join([f"${number}{part}" for number, part in enumerate(rest, 1)])
