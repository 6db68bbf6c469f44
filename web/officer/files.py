"""Files of a case: hanging one on, taking one down to one's own machine, and the documents the engine sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, request, send_file, url_for
from flask_babel import gettext as _

from engine.cases.views import CasePage
from engine.definitions.model import Text
from web.language import short_moment, size
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("files", __name__)


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
