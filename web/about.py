"""Pages about Alur itself: help, accessibility, and whether the process is healthy."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, render_template

from engine.cases.incidents import count_open
from engine.timers import heartbeat
from web.protection import anybody
from web.transaction import db, now

bp = Blueprint("about", __name__)

WORKER_IS_LATE = timedelta(minutes=1)


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
    """200 while the database answers and a worker lives, else 503. Says nothing that is not for everybody."""
    seen = heartbeat.last_seen(db())
    works = seen is not None and now() - seen < WORKER_IS_LATE
    answer = jsonify(
        status="ok" if works else "degraded",
        database="ok",
        worker="ok" if works else "not seen",
        incidents=count_open(db()),
    )
    answer.status_code = 200 if works else 503
    return answer
