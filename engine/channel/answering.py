"""Answers of a report before there is a case: what of the input can be taken, what is shown, what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.answers import clean_answers, completeness, from_store, to_store, visible
from engine.cases.step import Step
from engine.changes import FieldFault
from engine.channel.model import Channel, Question
from engine.definitions.model import Text
from engine.definitions.scope import Scope
from engine.facts import REPORTER, CaseFacts, CaseState
from engine.organisation.directory import snapshot

Stored = Mapping[str, Any]


def taken(
    session: Session, channel: Channel, question: Question, answers: Stored, raw: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Any], dict[str, Text]]:
    """The answers, as stored, with one page's input over them; and what of it cannot be taken, by field. An answer that
    becomes hidden by another is gone."""
    definition = channel.definition
    typed = from_store(definition.fields, answers)
    scope = _scope(session, channel, typed, now)
    values, faults = clean_answers(definition, channel.form.key, raw, frozenset(question.fields), scope)
    after = {key: value for key, value in {**typed, **values}.items() if value is not None}
    return dict(to_store(definition.fields, after)), by_field(faults)


def shown_fields(channel: Channel, answers: Stored) -> frozenset[str]:
    """The form's fields that are visible for these answers."""
    typed = from_store(channel.definition.fields, answers)
    return visible(channel.definition, channel.form, typed, _plain_scope(channel, typed))


def lacking(channel: Channel, answers: Stored, fields: Collection[str]) -> tuple[FieldFault, ...]:
    """What these fields still lack."""
    typed = from_store(channel.definition.fields, answers)
    return completeness(channel.definition, channel.form, typed, frozenset(fields), _plain_scope(channel, typed))


def by_field(faults: Collection[FieldFault]) -> dict[str, Text]:
    """Faults by the field they are told at, the first of each."""
    found: dict[str, Text] = {}
    for fault in faults:
        found.setdefault(fault.path.partition(".")[0], fault.message)
    return found


def _plain_scope(channel: Channel, typed: Mapping[str, Any]) -> Scope:
    return Scope(
        answers=typed,
        region=channel.region,
        initiator=REPORTER,
        user=REPORTER,
        parameters=channel.definition.parameter_values,
    )


def _scope(session: Session, channel: Channel, typed: Mapping[str, Any], now: datetime) -> Scope:
    """With the organisation behind it, for answers that name a unit of it."""
    directory = snapshot(session, channel.region_id, now)
    facts = CaseFacts(
        case_type=channel.definition.case_type,
        number=None,
        title=channel.definition.title.id,
        region=channel.region,
        unit=None,
        initiator=REPORTER,
        opened_at=now,
        revision=0,
        state=CaseState(),
        answers=typed,
        now=now,
        directory=directory,
        holidays=directory.holidays,
    )
    return replace(Step(channel.definition, facts, REPORTER).scope(user=REPORTER), answers=typed)
