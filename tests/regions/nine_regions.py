"""Nine regions in one installation: the same offices everywhere, each with the pack of its own region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from config import ROOT
from engine.cases.fire import Fired, fire
from engine.cases.open import Opened, open_case
from engine.changes import Refusal
from engine.definitions.model import Definition
from engine.facts import Command
from engine.organisation.models import Person, Region, Unit
from engine.publishing.proposals import Published
from engine.publishing.publish import publish
from engine.publishing.texts import gather
from engine.vocabulary import load
from tests.factories import a_group, a_holder, a_person, a_position, a_region, a_unit
from tests.publishers import publishers_if_needed

CASE_TYPE = "performance_agreement"
TEMPLATES = ROOT / "delivery" / "templates"
LINE = (("budi", "approve"), ("dewi", "approve"), ("gita", "approve"), ("indra", "approve"), ("eko", "approve"))
SIGNED = (("sari", "sign"), ("fitri", "sign"))
ROADS: Mapping[str, tuple[tuple[str, str], ...]] = {  # after Sari has submitted: who does what until it is in force
    "kota_bandung": (*LINE, *SIGNED),
    "kab_serdang_bedagai": (("slamet", "verify"), ("slamet", "approve"), *SIGNED),
    "kab_tasikmalaya": (("fitri", "approve"), ("wawan", "approve"), *SIGNED),
    "kab_kerinci": (("sari", "sign"), ("budi", "sign")),
    "kab_sarolangun": (("budi", "approve"), ("budi", "sign"), ("sari", "sign")),
    "kab_aceh_tengah": (("slamet", "approve"), ("usman", "approve"), *SIGNED),
    "kab_mempawah": (("slamet", "approve"), *SIGNED),
    "kota_singkawang": (*LINE, *SIGNED),
    "kota_tanjungbalai": (*LINE, *SIGNED),
}
GROUPS = {
    "planning": "gita", "personnel": "hadi", "finance": "indra", "organisation_bureau": "slamet",
    "validation_team": "usman", "period_keepers": "umar", "super_admins": "vera",
}  # fmt: skip


@dataclass(frozen=True)
class Town:
    """One region with its people by first name; ``definition`` is its own merged one."""

    region: Region
    section: Unit
    people: Mapping[str, Person]
    definition: Definition
    published: Published

    def open(self, session: Session, now: datetime, **answers: Any) -> Opened:
        """An agreement drafted by Sari with the answers of the pack's own fixture."""
        opened = open_case(
            session, region_id=self.region.id, case_type=CASE_TYPE, person_id=self.people["sari"].id,
            answers={**self.definition.fixtures["people"]["data"], **answers}, now=now,
        )  # fmt: skip
        assert isinstance(opened, Opened), opened
        return opened

    def attempt(
        self, session: Session, case_id: int, who: str, action: str, now: datetime, **values: Any
    ) -> Fired | Refusal:
        return fire(session, case_id, Command(action, self.people[who].id, **values), now=now)

    def act(self, session: Session, case_id: int, who: str, action: str, now: datetime, **values: Any) -> Fired:
        """What ``who`` does; it has to be possible."""
        outcome = self.attempt(session, case_id, who, action, now, **values)
        assert isinstance(outcome, Fired), (self.region.key, who, action, outcome)
        return outcome

    def walk(self, session: Session, case_id: int, now: datetime) -> None:
        """From the draft until it is in force, by the region's own chain."""
        for who, action in (("sari", "submit"), *ROADS[self.region.key]):
            self.act(session, case_id, who, action, now)


def a_town(session: Session, key: str, now: datetime, root: Path = ROOT) -> Town:
    """The region ``key`` with offices, people, and its pack from the tree at ``root`` published."""
    region = a_region(session, key)
    top = a_unit(session, region, "region")
    agency = a_unit(session, region, "agency", top)
    division = a_unit(session, region, "division", agency)
    section = a_unit(session, region, "section", division)
    units = {"top": top, "agency": agency, "division": division, "section": section}
    people: dict[str, Person] = {}
    superior = None
    for name, unit, kind in (
        ("gatot", "top", "head"), ("fitri", "agency", "head"), ("dewi", "division", "head"),
        ("budi", "section", "head"), ("sari", "section", "staff"),
    ):  # fmt: skip
        people[name] = a_person(session, units[unit], name.capitalize())
        superior = a_position(session, units[unit], kind, superior)
        a_holder(session, superior, people[name])
    for name, unit in (("eko", "agency"), ("wawan", "top")):
        people[name] = a_person(session, units[unit], name.capitalize())
        a_holder(session, a_position(session, units[unit], "secretary"), people[name])
    for group, name in GROUPS.items():
        people[name] = a_person(session, top, name.capitalize())
        a_group(session, region, group, people[name])
    definition, published = publish_pack(session, region, now - timedelta(days=60), root)
    return Town(region, section, people, definition, published)


def publish_pack(session: Session, region: Region, now: datetime, root: Path = ROOT) -> tuple[Definition, Published]:
    """Publishes a region's pack as it lies in the tree at ``root``; gives the merged definition too."""
    definition, files = _gathered(region.key, root)
    words = load()
    published = publish(
        session, files, CASE_TYPE, reason="Uji", region=region.id, vocabulary=words, now=now,
        prove=lambda definition: (),  # its scenarios have their own test
        **publishers_if_needed(session, CASE_TYPE, region.id),
    )  # fmt: skip
    return definition, published


@cache
def _gathered(region: str, root: Path) -> tuple[Definition, Mapping[str, str]]:
    """The merged definition of a region and the files it is made of; read once for all tests of a tree."""
    path = root / "workflows" / "regions" / region / f"{CASE_TYPE}.yaml"
    gathered, loaded = gather(path, root, TEMPLATES, load())
    assert gathered is not None, loaded.problems
    file = str(path.relative_to(root))
    name = next(name for name, found in loaded.files.items() if found == file)
    return loaded.definitions[name], gathered.files


class Towns(dict[str, Town]):
    """Regions that are founded when a test first asks for them."""

    def __init__(self, session: Session, now: datetime) -> None:
        super().__init__()
        self._session, self._now = session, now

    def __missing__(self, key: str) -> Town:
        self[key] = a_town(self._session, key, self._now)
        return self[key]
