"""Published performance reports for everybody: the document as it was published, and no person in it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import orjson
from flask import Blueprint, Response

from delivery.documents.typesetting import render
from engine.errors import NotFound
from sakip.public_reports import OF_REGION, PublicDocument, public_document
from sakip.reporting.lkjip_form import FORM, cover_of, lkjip_data
from web.protection import anybody
from web.transaction import db

bp = Blueprint("public_report", __name__)

KEPT = 16  # documents a process keeps: setting one takes a third of a second, and everybody may ask


@bp.get("/public/performance/<region>/reports/<int:year>/<unit>.pdf")
@anybody
def show(region: str, year: int, unit: str) -> Response:
    """The report of a unit (``-``: of the region) and year. NotFound unless it is published."""
    found = public_document(db(), region, year, unit)
    if found is None:
        raise NotFound("There is no such page.")
    answer = Response(_set(_plain(found), found.published_at), mimetype="application/pdf")
    name = f"LKjIP-{year}-{region if unit == OF_REGION else unit}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _plain(found: PublicDocument) -> bytes:
    """The document as its form takes it, with the position that signed it and no name."""
    cover = cover_of(found.region, found.settings)
    return orjson.dumps(lkjip_data(found.values, cover, is_draft=False), option=orjson.OPT_SORT_KEYS)


@lru_cache(maxsize=KEPT)
def _set(plain: bytes, at: datetime) -> bytes:
    return render(FORM, orjson.loads(plain), at)
