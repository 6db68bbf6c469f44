"""The shipped complaint is published for all and for each region as it is, sealed: nothing is kept while nobody has a
key."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.cases.open import open_case
from engine.cases.sealed import openable
from engine.cases.simulate import run_all
from engine.cases.stored import read_case
from engine.changes import Refusal
from engine.publishing import library
from engine.publishing.publish import publish
from engine.publishing.texts import gather
from engine.vocabulary import load
from tests.factories import a_group, a_person, a_region, a_unit
from tests.sealed_office import a_sealed_office

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "delivery" / "templates"
BASE = "complaint_investigation"


@pytest.mark.parametrize("region_key", [None, "kab_tasikmalaya"])
def test_it_is_published_and_takes_nothing_that_nobody_could_read(
    session: Session, now: datetime, region_key: str | None
) -> None:
    region = a_region(session, region_key)
    person = a_person(session, a_unit(session, region))
    folder = ROOT / "workflows" if region_key is None else ROOT / "workflows" / "regions" / region_key
    gathered, loaded = gather(folder / f"{BASE}.yaml", ROOT, TEMPLATES, load())
    assert gathered is not None and not [problem for problem in loaded.problems if problem.is_error]
    version = publish(
        session, gathered.files, BASE, reason="Uji", by=None, region=None if region_key is None else region.id,
        vocabulary=load(), now=now - timedelta(days=1),
        prove=lambda definition: [result for result in run_all(definition) if not result.passed],
    )  # fmt: skip
    assert library.definition(session, version.digest, load()).is_sealed
    assert library.newest(session, region.id, BASE, now.date()) == version.digest
    assert BASE not in openable(session, region.id, now)
    answers = {"summary": "Retribusi pasar tidak disetor"}
    refused = open_case(session, region_id=region.id, case_type=BASE, person_id=person.id, answers=answers, now=now)
    assert isinstance(refused, Refusal) and refused.code == "no_key_holder"
    assert session.scalar(select(func.count()).select_from(Case)) == 0


@pytest.mark.parametrize(
    ("pack", "acknowledged", "stands_at"),
    [
        ("kab_serdang_bedagai", date(2026, 3, 5), ["verification", "review_order"]),  # as in DI Yogyakarta
        ("kab_tasikmalaya", date(2026, 3, 5), ["verification", "review"]),  # as in Kab. Semarang
        ("kab_kerinci", date(2026, 3, 4), ["first_disposition", "verification"]),  # as in Kota Pekalongan
        ("kota_singkawang", date(2026, 3, 3), ["verification", "review"]),  # as at LKPP
    ],
)
def test_a_sealed_case_goes_its_regions_own_way(
    session: Session, now: datetime, pack: str, acknowledged: date, stands_at: list[str]
) -> None:
    office = a_sealed_office(session, now, pack, publishes=False)
    office.publish(pack=pack)
    a_group(session, office.region, "assistant_inspector_iii", office.people["vito"])  # Kerinci's own body
    told = {"place": "Pasar Baru", "happened_on": "Maret", "manner": "Tanpa karcis"}  # what one or another requires
    assert not isinstance(office.report(**told), Refusal)
    stood = []
    asked = {"verification_note": "Lengkap", **({"meets_criteria": True} if pack == "kota_singkawang" else {})}
    second = ("irma", "register", {}) if pack == "kab_kerinci" else ("vina", "complete", asked)
    for name, action, answers in (("ida", "register", {}), second):
        assert office.do(name, action, **answers) is None, action
        stored = read_case(session, office.case_id, now)
        stood.append(next(key for key in stored.facts.state.active if key != "open"))
    assert stood == stands_at
    due = stored.facts.state.slas["acknowledgement"].due_at
    assert due is not None and due.astimezone(office.zone).date() == acknowledged
