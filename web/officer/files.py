"""Files of a case: hanging one on, taking one down, and the documents the engine sets."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from engine.cases.attachments import attach, open_attachment
from engine.cases.views import AttachmentView, CasePage
from engine.changes import Refusal
from engine.disclosure.vault import Vault
from web.installation import here
from web.language import short_day, short_moment, size, words
from web.officer.printed import docx, pdf
from web.officer.reading import read_case_page
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("files", __name__)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG", "text/plain": "TXT", "text/csv": "CSV"}


@dataclass(frozen=True, slots=True)
class FileRow:
    """An attachment as the list shows it; ``original`` leads to it as it was sent, where the reader may have that."""

    href: str
    name: str
    kind: str
    size: str
    by: str
    at: str
    sha256: str
    original: str = ""


def attachment_rows(page: CasePage) -> tuple[FileRow, ...]:
    """The attachments of ``page``, oldest first."""
    return tuple(_row(page, item) for item in page.attachments)


def _row(page: CasePage, item: AttachmentView) -> FileRow:
    by = item.person_name or str(_("The reporter"))
    if page.sealed is None:
        href = url_for("files.download", case_id=page.case_id, attachment_id=item.id)
        return FileRow(href, item.name, _kind(item), size(item.size), by, short_moment(item.attached_at), item.sha256)
    href, original = (
        url_for("sealed.download", case_id=page.case_id, file_id=one) if one else ""
        for one in (item.id, item.original_id)
    )
    return FileRow(
        href, item.name, _kind(item), size(item.size), by, short_day(item.attached_at), item.sha256, original
    )


def _kind(item: AttachmentView) -> str:
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
    outcome = attach(
        db(), case_id, g.person.id, stream, name or "", now=now(), store=here().files,
        vault=Vault(here().settings.sealed_dir), largest=here().settings.largest_file,
    )  # fmt: skip
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
    page = read_case_page(case_id)
    name = f"{page.number.replace('/', '-')}.pdf"
    return send_file(io.BytesIO(pdf(page, field)), mimetype="application/pdf", as_attachment=True, download_name=name)


@bp.get("/case/<int:case_id>/document/<string:field>.docx")
@signed_in
def word_document(case_id: int, field: str) -> Response:
    """The same as a Word document, where it is written as one."""
    page = read_case_page(case_id)
    name = f"{page.number.replace('/', '-')}.docx"
    return send_file(io.BytesIO(docx(page, field)), mimetype=WORD, as_attachment=True, download_name=name)
