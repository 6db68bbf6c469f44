"""The second person: who may change what is published, and that it takes two of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.errors import ApprovalMissing
from engine.organisation.directory import snapshot
from engine.organisation.groups import SUPERVISORS
from engine.organisation.models import Account, Person
from engine.publishing.models import Publication


class TwoPeopleNeeded(ApprovalMissing):
    """Nothing was published; ``text`` says in both languages who is missing."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


_BOTH = Text(
    "Mengubah yang sudah berlaku memerlukan dua orang: yang menerbitkan (--by) dan yang menyetujui (--approved-by).",
    "Changing what counts already needs two people: who publishes (--by) and who approves (--approved-by).",
)
_SAME = Text(
    "Penulis sebuah versi tidak dapat menyetujuinya: diperlukan orang kedua.",
    "The author of a version cannot approve it: a second person is needed.",
)
_ROLE = Text(
    "{name} tidak dapat menerbitkan di sini: diperlukan administrator atau anggota kelompok 'supervisors'{where}.",
    "{name} may not publish here: it takes an administrator or a member of the group 'supervisors'{where}.",
)
_OF_REGION = Text(" di daerah ini", " of this region")


def is_published(session: Session, case_type: str, region: int | None) -> bool:
    """Whether something is published that a publication for ``region`` (None: for all) would change there."""
    there = or_(Publication.region_id.is_(None), Publication.region_id == region)  # "= NULL" is never true
    query = select(Publication.id).where(Publication.case_type == case_type, there).limit(1)
    return session.scalar(query) is not None


def require_two_people(
    session: Session, by: int | None, approved_by: int | None, region: int | None, now: datetime
) -> None:  # fmt: skip
    """Raises TwoPeopleNeeded unless two different active people of the region (of any, where it is for all) are named,
    each an administrator or a supervisor."""
    refuse_same(by, approved_by)
    if by is None or approved_by is None:
        raise TwoPeopleNeeded(_BOTH)
    for person_id in (by, approved_by):
        person = session.get(Person, person_id)
        if person is None or not _may_publish(session, person, region, now):
            name = str(person_id) if person is None else person.name
            where = Text("", "") if region is None else _OF_REGION
            raise TwoPeopleNeeded(
                Text(_ROLE.id.format(name=name, where=where.id), _ROLE.en.format(name=name, where=where.en))
            )


def refuse_same(by: int | None, approved_by: int | None) -> None:
    """Raises TwoPeopleNeeded where both are one person."""
    if approved_by is not None and approved_by == by:
        raise TwoPeopleNeeded(_SAME)


def _may_publish(session: Session, person: Person, region: int | None, now: datetime) -> bool:
    if not person.is_active or region not in (None, person.region_id):
        return False
    account = session.get(Account, person.id)
    if account is not None and account.is_admin:
        return True
    return snapshot(session, person.region_id, now).is_member(person.id, SUPERVISORS, now)
