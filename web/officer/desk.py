"""A form on somebody's desk: of a task in a case, or of a case not yet opened. What was typed, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from engine.cases import drafts
from engine.changes import FieldFault
from engine.definitions.model import Definition, Form, Section
from engine.facts import CaseFacts
from engine.vocabulary import load
from web.answering import Answering, Reading
from web.conditions import condition_words
from web.fields import Boxes
from web.form_sections import SEND, NavItem, navigation
from web.forms import Filled, Painter
from web.language import clock, language, short_moment, zone
from web.officer.region_lists import StoreLists
from web.posted import bounded, new_row, plain
from web.transaction import db, now

REMOVED, TITLE = "#removed", "#title"


@dataclass(eq=False)
class Desk:
    """``editable`` fields may be answered, ``visible`` ones seen; ``revision`` is the case's, None before it opens.

    ``endpoint`` and ``address`` lead back here; ``note`` is what a reviewer sent the case back with (who, what).
    """

    subject_key: str
    definition: Definition
    form: Form
    facts: CaseFacts
    editable: frozenset[str]
    visible: frozenset[str]
    endpoint: str
    address: Mapping[str, Any]
    subject: str
    back_href: str
    back_words: str
    revision: int | None = None
    note: tuple[str, str] = ("", "")
    case_id: int | None = None
    draft: drafts.SavedDraft | None = field(default=None, init=False)
    raw: dict[str, Any] = field(default_factory=dict, init=False)

    def load(self) -> Desk:
        """Put the stored answers on the desk, and over them what was typed and not sent."""
        self.draft = drafts.load(db(), g.person.id, self.subject_key)
        kept = dict(self.draft.answers) if self.draft is not None else {}
        self.raw = {key: self.start(key) for key in self.editable} | {
            key: bounded(self.form.fields[key], value) if key in self.editable else value
            for key, value in kept.items()
            if key in self.editable or key in (REMOVED, TITLE)
        }
        return self

    def start(self, key: str) -> Any:
        """A field as it stands before anything is typed: stored, its default, or the row that has to be filled in."""
        asked, stored = self.form.fields[key], self.facts.answers.get(key)
        if stored in (None, []) and self.revision is None and asked.default is not None:
            return plain(asked.default)
        text = self.boxes.typed(asked, stored)
        if asked.type == "table" and not text and (asked.is_required or asked.options.get("min_rows")):
            return [new_row(asked, [], None)]
        return text

    def keep(self, raw: dict[str, Any], comment: str | None = None) -> None:
        """Keep what was typed as a draft."""
        self.raw = raw
        said = comment if comment is not None else (self.draft.comment if self.draft else "")
        drafts.save(
            db(), g.person.id, self.subject_key, form=self.form.key, answers=raw, now=now(), comment=said,
            revision=self.revision,
        )  # fmt: skip
        self.draft = drafts.load(db(), g.person.id, self.subject_key)

    def forget(self) -> None:
        """Throw away what was typed and not sent: the stored answers stand again."""
        drafts.discard(db(), g.person.id, self.subject_key)

    # -- reading ---------------------------------------------------------------------------------------------------

    @cached_property
    def answering(self) -> Answering:
        return Answering(self.definition, self.form, self.facts, g.person.id, self.editable)

    @cached_property
    def boxes(self) -> Boxes:
        lists = StoreLists(db(), g.person.region_id, g.person.id)
        return Boxes(self.form, self.answering.scope(), language(), lists, self.case_id is not None)

    def read(self) -> Reading:
        """What stands on the desk, read."""
        return self.answering.read(self.raw)

    @property
    def answers(self) -> dict[str, Any]:
        """What is sent with an act: as typed, without our own notes."""
        return {key: value for key, value in self.raw.items() if key in self.editable}

    # -- sections --------------------------------------------------------------------------------------------------

    def sections(self, reading: Reading) -> tuple[Section, ...]:
        """The sections that ask something of this person now; one that only its own answers hide stays."""
        return tuple(
            section
            for section in self.form.sections
            if any(placement.field in self.editable for placement in section.placements)
            and (section.visible_when is None or any(p.field in reading.asked for p in section.placements))
        )

    def chosen(self, reading: Reading) -> Section | None:
        """The section asked for in the address; None for the last page, where everything is checked and sent."""
        wanted = request.values.get("section")
        if wanted == SEND:
            return None
        sections = self.sections(reading)
        return next((section for section in sections if section.key == wanted), sections[0] if sections else None)

    def href(self, section: str | None = None, **more: Any) -> str:
        """The address of a section."""
        at = more.get("at")
        return url_for(self.endpoint, **self.address, section=section, **more, _anchor=at)

    def navigation(self, reading: Reading, current: str, checks: bool) -> tuple[NavItem, ...]:
        """The list beside the form: each section with how complete it is, and the last page."""
        return navigation(self.sections(reading), reading, current, self.href, self.raw, checks)

    def groups(self, section: Section, reading: Reading, checks: bool) -> Any:
        """What the macros draw of a section."""
        shown = reading.faults if checks else ()
        editable = frozenset(self.editable)
        filled = Filled(
            self.form, self.raw, reading.values, _by_path(fault for fault in shown if fault.code != "check"),
            _checks(shown),
            editable, self.visible, editable - reading.asked, self._conditions(section), self.note,
        )  # fmt: skip
        return Painter(filled, self.boxes, language()).groups(section)

    def _conditions(self, section: Section) -> dict[str, str]:
        return {
            placement.field: condition_words(placement.visible_when, self.form, load().field_types, language())
            for placement in section.placements
            if placement.visible_when is not None
        }

    # -- words -----------------------------------------------------------------------------------------------------

    @property
    def saved_words(self) -> str:
        """When the draft was kept."""
        if self.draft is None:
            return str(_("What you type is kept as a draft."))
        return str(_("Draft saved %(time)s", time=self._moment(self.draft.updated_at)))

    def _moment(self, moment: datetime) -> str:
        is_today = (now() - moment).total_seconds() < 12 * 3600
        local = moment.astimezone(zone())
        return f"{clock(moment) if is_today else short_moment(moment)} {local.tzname()}"

    @property
    def removed_words(self) -> str:
        """The row that was just taken out and can be brought back."""
        removed = self.raw.get(REMOVED)
        return str(_("%(row)s was removed.", row=removed["label"])) if isinstance(removed, dict) else ""


def _by_path(faults: Iterable[FieldFault]) -> dict[str, str]:
    """Words by path; several about one place stand together."""
    told: dict[str, str] = {}
    for fault in faults:
        said = fault.message.into(language())
        told[fault.path] = f"{told[fault.path]} {said}" if fault.path in told else said
    return told


def _checks(faults: Iterable[FieldFault]) -> dict[str, tuple[str, ...]]:
    """What the form's checks say, by the path they stand at."""
    told: dict[str, tuple[str, ...]] = {}
    for fault in faults:
        if fault.code == "check":
            told[fault.path] = (*told.get(fault.path, ()), fault.message.into(language()))
    return told
