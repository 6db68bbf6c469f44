"""Lists of what leaves the house: one that failed has a button for another try."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, g, redirect, request
from flask_admin import expose
from flask_babel import gettext as _

from admin.audited_view import AuditedView
from engine.outbox.messages import FAILED
from web.transaction import db, now


class TriedAgainView(AuditedView):
    """A list of rows with a ``state``. ``send_again(session, id, moment, by=person)`` is the engine's own call."""

    send_again: ClassVar[Any]

    def again(self, context: Any, row: Any) -> Any:
        """The button for one that failed; nothing for the others."""
        return context.vars["again_button"](row.id) if row.state == FAILED else ""

    @expose("/again", methods=("POST",))
    def try_again(self) -> Any:
        """One more try for one that failed."""
        row = self.get_one(request.form.get("id", ""))
        self.send_again(db(), row.id, now(), by=g.person.id)
        flash(_("It is tried again in a moment."), "good")
        return redirect(self.get_url(".index_view"), 303)
