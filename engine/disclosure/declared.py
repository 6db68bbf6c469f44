"""Who the reporter is, as the two locked texts of a case say it: one for custodians, one for the recipients."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.database import json_text

ANONYMOUS, CONFIDENTIAL, OPEN = WAYS = ("anonymous", "confidential", "open")
ROOM = 4096  # bytes of every identity, told or not: a length would say which it is


@dataclass(frozen=True, slots=True)
class Declared:
    """What the recipients are told of the reporter: the way chosen, the identity of who reports openly, which kind of
    report it is and on top of which case; ``told`` are the first answers, as stored; ``came_by`` how it
    came where an officer wrote it down."""

    way: str
    identity: Mapping[str, str] = field(default_factory=dict)
    kind: str = "report"
    about: str | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    came_by: str = ""

    def to_text(self) -> str:
        """As ``sealed_cases.declared`` holds it, before it is locked."""
        return json_text({"way": self.way, "identity": dict(self.identity), "kind": self.kind, "about": self.about,
                          "told": dict(self.told), "came_by": self.came_by})  # fmt: skip

    @classmethod
    def from_text(cls, text: str) -> Declared:
        """The same again."""
        found = json.loads(text) if text else {"way": ANONYMOUS}
        return cls(**found)


def identity_text(way: str, identity: Mapping[str, str]) -> str:
    """What custodians can open, always as long: nothing at all of who reports anonymously."""
    told = {} if way == ANONYMOUS else dict(identity)
    text = json_text({"way": way, "identity": told})
    return text + " " * (ROOM - len(text.encode()))


def identity_from(text: str) -> Mapping[str, str]:
    """The fields of an opened identity; none of who reports anonymously."""
    found: Mapping[str, str] = json.loads(text)["identity"] if text.strip() else {}
    return found


def declared_identity(way: str, identity: Mapping[str, str]) -> Mapping[str, str]:
    """What of it the recipients may read: all of who reports openly, else nothing."""
    return dict(identity) if way == OPEN else {}
