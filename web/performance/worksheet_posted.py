"""What was pressed and ticked on a worksheet, written into its rows; nothing is judged here, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict

from sakip.facts.evidence import ACCEPTED, REFUSED
from sakip.facts.sheets import EVIDENCE
from sakip.worksheet import ALL
from sakip.worksheet_items import Item, Worksheet
from web.performance.evidence_choice import posted_numbers
from web.performance.worksheet_view import MOST_NUMBERS
from web.performance.worksheet_work import RECOMMENDATIONS, Work

LONGEST_ANSWER, LONGEST_NOTE = 60, 2_000
Posted = MultiDict[str, str]


def take(work: Work, view: Worksheet, posted: Posted) -> None:
    """Write what stands in the form into the rows that stood on the page and are this person's."""
    shown = set(posted.getlist("row"))
    for item in view.items:
        if item.path in shown and work.is_mine(item.component):
            row = work.row(item)
            if work.tier.answers == EVIDENCE:
                _judge(item, row, posted)
            else:
                _answer(work, item, row, posted)
            if (note := posted.get(f"note:{item.path}")) is not None:
                row["note"] = note.replace("\r\n", "\n")[: LONGEST_NOTE + 1]
    if work.desk is not None and RECOMMENDATIONS in work.desk.editable:
        _recommend(work, shown, posted)


def _answer(work: Work, item: Item, row: dict[str, Any], posted: Posted) -> None:
    question, path = item.question, item.path
    assert question is not None
    given = posted.get(f"answer:{path}")
    if question.pieces is not None:
        pieces = posted.getlist(f"pieces:{path}")[: MOST_NUMBERS + 1]  # one too many is for the form to refuse
        row["pieces"], row["answer"] = pieces, "" if pieces else (given or "")[:LONGEST_ANSWER]
        if work.tier.starts_from is not None:
            row["confirmed_in"] = work.tier.key if posted.get(f"confirm:{path}") else ""
    elif given is not None:
        row["answer"], row["pieces"] = given[:LONGEST_ANSWER], []
        _confirm(work, row)
    if item.ticks:
        row["met"] = posted.getlist(f"met:{path}")[: len(item.ticks)]
    if work.tier.starts_from is None and any(asked.registered for asked in item.asked):
        row["evidence"] = posted_numbers(posted, f"evidence:{path}")


def _judge(item: Item, row: dict[str, Any], posted: Posted) -> None:
    said = {one.piece: posted.get(f"judge:{item.path}:{one.piece}", "") for one in item.asked}
    row["pieces"] = [piece for piece, judged in said.items() if judged == ACCEPTED]
    row["refused"] = [piece for piece, judged in said.items() if judged == REFUSED]
    row["checked"] = "true" if all(judged in (ACCEPTED, REFUSED) for judged in said.values()) else ""


def _confirm(work: Work, row: dict[str, Any]) -> None:
    if work.tier.starts_from is not None:
        row["confirmed_in"] = work.tier.key


def _recommend(work: Work, shown: Iterable[str], posted: Posted) -> None:
    """A recommendation a criterion: an empty text takes it out; those without a criterion stay as they are."""
    assert work.desk is not None
    kept = [dict(row) for row in work.desk.raw.get(RECOMMENDATIONS) or ()]
    by_path = {str(row.get("path")): row for row in kept if row.get("path")}
    for path in shown:
        text = posted.get(f"recommend:{path}")
        if text is None:
            continue
        told = {"text": text.replace("\r\n", "\n")[:4001], "due_on": posted.get(f"due:{path}", "")[:20]}
        if path in by_path:
            by_path[path].update(told)
        elif text.strip():
            kept.append({"path": path, **told})
    work.desk.raw[RECOMMENDATIONS] = [row for row in kept if not row.get("path") or str(row.get("text") or "").strip()]


def use_added(work: Work, path: str, piece: int) -> None:
    """Tick a piece that was just registered at the row it was registered for; it is kept with the next press."""
    item = next((one for one in work.view().items if one.path == path), None)
    if item is None or not work.is_mine(item.component) or work.tier.starts_from is not None:
        return
    if any(one.number == piece for asked in item.asked for one in asked.registered):
        row = work.row(item)
        row["evidence"] = list(dict.fromkeys([*_texts(row.get("evidence")), str(piece)]))[:MOST_NUMBERS]


# -- one press -----------------------------------------------------------------------------------------------------


def press(work: Work, view: Worksheet, verb: str, at: str) -> str | None:
    """Carry out a button of a row or a part: ``same``, ``same_part``, ``use_all``, ``suggest``, ``accept_part``. Gives
    the row to come back to, None when the button names nothing here."""
    items = [item for item in view.items if work.is_mine(item.component)]
    if verb == "use_all":
        return _use_all(work, items)
    found = [item for item in items if item.path == at or (verb.endswith("_part") and _part(item.path, at))]
    for item in found:
        row = work.row(item)
        if verb in ("same", "same_part") and (verb == "same" or not item.is_done):
            _same(work, item, row)
        elif verb == "suggest" and item.suggested:
            row["answer"] = item.suggested
            _confirm(work, row)
        elif verb == "accept_part":
            refused = set(_texts(row.get("refused")))
            row["pieces"] = [one.piece for one in item.asked if one.piece not in refused]
            row["checked"] = "true"
    return found[0].path if found else None


def _part(path: str, part: str) -> bool:
    return path == part or path.rpartition(".")[0] == part


def _same(work: Work, item: Item, row: dict[str, Any]) -> None:
    if item.earlier is None or item.question is None:
        return
    if isinstance(item.earlier, str):
        is_all = item.earlier == ALL and item.question.pieces is not None
        row["answer"], row["pieces"] = item.earlier, list(item.question.pieces or ()) if is_all else []
    elif item.earlier:
        row["answer"], row["pieces"] = "", list(item.earlier)
    else:
        row["answer"], row["pieces"] = "none", []
    _confirm(work, row)


def _use_all(work: Work, items: Iterable[Item]) -> str:
    """Use every registered piece that fits and was not refused, wherever it is asked; of too many the newest a row
    holds, and the row says so."""
    for item in items:
        fitting = [str(one.number) for asked in item.asked for one in asked.registered if one.state != REFUSED]
        if fitting:
            row = work.row(item)
            row["evidence"] = list(dict.fromkeys([*map(str, _texts(row.get("evidence"))), *fitting]))[:MOST_NUMBERS]
    return ""


def _texts(value: Any) -> list[str]:
    given = value.splitlines() if isinstance(value, str) else value or ()
    return [str(one) for one in given]
