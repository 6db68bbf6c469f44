"""What the demonstration's years of performance are made of: the facts of the file, and who plays which part where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from demo.performance_acts import Acts
from engine.errors import NotFound
from engine.organisation.models import Holder, Unit

FILE = Path(__file__).with_name("performance_year.yaml")
PERIODS = ("q1", "q2", "q3", "q4")


@cache
def facts() -> Mapping[str, Any]:
    """Everything the file says, read once."""
    read: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return read


@dataclass(frozen=True)
class Stage:
    """One region in which the years are played: its acts, and what the file says of it."""

    acts: Acts
    own: Mapping[str, Any]

    @property
    def agencies(self) -> Mapping[str, Mapping[str, Any]]:
        """The agencies that measure, by their key in the facts."""
        found: Mapping[str, Mapping[str, Any]] = self.own["agencies"]
        return found

    def hand(self, part: str, agency: str | None = None) -> str:
        """The account of who plays a part, in an agency or in the region. Raises KeyError."""
        hands = self.own["hands"] if agency is None else {**self.own["hands"], **self.agencies[agency]["hands"]}
        return str(hands[part])

    def unit(self, key: str) -> int:
        """The id of a unit of the region. Raises NotFound."""
        query = select(Unit.id).where(Unit.region_id == self.acts.region.id, Unit.key == key)
        found = self.acts.session.scalar(query)
        if found is None:
            raise NotFound(f"There is no unit '{key}' in this region.")
        return found

    def seat(self, part: str, agency: str | None = None) -> int:
        """The position of who plays a part: the one they hold in their own right. Raises NotFound."""
        person = self.acts.person(self.hand(part, agency))
        query = select(Holder.position_id).where(Holder.person_id == person.id, Holder.kind == "definitif")
        found = self.acts.session.scalar(query.order_by(Holder.id).limit(1))
        if found is None:
            raise NotFound(f"{part} of {agency} holds no position.")
        return found


def indicators(agency: str) -> Iterator[Mapping[str, Any]]:
    """The indicators of an agency's tree, in order."""
    for node in facts()["tree"]["agencies"][agency]:
        yield from node["indicators"]
