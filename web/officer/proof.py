"""The code that some acts require: asked for with the act itself, and used up only by an act that is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import g, request, url_for

from engine.cases.fire import Fired
from engine.changes import ActionView, Refusal
from engine.definitions.model import Text
from engine.organisation import second_factor
from engine.organisation.faults import TooManyTries
from web.installation import here
from web.officer.second_factor import seal, told
from web.transaction import db, now

REQUIRED = "second_factor_required"
NOT_SET_UP = Refusal(
    REQUIRED,
    Text(
        "Langkah ini memerlukan kode verifikasi, dan verifikasi dua langkah Anda belum dipasang.",
        "This step requires a verification code, and your two-step verification is not set up yet.",
    ),
    Text("Pasang di pengaturan Anda", "Set it up in your settings"),
    {"set_up": True},
)


def done_with_code(do: Callable[[bool], Fired | Refusal], *, keeps: bool = False) -> Fired | Refusal:
    """Carry out ``do``, which takes whether a second factor came with the act.

    Only an act that is refused for want of one has the code of the request looked at; a right one is used up together
    with what the act changes. Before the second attempt the request's changes are undone, or with ``keeps`` committed.
    """
    outcome = do(False)
    if not isinstance(outcome, Refusal) or outcome.code != REQUIRED:
        return outcome
    person, code = g.person.id, request.form.get("one_time_code", "").strip()
    if not second_factor.is_enrolled(db(), person):
        return NOT_SET_UP
    if not code:
        return outcome
    # A try is counted in a transaction of its own, which must not wait for this one.
    db().commit() if keeps else db().rollback()
    try:
        second_factor.count_try(here().database, person, now())
    except TooManyTries as fault:
        return replace(outcome, sentence=Text(told(fault), told(fault)))
    if not second_factor.accept(db(), person, code, seal(), now()):
        return replace(outcome, sentence=second_factor.WRONG_CODE)
    for sent in request.files.values():
        sent.stream.seek(0)
    again = do(True)
    if isinstance(again, Refusal):
        db().rollback()
        second_factor.take_back_try(here().database, person)
    return again


def with_what_is_set_up(views: Sequence[ActionView]) -> list[ActionView]:
    """The actions for the reader: what requires a code is refused to somebody who cannot have one yet."""
    if not any("second_factor" in view.needs and view.refusal is None for view in views):
        return list(views)
    if second_factor.is_enrolled(db(), g.person.id):
        return list(views)
    return [
        replace(view, refusal=NOT_SET_UP) if "second_factor" in view.needs and view.refusal is None else view
        for view in views
    ]


def place_of_code(refusal: Refusal) -> str:
    """Where the next step of ``second_factor_required`` is: the field, or one's settings."""
    return url_for("second_factor.show") if refusal.values.get("set_up") else "#one_time_code"
