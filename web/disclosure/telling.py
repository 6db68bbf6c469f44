"""A draft's answers as its writer reads them once more before sending."""

from __future__ import annotations

from dataclasses import dataclass

from engine.channel import drafting, picking
from engine.channel.drafting import Draft
from engine.channel.model import EVIDENCE
from engine.definitions.model import Field, Form, Text
from engine.disclosure.declared import ANONYMOUS
from engine.field_types import kind_of
from engine.field_types.question import Context, is_blank
from web.disclosure.asking import Choices
from web.disclosure.house import db, door, now
from web.disclosure.language import language, words


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the summary; ``value`` is empty when nothing was answered."""

    question: str
    title: Text
    value: str


def choices(kind: str) -> Choices:
    """What can be picked for fields of this kind of report that name something of the region."""
    return picking.choices(db(), door().of(kind), now())


def told(draft: Draft) -> tuple[Told, ...]:
    """Every visible question's fields, in the order of the pages."""
    lines: list[Told] = []
    form, offered = door().of(draft.kind).form, choices(draft.kind)
    for question in drafting.visible_questions(draft, door()):
        if question.kind == EVIDENCE:
            names = "\n".join(file.name for file in draft.files)
            lines.append(Told(question.key, question.title, names))
            continue
        fields = [form.fields[key] for key in question.fields]
        for field in fields:
            # A page with one question is known by the question, which may say it better than the form does.
            title = question.title if len(fields) == 1 else field.title
            lines.append(Told(question.key, title, _shown(form, field, draft.answers.get(field.key), offered)))
    return tuple(lines)


def identity(draft: Draft) -> tuple[Told, ...]:
    """What was told of who reports; nothing when it is nobody's business."""
    if draft.way in (None, ANONYMOUS):
        return ()
    return tuple(Told("", field.title, draft.identity.get(field.key, "")) for field in door().settings.identity_fields)


def _shown(form: Form, field: Field, stored: object, offered: Choices) -> str:
    if is_blank(stored):
        return ""
    if field.key in offered:
        titles = {value: words(title) for value, title in offered[field.key]}
        return titles.get(str(stored), str(stored))
    if field.type == "list" and isinstance(stored, list | tuple):
        return "\n".join(str(one) for one in stored)
    kind = kind_of(field.type)
    return kind.show(kind.from_store(stored, field), field, language(), Context(form=form))
