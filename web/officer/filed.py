"""Files given as answers: hung on the case first, then named by the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import flash, g, request
from werkzeug.datastructures import FileStorage

from engine.cases.attachments import attach
from engine.changes import Refusal
from engine.definitions.model import Field
from engine.disclosure.vault import Vault
from web.fields import FILES
from web.installation import here
from web.language import words
from web.officer.desk import Desk
from web.transaction import db, now


def take_files(desk: Desk, asked: Mapping[str, Field], raw: dict[str, Any]) -> None:
    """Store every file that was sent for one of the ``asked`` questions; a refused one says why, the rest stays."""
    if desk.case_id is None:
        return
    for name, sent in _sent():
        place = _place(name, asked, raw)
        if place is None:
            continue
        field, row = place
        outcome = attach(
            db(), desk.case_id, g.person.id, sent.stream, sent.filename or "", now=now(), store=here().files,
            vault=Vault(here().settings.sealed_dir), largest=here().settings.largest_file,
        )  # fmt: skip
        if isinstance(outcome, Refusal):
            flash(f"{sent.filename}: {words(outcome.sentence)}", "bad")
            continue
        kept = {"id": outcome.id, "name": outcome.name, "size": outcome.size, "sha256": outcome.sha256}
        row[field.key] = [*(row.get(field.key) or ()), kept] if field.type == "files" else kept
        if desk.revision is not None:
            desk.revision += 1  # the file is an act of its own


def take_out(raw: dict[str, Any], path: str, identity: str) -> str | None:
    """Take one file out of an answer; it stays on the case."""
    *way, last = path.split(".")
    place: Any = raw
    for part in way:
        if isinstance(place, list) and part.isdecimal() and int(part) < len(place):
            place = place[int(part)]
        elif isinstance(place, dict) and part in place:
            place = place[part]
        else:
            return None
    held = place.get(last) if isinstance(place, dict) else None
    if isinstance(held, list):
        place[last] = [one for one in held if str(one.get("id")) != identity]
    elif isinstance(held, dict):
        place[last] = None
    return path


def _sent() -> Iterator[tuple[str, FileStorage]]:
    for name, sent in request.files.items(multi=True):
        if sent.filename:
            yield name, sent


def _place(name: str, asked: Mapping[str, Field], raw: dict[str, Any]) -> tuple[Field, dict[str, Any]] | None:
    """The file field a posted name means, and the answers or row it stands in."""
    columns: Mapping[str, Field] = asked
    values: Any = raw
    parts = name.split(".")
    while len(parts) >= 3 and parts[1].isdecimal():
        table, rows = columns.get(parts[0]), values.get(parts[0])
        if table is None or table.type != "table" or not isinstance(rows, list) or int(parts[1]) >= len(rows):
            return None
        columns, values, parts = table.columns, rows[int(parts[1])], parts[2:]
    field = columns.get(parts[0]) if len(parts) == 1 else None
    return (field, values) if field is not None and field.type in FILES else None
