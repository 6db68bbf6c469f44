"""The pieces the register has for worksheets, many read together: what a way upwards need not wait for (§8, §9.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engine.organisation.snapshot import organisation
from sakip.facts.evidence import REFUSED
from sakip.facts.models import EvidencePiece
from sakip.facts.sheets import Sheet
from sakip.tree.models import UnitSuccession

Piece = tuple[str, int]  # its kind, and the year it is of


def pieces_held(session: Session, region_id: int, sheets: Sequence[Sheet]) -> dict[int | None, frozenset[str]]:
    """By subject the pieces its worksheet asks and the register has for it, refused ones and those a newer version
    supersedes apart: in its own register, the region's, that of a unit above it or of one these came from."""
    asked = {
        sheet.unit_id: {
            piece: kind_and_year(piece, sheet.year) for pieces in sheet.pieces().values() for piece in pieces
        }
        for sheet in sheets
    }
    known = _registered(session, region_id, {year for pieces in asked.values() for _kind, year in pieces.values()})
    units, before = organisation(session, region_id).units, _predecessors(session, region_id)
    found: dict[int | None, frozenset[str]] = {}
    for unit_id, pieces in asked.items():
        above = [] if unit_id is None else [int(step) for step in units[unit_id].path.split("/") if step]
        there = set(known.get(None, ()))
        for one in _with(above, before):
            there |= known.get(one, set())
        found[unit_id] = frozenset(name for name, piece in pieces.items() if piece in there)
    return found


def _registered(session: Session, region_id: int, years: Iterable[int]) -> Mapping[int | None, set[Piece]]:
    """What each register of a region has something good of."""
    newer = aliased(EvidencePiece)
    query = (
        select(EvidencePiece.unit_id, EvidencePiece.kind, EvidencePiece.year)
        .where(
            EvidencePiece.region_id == region_id, EvidencePiece.year.in_(sorted(years)),
            EvidencePiece.state != REFUSED,
            ~select(newer.id).where(newer.supersedes_id == EvidencePiece.id).exists(),
        )
        .distinct()
    )  # fmt: skip
    found: dict[int | None, set[Piece]] = {}
    for unit_id, kind, year in session.execute(query):
        found.setdefault(unit_id, set()).add((kind, year))
    return found


def _predecessors(session: Session, region_id: int) -> Mapping[int, list[int]]:
    query = select(UnitSuccession.unit_id, UnitSuccession.predecessor_id).where(UnitSuccession.region_id == region_id)
    found: dict[int, list[int]] = {}
    for unit_id, before in session.execute(query):
        found.setdefault(unit_id, []).append(before)
    return found


def _with(units: Sequence[int], before: Mapping[int, Sequence[int]]) -> list[int]:
    """Units and everything they came from."""
    found = list(units)
    for one in found:  # grows while it is walked through
        found += [earlier for earlier in before.get(one, ()) if earlier not in found]
    return found


# -- names of pieces -----------------------------------------------------------------------------------------------


def kinds_by_year(pieces: Iterable[str], year: int) -> dict[int, set[str]]:
    """The kinds of pieces that the worksheet of ``year`` asks, by the year they are of."""
    found: dict[int, set[str]] = {}
    for kind, of_year in (kind_and_year(piece, year) for piece in pieces):
        found.setdefault(of_year, set()).add(kind)
    return found


def _offset(piece: str) -> int:
    """The years a piece's name counts from the evaluated one: ``annual_plan-1`` is -1."""
    place = max(piece.rfind("-"), piece.rfind("+"))
    return int(piece[place:]) if place > 0 and piece[place + 1 :].isdigit() else 0


def kind_and_year(piece: str, year: int) -> tuple[str, int]:
    """The kind of a piece and the year it is of, by its name in the worksheet of ``year``."""
    offset = _offset(piece)
    return (piece if not offset else piece[: max(piece.rfind("-"), piece.rfind("+"))]), year + offset
