"""What somebody had typed when their session was gone: carried through the sign-in, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

TECHNICAL = frozenset(
    {"csrf_token", "revision", "action", "task", "state", "item", "next", "section", "op", "act", "row", "to"}
)
# The boxes of rows that are ticked, not written in (``decision:<row>``): what they hold are keys, no words of a person.
TICKED = frozenset({"decision", "not_issued", "evidence", "answer", "pieces", "met", "judge", "confirm"})
SECRET = ("password", "csrf_token", "one_time_code")
PREFIX = "carried."
MOST = 4000  # fields; a form with more is not one of ours


@dataclass(frozen=True, slots=True)
class Carried:
    """``answers`` go to ``path`` again, unchanged, when the person says so; ``back`` is the page they were on."""

    path: str
    answers: tuple[tuple[str, str], ...]

    @property
    def readable(self) -> tuple[tuple[str, str], ...]:
        """The part a person wrote, for looking at it before it is sent."""
        return readable(MultiDict(self.answers))

    @property
    def back(self) -> str:
        """The page the form stood on."""
        return self.path.removesuffix("/act").removesuffix("/attachments")


def readable(form: MultiDict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Name and text of what a person wrote in ``form``, without secrets and technical fields."""
    titles = {"comment": _("Note")}
    return tuple(
        (titles.get(name, _("Typed answer")), value)
        for name, value in form.items(multi=True)
        if isinstance(value, str) and value.strip() and name not in TECHNICAL and not _is_secret(name)
        and not (":" in name and name.partition(":")[0] in TICKED)
        and not name.startswith((PREFIX, "carried_")) and not name.endswith(".#")
    )  # fmt: skip


def from_refused(path: str, form: MultiDict[str, Any]) -> Carried:
    """What was sent to ``path`` by somebody who has to sign in first."""
    return Carried(path, _answers(form.items(multi=True)))


def from_sign_in(path: str, form: MultiDict[str, Any]) -> Carried:
    """The same, read back from the hidden fields of the sign-in page."""
    fields = ((name[len(PREFIX) :], value) for name, value in form.items(multi=True) if name.startswith(PREFIX))
    return Carried(path, _answers(fields))


def _answers(fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in fields if not _is_secret(name))[:MOST]


def _is_secret(name: str) -> bool:
    return any(word in name for word in SECRET)
