"""Signing in and out, and who is behind each request. Sessions live on the server; the cookie holds only their token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.organisation import accounts
from engine.organisation.directory import snapshot
from web.carried import Carried, from_refused, from_sign_in
from web.installation import here
from web.language import own_address, short_day, words
from web.protection import anybody, signed_in
from web.transaction import READING, db, keep_on_refusal, now

bp = Blueprint("sign_in", __name__)


@dataclass(frozen=True, slots=True)
class Seat:
    """A position somebody holds, as the bar shows it: ``note`` says until when and by which decree."""

    words: str
    note: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a request. ``token_hash`` names the session among the person's others."""

    id: int
    name: str
    username: str
    language: str
    region_id: int
    region_name: str
    timezone: str
    is_admin: bool
    must_change_password: bool
    token_hash: str
    seats: tuple[Seat, ...] = ()

    @property
    def position(self) -> str:
        """The first position, or nothing."""
        return self.seats[0].words if self.seats else ""
