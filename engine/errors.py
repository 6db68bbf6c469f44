"""Errors by name. A refusal is a value (``changes.Refusal``), never one of these."""

from __future__ import annotations

from typing import Protocol


class Sentence(Protocol):
    """A sentence in both languages."""

    @property
    def id(self) -> str: ...

    @property
    def en(self) -> str: ...

    def into(self, language: str, /) -> str: ...


class AlurError(Exception):
    """Something the caller has to be told, in one sentence."""


class DefinitionError(AlurError):
    """A definition cannot be used; the problems say where and why."""


class NotFound(AlurError):
    """There is no such thing, or not for this person."""


class Conflict(AlurError):
    """Somebody else was faster; the case has moved on."""


class InvalidInput(AlurError):
    """What was given cannot be taken; nothing was changed. ``told`` is the sentence for people where there is one."""

    told: Sentence | None = None


class SealedNotKept(InvalidInput):
    """Something of a sealed case type was to be kept where there is no sealed store; nothing was.

    ``code`` is for programs, ``told`` the sentence per language (``definitions.model.Text``)."""

    def __init__(self, code: str, told: Sentence) -> None:
        super().__init__(told.en)
        self.code = code
        self.told: Sentence = told


class EnvironmentFault(AlurError):
    """The machine, a setting or the database is not as it must be."""


class EffectFailed(AlurError):
    """An effect could not be carried out; nothing of its step may be kept."""


class ApprovalMissing(AlurError):
    """A second person has to agree, and has not."""


class KeyNeeded(AlurError):
    """Something sealed has to be read, and nobody who holds its key is at work. A person unlocks their key and tries
    again; the worker leaves it to them."""

    def __init__(self) -> None:
        super().__init__("This is sealed: it opens only with the key of somebody who holds one.")
