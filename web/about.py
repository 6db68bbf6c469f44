"""Pages about Alur itself: help, accessibility, and whether the process is healthy."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, render_template
from sqlalchemy import text

from web.protection import anybody
from web.transaction import db

bp = Blueprint("about", __name__)


@bp.get("/help")
@anybody
def help_page() -> str:
    """How to work with the queue and a case, on one page."""
    return render_template("about/help.html")


@bp.get("/accessibility")
@anybody
def accessibility() -> str:
    """What is promised, how it is tested, what is known not to work."""
    return render_template("about/accessibility.html")


@bp.get("/health")
@anybody
def health() -> Any:
    """200 when the database answers. Says nothing that is not for everybody."""
    db().execute(text("SELECT 1"))
    return jsonify(status="ok")
