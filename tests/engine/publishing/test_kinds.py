"""What is no case type is published through the same gate: checked, proved, by a second person, told in the audit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.definitions.problems import Position, Problem, Problems
from engine.errors import AlurError, InvalidInput, NotFound
from engine.publishing import library
from engine.publishing.approval import TwoPeopleNeeded
from engine.publishing.kinds import KINDS, Built, Kind, kind_called, register
from engine.publishing.proposals import NotPublishable
from engine.publishing.publish import propose_kind, publish_kind
from engine.publishing.record import publications
from engine.publishing.verify import verify_all
from tests.factories import a_region
from tests.publishers import publishers

ON = date(2026, 3, 2)


@dataclass(frozen=True)
class PriceList:
    digest: str
    version: str
    title: Text
    region: str | None
    legal_basis: Sequence[str] = ()
    valid_from: date | None = None


def read(files: Mapping[str, str], key: str, region: str | None) -> tuple[Built | None, Sequence[Problem]]:
    text = files[f"{key}.txt"]
    problems = Problems()
    if "?" in text:
        problems.add("WF012", Position(f"{key}.txt", 1, 1), "Harga tidak terbaca.", "A price cannot be read.")
        return None, tuple(problems.sorted())
    digest = hashlib.sha256(f"{key} {region} {text}".encode()).hexdigest()
    return PriceList(digest, text.partition(" ")[0], Text("Daftar harga", "Price list"), region), ()


def prove(files: Mapping[str, str], key: str, region: str | None) -> Sequence[Any]:
    return ["a price below zero"] if "-" in files[f"{key}.txt"] else ()


def impact(session: Session, files: Mapping[str, str], key: str, region: int | None) -> Sequence[Mapping[str, Any]]:
    return [{"figure": "parking", "old": "2000", "new": files[f"{key}.txt"].partition(" ")[2]}]


PRICES = Kind("price-list", build=read, prove=prove, impact=impact)


def publish(session: Session, now: datetime, text: str, region: int | None = None, **people: Any) -> str:
    done = publish_kind(
        session, {"parking.txt": text}, PRICES, "parking", reason="Tarif", region=region, now=now,
        **({"by": None} | people),
    )  # fmt: skip
    return done.digest


def counting(session: Session, region_id: int) -> Mapping[str, str]:
    return {key: row.version for key, row in library.newest_of_kind(session, region_id, "price-list", ON).items()}


def test_a_version_counts_is_numbered_and_told_in_the_audit(session: Session, now: datetime) -> None:
    region = a_region(session)
    publish(session, now, "1.0 2000")
    assert counting(session, region.id) == {"parking": "1.0"}
    publish(session, now, "1.1 3000", **publishers(session))
    assert counting(session, region.id) == {"parking": "1.1"}
    told = publications(session, "price-list/parking", None)
    assert [(one.number, one.version, one.is_audited) for one in told] == [(2, "1.1", True), (1, "1.0", True)]
    assert list(told[0].decisions or ()) == [{"figure": "parking", "old": "2000", "new": "3000"}]
    assert verify_all(session) == []


def test_a_region_has_its_own_and_no_case_can_be_opened_of_it(session: Session, now: datetime) -> None:
    ours, theirs = a_region(session), a_region(session)
    publish(session, now, "1.0 2000")
    publish(session, now, "1.0-ours 1000".replace("-", "+"), ours.id, **publishers(session, ours.id))
    assert counting(session, ours.id) == {"parking": "1.0+ours"}
    assert counting(session, theirs.id) == {"parking": "1.0"}
    assert library.newest_of_all(session, ours.id, ON) == {}
    assert library.newest_of_kind(session, ours.id, "price", ON) == {}


def test_changing_what_counts_takes_a_second_person_and_the_same_text_nobody(session: Session, now: datetime) -> None:
    first = publish(session, now, "1.0 2000")
    assert propose_kind(session, {"parking.txt": "1.1 3000"}, PRICES, "parking", region=None).needs_two
    with pytest.raises(TwoPeopleNeeded):
        publish(session, now, "1.1 3000")
    assert publish(session, now + timedelta(days=1), "1.0 2000") == first
    assert len(publications(session, "price-list/parking", None)) == 1


@pytest.mark.parametrize("text", ["1.0 ?", "1.0 -5"])
def test_with_an_error_or_a_failed_proof_nothing_is_published(session: Session, now: datetime, text: str) -> None:
    region = a_region(session)
    with pytest.raises(NotPublishable):
        publish(session, now, text)
    with pytest.raises(InvalidInput):
        publish_kind(session, {"parking.txt": "1.0 1"}, PRICES, "parking", reason=" ", by=None, region=None, now=now)
    assert counting(session, region.id) == {}


def test_what_only_the_store_tells_is_found_before_a_version_counts(session: Session, now: datetime) -> None:
    def look(session: Session, files: Mapping[str, str], key: str, region: int | None) -> Sequence[Problem]:
        problems = Problems()
        if "parking" in library.newest_of_kind(session, region or 0, "price-list", ON):
            problems.add("WF012", Position(f"{key}.txt", 1, 1), "Sudah ada.", "There is one already.")
        return problems.sorted()

    region = a_region(session)
    looking = replace(PRICES, look=look)
    assert propose_kind(session, {"parking.txt": "1.0 2000"}, looking, "parking", region=region.id).is_good
    publish(session, now, "1.0 2000")
    assert not propose_kind(session, {"parking.txt": "1.0 2000"}, looking, "parking", region=region.id).is_good


@pytest.fixture
def registry() -> Iterator[None]:
    """What a test registers is gone after it."""
    before = dict(KINDS)
    yield
    KINDS.clear()
    KINDS.update(before)


def test_a_kind_has_one_owner_and_a_name_of_its_own(registry: None) -> None:
    assert register(PRICES) is PRICES
    assert kind_called("price-list") is PRICES
    with pytest.raises(AlurError, match="registered by"):
        register(Kind("price-list", build=read, prove=_somebody_elses, impact=impact))
    with pytest.raises(AlurError, match="called like-this"):
        register(Kind("Price/List", build=read, prove=prove, impact=impact))
    with pytest.raises(NotFound):
        kind_called("no-such-kind")


def _somebody_elses(files: Mapping[str, str], key: str, region: str | None) -> Sequence[Any]:
    return ()


_somebody_elses.__module__ = "elsewhere"
