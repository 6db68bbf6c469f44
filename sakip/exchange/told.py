"""What rows of several kinds ask alike: whose unit, in whose name, and the engine's refusals as problems of a row."""

from __future__ import annotations

from engine.changes import Refusal
from sakip.exchange.problems import FileRefused
from sakip.exchange.record import Reading
from sakip.exchange.work import Work


def unit_meant(work: Work, reading: Reading, column: str = "unit") -> int | None:
    """The unit a row names by key or name, otherwise the chosen one; None, and told, for one that is not there."""
    named = reading.text(column, required=work.wish.unit_id is None)
    if not named:
        return work.wish.unit_id
    unit = work.units.get(named.casefold())
    if unit is None:
        reading.tell(column, "unknown_unit", f'"{named[:80]}" tidak ada.', f'There is no "{named[:80]}".')
    return unit


def in_whose_name(work: Work) -> int:
    """The person cases are opened for. Raises FileRefused without one."""
    if work.wish.person_id is None:
        raise FileRefused(
            "person_needed", "Sebutkan atas nama siapa berkas ini dimasukkan (--as).",
            "Say in whose name this file is brought in (--as).",
        )  # fmt: skip
    return work.wish.person_id


def tell_refused(reading: Reading, refusal: Refusal) -> None:
    """Why the engine would not have a row."""
    if not refusal.faults:
        reading.tell("", refusal.code, refusal.sentence.id, refusal.sentence.en)
    for fault in refusal.faults:
        reading.tell("", fault.code, f"{fault.path}: {fault.message.id}", f"{fault.path}: {fault.message.en}")
