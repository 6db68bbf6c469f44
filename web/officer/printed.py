"""The documents of a case as PDF and some as Word documents: which there are, their data, the pages themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from delivery.documents import inspectorate
from delivery.documents.typesetting import render
from delivery.documents.word import word
from engine.cases.views import CasePage
from engine.definitions.model import Definition, Text
from engine.errors import NotFound
from web.documents import DOCUMENTS, IN_WORD, SILENT_DRAFTS
from web.officer.letters import is_at_work, matter_of

EFFECT = "render_document"


@dataclass(frozen=True, slots=True)
class Printable:
    """A document a case has or will have: ``is_draft`` until the step that asks for it has been taken."""

    field: str
    title: Text
    template: str
    is_draft: bool
    asked_at: datetime | None

    @property
    def has_word(self) -> bool:
        """Whether it may be had as a Word document."""
        return self.template in IN_WORD


def printables(page: CasePage) -> tuple[Printable, ...]:
    """Documents of the case: those a step has asked for, and drafts of those a later step will ask for, without those
    the reader may not read. Of a letter and the like only who works on the step that asks for it sees a draft."""
    asked = {item.field: item.requested_at for item in page.documents}
    found = {
        field: template for field, template in _templates(page.definition)
        if (template in DOCUMENTS or template in inspectorate.LETTERS) and page.fields.get(field) != "hidden"
        and (field in asked or not _is_silent(template) or is_at_work(page, field))
    }  # fmt: skip
    if page.closed_at is not None:
        found = {field: template for field, template in found.items() if field in asked}
    fields = page.definition.fields
    return tuple(
        Printable(
            field, fields[field].title if field in fields else Text(field, field), template, field not in asked,
            asked.get(field),
        )
        for field, template in found.items()
    )  # fmt: skip


def pdf(page: CasePage, field: str) -> bytes:
    """The PDF under ``field``. Raises NotFound when the case has no such document."""
    wanted = _wanted(page, field)
    moment = wanted.asked_at or page.now
    if wanted.template in DOCUMENTS:
        return render(*DOCUMENTS[wanted.template](page, field, wanted.is_draft), moment)
    letter = inspectorate.LETTERS[wanted.template]
    return render(inspectorate.FORM, letter(matter_of(page, field, is_draft=wanted.is_draft)), moment)


def docx(page: CasePage, field: str) -> bytes:
    """The same as a Word document. Raises NotFound where there is none."""
    wanted = _wanted(page, field)
    if not wanted.has_word:
        raise NotFound("There is no such document.")
    return word(*DOCUMENTS[wanted.template](page, field, wanted.is_draft), wanted.asked_at or page.now)


def _wanted(page: CasePage, field: str) -> Printable:
    wanted = next((item for item in printables(page) if item.field == field), None)
    if wanted is None or page.form is None:
        raise NotFound("There is no such document.")
    return wanted


def _is_silent(template: str) -> bool:
    """Whether its draft says nothing to those who do not write it."""
    return template in inspectorate.LETTERS or template in SILENT_DRAFTS


def _templates(definition: Definition) -> Iterator[tuple[str, str]]:
    for state in definition.states.values():
        calls = [effect for move in state.transitions.values() for effect in move.effects]
        calls += [effect for always in state.always for effect in always.effects]
        for effect in calls:
            if effect.kind == EFFECT:
                yield str(effect.options.get("field")), str(effect.options.get("template"))
