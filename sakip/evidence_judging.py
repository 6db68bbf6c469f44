"""What people do with a registered piece: accept and refuse it, or one use of it alone, or put it right (§8.4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from engine.field_types.question import Unfit
from engine.field_types.reading.words import paragraph
from sakip.evidence_pages import piece_to_read
from sakip.evidence_rights import Keeper, keeper_of
from sakip.facts.evidence import LONGEST_REASON, NotPossible, accept, pieces_of, refuse, repair
from sakip.facts.evidence_uses import refuse_use, restore_use, use_to_judge
from sakip.facts.models import EvidencePiece

ACCEPT, REFUSE, REPAIR, RESTORE = "accept", "refuse", "repair", "restore"
OF_PIECES, OF_USES = (ACCEPT, REFUSE, REPAIR), (REFUSE, RESTORE)


def pieces_to_judge(
    session: Session, person_id: int, numbers: Collection[int], now: datetime
) -> tuple[Mapping[int, EvidencePiece], frozenset[int]]:
    """Those of some pieces that are in the person's region, by number, and which of them they may judge."""
    if not numbers:
        return {}, frozenset()
    keeper = keeper_of(session, person_id, now)
    pieces = pieces_of(session, keeper.region_id, numbers)
    return pieces, frozenset(number for number, one in pieces.items() if keeper.may_judge(one))


def judge(
    session: Session, keeper: Keeper, piece_id: int, verb: str, reason: str, now: datetime, use_id: int | None = None
) -> None:
    """Accept, refuse or (by its keepers) put right a piece; refuse or restore one use of it alone.

    Raises NotFound for a piece or use that is not there or not theirs to read, InvalidInput for another verb,
    NotPossible with the code ``not_yours``, ``own_use``, ``superseded``, ``reason_missing``, ``reason_unfit`` or
    ``state``.
    """
    piece = piece_to_read(session, keeper, piece_id)
    if verb not in (OF_PIECES if use_id is None else OF_USES):
        raise InvalidInput("no such act")
    is_allowed = keeper.may_add_to(piece.unit_id) if verb == REPAIR else keeper.may_judge(piece)
    if not is_allowed:
        raise NotPossible("not_yours", "Those who verify judge evidence, never that of the unit they work in.")
    reason = _readable(reason)
    if use_id is not None:
        used = use_to_judge(session, keeper.region_id, piece.id, use_id)
        if not keeper.may_judge_use(piece, used.unit_id):
            raise NotPossible("own_use", "Those who verify judge no use by the unit they work in.")
        act_on_use = refuse_use if verb == REFUSE else restore_use
        act_on_use(session, keeper.region_id, use_id, by=keeper.person_id, now=now, reason=reason)
        return
    if is_superseded(session, piece):
        raise NotPossible("superseded", "A newer version took the place of this piece.")
    if verb == REPAIR and not reason.strip():
        raise NotPossible("reason_missing", "Say what was put right.")
    acts: dict[str, Callable[..., None]] = {ACCEPT: accept, REFUSE: refuse, REPAIR: repair}
    acts[verb](session, keeper.region_id, piece.id, by=keeper.person_id, now=now, reason=reason)


def _readable(reason: str) -> str:
    """A reason as it is kept. Raises NotPossible for one that is too long or hides characters."""
    if not reason.strip():
        return ""
    try:
        return paragraph(reason, {"max_length": LONGEST_REASON})
    except Unfit as fault:
        raise NotPossible("reason_unfit", str(fault)) from fault


def is_superseded(session: Session, piece: EvidencePiece) -> bool:
    """Whether a newer version took the place of a piece."""
    newer = select(EvidencePiece.id).where(EvidencePiece.supersedes_id == piece.id).limit(1)
    return session.scalar(newer) is not None
