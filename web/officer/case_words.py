"""What the case page says around the document: filters of the history, the line on paper, why mails were sent."""

from __future__ import annotations

from flask import g, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from engine.cases.views import CasePage
from engine.definitions.model import Text
from web.language import moment, words
from web.officer.road import KINDS


def history_kinds(page: CasePage, kind: str) -> tuple[tuple[str, str, bool], ...]:
    """The filters of the history: address, words, and whether it is the one in force."""
    titles = {
        "all": _("All"),
        "decisions": _("Decisions"),
        "answers": _("Answers"),
        "remarks": _("Remarks"),
        "mails": _("Mails"),
    }
    chosen = kind if kind in KINDS else "all"
    link = url_for("case.show", case_id=page.case_id)
    return tuple((f"{link}?history={key}#history", str(title), key == chosen) for key, title in titles.items())


def printed(page: CasePage) -> Markup:
    """The first line of the page on paper: where it is from, of when, for whom."""
    return Markup("%s · %s · %s · %s") % (
        page.region_name,
        page.number,
        _("revision %(number)s", number=page.revision),
        _("printed %(moment)s by %(name)s", moment=moment(page.now), name=g.person.name),
    )


def mail_reasons() -> dict[str, str]:
    """Why a mail was sent, by its reason's key."""
    return {
        "assigned": _("A task was offered to the recipient or their position."),
        "reminder": _("A task the recipient may work on is about to fall due."),
        "escalated": _("A task was not done in time and came to the recipient."),
        "returned": _("A case of the recipient was sent back."),
        "outcome": _("A case of the recipient was decided."),
        "incident": _("Something needs a supervisor."),
        "stand_in": _("A stand-in takes care of a task while somebody is away."),
        "followed": _("The recipient follows this case."),
    }


def call_states() -> dict[str, str]:
    """How a call to another system stands, by its state's key."""
    return {"waiting": _("Waiting"), "done": _("Done"), "failed": _("Failed"), "cancelled": _("Cancelled")}


def title_words(title: str, type_title: Text) -> str:
    """A case that has no title of its own, as sealed ones never have, is called by its case type in the reader's
    language."""
    return words(type_title) if title == type_title.id else title
