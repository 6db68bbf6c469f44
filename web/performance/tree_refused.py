"""What is told when a draft of a tree would hold more changes than one revision can."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _

from web.performance.tree_desk import Drafting, TooManyRows

TOO_MANY_ROWS = "too_many_rows"


def refused_page(drafting: Drafting, refused: TooManyRows) -> str:
    """What is told when a draft would hold more than one revision can, and nothing was typed."""
    return render_template(
        "performance/refused.html", drafting=drafting, has_errors=True, faults=(), words=too_many_words(refused)
    )


def too_many_words(refused: TooManyRows) -> str:
    """The refusal of a change too many in words, with its code."""
    said = _("One revision holds at most %(most)s changes. Submit these first.", most=refused.args[0])
    return f"{said} ({TOO_MANY_ROWS})"
