"""What stands on every page: the places of the bar, who is reading, the moment, the other language."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from engine.cases.access import reader_of
from engine.cases.identity_release import count_waiting, is_custodian
from engine.definitions.model import Text
from engine.tasks.queue import count_mine
from web.installation import here
from web.language import LANGUAGES, language, words
from web.transaction import READING, db, now

IDENTITIES = "/identity-requests"
ADDED = "alur_places"


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the bar."""

    words: str
    href: str
    is_current: bool
    count: str = ""
    counted: str = ""  # what the number counts, for who hears it


@dataclass(frozen=True, slots=True)
class AddedPlace:
    """An entry of the bar that a part of the installation brings: its title, and where it leads."""

    title: Text
    href: str


def add_place(app: Flask, place: AddedPlace) -> None:
    """Put an entry into the bar of everybody who is signed in."""
    app.extensions.setdefault(ADDED, []).append(place)


def added_places() -> tuple[AddedPlace, ...]:
    """The entries that parts have brought."""
    return tuple(current_app.extensions.get(ADDED, ()))


def _places() -> tuple[Place, ...]:
    path = request.path
    tasks, waiting = _queue_count(), 0
    count = str(tasks) if tasks is not None and tasks.number else ""
    entries = [
        (_("Queue"), "/queue", path.startswith("/queue") or path == "/", count),
        (_("Cases"), "/cases", path.startswith(("/cases", "/case/")) and not path.startswith("/cases/new"), ""),
        (_("New case"), "/cases/new", path.startswith("/cases/new"), ""),
    ]
    entries += [(words(place.title), place.href, path.startswith(place.href), "") for place in added_places()]
    if g.person.is_supervisor:
        entries.append((_("Incidents"), "/incidents", path.startswith("/incidents"), ""))
    if _keeps_identities():
        waiting = count_waiting(db(), g.person.id, now())
        here_too = path.startswith(IDENTITIES)
        entries.append((_("Identities"), IDENTITIES, here_too, str(waiting) if waiting else ""))
    if g.person.is_key_open:
        entries.append((_("Statistics"), "/statistics", path.startswith(("/statistics", "/retention")), ""))
    if g.person.is_admin:
        entries.append((_("Administration"), "/admin/", path.startswith("/admin"), ""))
    # An error page says nothing of the address, so no place is current on it.
    may_tell = not g.get("hides_address")
    counted = {
        "/queue": ngettext("task", "tasks", tasks.number if tasks is not None else 0),
        IDENTITIES: ngettext("request", "requests", waiting),
    }
    return tuple(
        Place(words, href, is_here and may_tell, held, counted.get(href, "")) for words, href, is_here, held in entries
    )


def _keeps_identities() -> bool:
    """Whether the reader keeps names that reporters left in confidence; asked on pages that read, as the number is."""
    if request.method not in READING or g.get("hides_address"):
        return False
    return is_custodian(db(), g.person.id, now())


def _queue_count() -> Any:
    """The number beside "Queue": on pages that read; a page of an error asks the database nothing more."""
    if "queue_count" not in g and request.method in READING and not g.get("hides_address"):
        g.queue_count = count_mine(db(), reader_of(db(), g.person.id, now()))
    return g.get("queue_count")


def _here() -> str:
    if g.get("hides_address") or request.method != "GET":
        return "/"
    return request.full_path.rstrip("?")


def _context() -> dict[str, Any]:
    person = g.get("person")
    other = "en" if language() == "id" else "id"
    return {
        "person": person,
        "places": _places() if person is not None else (),
        "language": language(),
        "other_language": other,
        "other_language_name": LANGUAGES[other],
        "here": _here(),
        "now": now(),
        "is_demo": here().settings.demo,
        "has_errors": False,
    }


@lru_cache(maxsize=256)
def _digest(path: str, changed: float) -> str:  # noqa: ARG001  a changed file is read again
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def _signs() -> str:
    """The address of our sprite, made once a page: a table has hundreds of signs."""
    if "signs" not in g:
        g.signs = url_for("static", filename="icons.svg")
    address: str = g.signs
    return address


def install(app: Flask) -> None:
    """Give every template the words above, and every static address the digest of its file."""

    @app.url_defaults
    def name_the_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            path = Path(str(app.static_folder), values["filename"])
            if path.is_file():
                values["v"] = _digest(str(path), path.stat().st_mtime)

    app.context_processor(_context)
    app.jinja_env.globals["Text"] = Text
    app.jinja_env.globals["signs"] = _signs
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
