"""Files of a case: hanging one on, taking one down, and the documents the engine sets."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from engine.cases.attachments import attach, open_attachment
from engine.cases.pages import case_page
from engine.cases.views import CasePage
from engine.changes import Refusal
from web.installation import here
from web.language import short_moment, size, words
from web.officer.printed import pdf
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("files", __name__)

KINDS = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG", "text/plain": "TXT", "text/csv": "CSV"}


@dataclass(frozen=True, slots=True)
class FileRow:
    """An attachment as the list shows it."""

    href: str
    name: str
    kind: str
    size: str
    by: str
    at: str
    sha256: str


def attachment_rows(page: CasePage) -> tuple[FileRow, ...]:
    """The attachments of ``page``, oldest first."""
    return tuple(
        FileRow(
            url_for("files.download", case_id=page.case_id, attachment_id=item.id),
            item.name, _kind(item), size(item.size), item.person_name, short_moment(item.attached_at), item.sha256,
        )
        for item in page.attachments
    )  # fmt: skip


def _kind(item: Any) -> str:
    return KINDS.get(item.media_type) or item.name.rpartition(".")[2].upper()[:5]


@bp.post("/case/<int:case_id>/attachments")
@signed_in
def attach_file(case_id: int) -> Any:
    """Hang a file on the case; a refused one says why, and what it was."""
    sent = request.files.get("file")
    refusal = keep_file(case_id, sent)
    if refusal is None:
        flash(_("%(name)s hangs on the case now.", name=sent.filename if sent else ""), "good")
    else:
        db().rollback()
        flash(words(refusal.sentence), "bad")
    return redirect(url_for("case.show", case_id=case_id) + "#attachments", 303)


def keep_file(case_id: int, sent: FileStorage | None) -> Refusal | None:
    """Store what was sent with the case; a Refusal says why not."""
    name = sent.filename if sent is not None else ""
    stream = sent.stream if sent is not None else io.BytesIO()
    outcome = attach(db(), case_id, g.person.id, stream, name or "", now=now(), store=here().files)
    return outcome if isinstance(outcome, Refusal) else None


@bp.get("/case/<int:case_id>/attachments/<int:attachment_id>")
@signed_in
def download(case_id: int, attachment_id: int) -> Response:
    """The file, always as a download, never shown by the browser as a page of ours."""
    found, stream = open_attachment(db(), case_id, attachment_id, g.person.id, now(), here().files)
    answer = send_file(stream, mimetype="application/octet-stream", as_attachment=True, download_name=found.name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@bp.get("/case/<int:case_id>/document/<string:field>.pdf")
@signed_in
def document(case_id: int, field: str) -> Response:
    """A document of the case as PDF; before its step it is marked as a draft."""
    page = case_page(db(), g.person.id, case_id, now())
    name = f"{page.number.replace('/', '-')}.pdf"
    return send_file(io.BytesIO(pdf(page, field)), mimetype="application/pdf", as_attachment=True, download_name=name)
