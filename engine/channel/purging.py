"""What reporters left half-done goes after its time: drafts, pages, counts, and files that belong to nobody."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.channel.counting import drop_old_counts
from engine.channel.drafting import WITHOUT_RECEIPT
from engine.channel.files import settings_for
from engine.disclosure import open_pages, sealed_files
from engine.disclosure.models import ReceiptRow, ReporterDraft
from engine.disclosure.sealed_files import Owner
from engine.disclosure.vault import Vault
from engine.errors import DefinitionError
from engine.organisation.models import Region
from engine.organisation.snapshot import organisation

DRAFTS_A_ROUND = 200
_WHERE_UNREADABLE = timedelta(days=7)  # of a region whose file cannot be read now


def purge(session: Session, vault: Vault, now: datetime) -> int:
    """Removes drafts past their days (one day without a receipt), pages nobody can have open, counts of past days, and
    files in the vault without a row. No key is needed. How many drafts and files went; the caller commits."""
    gone = 0
    for region_id, key in session.execute(select(Region.id, Region.key)).all():
        today = now.astimezone(organisation(session, region_id).timezone).date()
        gone += _drafts(session, region_id, today, _days(key), vault)
    open_pages.drop_old_pages(session, now)
    drop_old_counts(session, now)
    return gone + sealed_files.drop_ownerless(session, vault)


def _days(region: str) -> timedelta:
    try:
        return timedelta(days=settings_for(region).draft_days)
    except DefinitionError:
        return _WHERE_UNREADABLE


def _drafts(session: Session, region_id: int, today: date, days: timedelta, vault: Vault) -> int:
    with_receipt = ReporterDraft.has_receipt & (ReporterDraft.day < today - days)
    without = ~ReporterDraft.has_receipt & (ReporterDraft.day < today - WITHOUT_RECEIPT)
    old = select(ReporterDraft.id).where(ReporterDraft.region_id == region_id, with_receipt | without)
    ids = session.scalars(old.limit(DRAFTS_A_ROUND)).all()
    for draft_id in ids:
        sealed_files.remove_all(session, Owner(region_id, draft_id=draft_id), vault)
        session.execute(delete(ReceiptRow).where(ReceiptRow.draft_id == draft_id))
        session.execute(delete(ReporterDraft).where(ReporterDraft.id == draft_id))
    session.flush()
    return len(ids)
