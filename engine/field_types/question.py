"""What every field type answers: how a raw answer becomes a value, is stored, shown and asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from wtforms import SelectChoice, SelectField, StringField  # type: ignore[attr-defined]  # its stubs are older

from engine.changes import FieldFault
from engine.definitions.environment import Environment
from engine.definitions.expression_types import Type
from engine.definitions.model import Field, Form, Text
from engine.definitions.scope import Scope
from engine.definitions.vocabulary_protocol import Option
from engine.field_types.reading.given import is_of_another_kind

MOST_CELLS = 50_000
LIMITS = frozenset(
    {f"{least}_{what}" for least in ("min", "max") for what in ("length", "items", "rows")}
    | {"minimum", "maximum", "pattern", "earliest", "latest"}
)
_OF_THE_FORM = frozenset({"options_from", "scale", "unit", "unit_from", "columns"})


@lru_cache(maxsize=4096)
def without_limits(question: Field) -> Field:
    """The same question where every answer of its kind is taken. Asked again and again for few questions."""
    return replace(question, options={key: value for key, value in question.options.items() if key not in LIMITS})


class Unfit(Exception):
    """An answer that cannot be taken. ``faults`` replaces the one message where rows or entries are at fault."""

    def __init__(self, message: Text, code: str = "invalid", faults: Sequence[FieldFault] = ()) -> None:
        super().__init__(message.en)
        self.message = message
        self.code = code
        self.faults = tuple(faults)

    def at(self, path: str) -> tuple[FieldFault, ...]:
        """The faults, with their paths below ``path``."""
        if self.faults:
            return tuple(replace(each, path=f"{path}.{each.path}") for each in self.faults)
        return (FieldFault(path, self.message, self.code),)


@dataclass(slots=True)
class Context:
    """What an answer is read and shown in: its form's named lists, the answers beside it, the moment.

    ``beside`` holds the answers of the same level (of the row in a table), already read. ``cells`` counts what is
    left of the room one act may fill.
    """

    form: Form | None = None
    scope: Scope | None = None
    beside: Mapping[str, Any] = field(default_factory=dict)
    cells: list[int] = field(default_factory=lambda: [MOST_CELLS])

    def within(self, beside: Mapping[str, Any]) -> Context:
        """The context of a row."""
        return Context(self.form, self.scope, beside, self.cells)

    def use_cell(self) -> None:
        """Takes one cell of the room; raises Unfit when none is left."""
        self.cells[0] -= 1
        if self.cells[0] < 0:
            raise Unfit(Text("Isiannya terlalu banyak.", "There are too many entries."), "too_many")


class FieldType:
    """The parent of all field types. A child overrides what differs.

    ``options`` are the type's own options. Values are those of the contract: see ``docs/reference/forms.md``.
    """

    name: str = ""
    options: Mapping[str, Option] = MappingProxyType({})
    kind: Type = Type("text")
    is_asked: bool = True  # False for a heading

    def type_of(self, field: Field, environment: Environment) -> Type:
        """The type of an answer in an expression."""
        return self.kind

    def faults(self, options: Mapping[str, Any]) -> list[tuple[str, Text]]:
        """What is wrong between options: by default, limits that cross."""
        found = []
        for low, high in (("minimum", "maximum"), ("earliest", "latest"), ("min_length", "max_length")):
            found += crossed(options, low, high)
        for low, high in (("min_items", "max_items"), ("min_rows", "max_rows")):
            found += crossed(options, low, high)
        return found

    def default_fault(self, value: Any, field: Field) -> Text | None:
        """What is wrong with a typed default, where that can be said without the form's named lists."""
        if not _OF_THE_FORM.isdisjoint(field.options):
            return None
        try:
            self.clean(value, field)
        except Unfit as unfit:
            return unfit.message
        return None

    def given_faults(self, value: Any, field: Field, form: Form | None) -> list[tuple[str, Text]]:
        """Where an answer that a scenario begins with is of another kind than the field, of ``form``: paths below the
        field, "" for itself, with the sentences."""
        try:
            self.clean(value, without_limits(field), Context(form))
        except Unfit as unfit:
            found = [(fault.path.partition(".")[2], fault.message) for fault in unfit.at(field.key)]
            return [each for each in found if is_of_another_kind(field, value, each[0].split(".") if each[0] else ())]
        return []

    def clean(self, raw: Any, field: Field, context: Context | None = None) -> Any:
        """The typed value of ``raw``, None when it is empty. Raises Unfit, never anything else."""
        if is_blank(raw):
            return None
        context = context or Context()
        context.use_cell()
        return self.read(raw, field, context)

    def read(self, raw: Any, field: Field, context: Context) -> Any:
        """The typed value of a ``raw`` that is not blank, within the field's limits. Raises Unfit."""
        raise Unfit(Text("Tidak dapat diisi.", "Cannot be filled in."))

    def missing(self, value: Any, field: Field) -> list[str]:
        """The paths below the field of what is required inside a filled value and not there."""
        return []

    def outside(self, value: Any, field: Field) -> Iterable[FieldFault]:
        """Which limits a filled value that was stored long ago does not keep; paths below the field, "" for itself."""
        return ()

    def to_store(self, value: Any, field: Field) -> Any:
        """The value as JSON holds it."""
        return value

    def from_store(self, plain: Any, field: Field) -> Any:
        """The value again."""
        return plain

    def show(self, value: Any, field: Field, language: str, context: Context | None = None) -> str:
        """The value as people read it in ``language``; "" when it is empty."""
        return "" if value is None else str(value)

    def to_input(self, value: Any, field: Field, context: Context | None = None) -> Any:
        """The value as the form field shows it for editing; ``clean`` reads it back to the same value."""
        return "" if value is None else str(value)

    def choices(self, field: Field, language: str, context: Context | None = None) -> list[tuple[str, str]]:
        """The (key, title) pairs to choose from, where the type knows them."""
        return []

    def form_field(
        self,
        field: Field,
        language: str,
        context: Context | None = None,
        choices: Sequence[tuple[str, str]] | None = None,
    ) -> Any:
        """The unbound WTForms field. ``choices`` are the (value, title) pairs where only the caller knows them."""
        if choices is not None:
            return select(field, language, choices)
        return string_field(field, language, self.name)


def is_blank(raw: Any) -> bool:
    """Whether nothing was given: None, "", spaces only, or an empty list or map. Zero and False are given."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.strip()
    return isinstance(raw, list | tuple | dict) and len(raw) == 0


def printable(name: Any) -> str:
    """A name somebody sent, short and without characters that cannot be shown or sent back."""
    shown = str(name)[:60] if isinstance(name, str | int) and not isinstance(name, bool) else ""
    return "".join(each if each.isprintable() else "?" for each in shown) or "?"


def crossed(options: Mapping[str, Any], low: str, high: str) -> list[tuple[str, Text]]:
    """A finding at the upper limit when it lies below the lower one."""
    try:
        is_crossed = low in options and high in options and bool(options[low] > options[high])
    except TypeError:
        # "today" beside a date: known only when somebody answers.
        return []
    return [(high, Text(f"Kurang dari {low}.", f"Is below {low}."))] if is_crossed else []


def words_of(title: Any, otherwise: str, language: str) -> str:
    """A title as people read it: a Text, a map of languages, one text, or nothing."""
    if isinstance(title, Text):
        return title.into(language)
    if isinstance(title, Mapping):
        return str(title.get(language) or title.get("id") or title.get("en") or otherwise)
    return str(title) if title else otherwise


def string_field(field: Field, language: str, kind: str, widget: Any = None, **attributes: Any) -> Any:
    """A one-line WTForms field; the kind stands in ``data-kind`` for style sheets and scripts."""
    return StringField(
        field.title.into(language),
        description=field.help.into(language) if field.help else "",
        render_kw={"data-kind": kind, "autocomplete": "off"} | attributes,
        **({"widget": widget} if widget else {}),
    )


def listed(choices: Sequence[tuple[str, str]]) -> list[Any]:
    """(value, title) pairs as WTForms wants them."""
    return [SelectChoice(value, title) for value, title in choices]


def select(field: Field, language: str, choices: Sequence[tuple[str, str]]) -> Any:
    """A WTForms field with a list to choose one of; the first entry is empty."""
    return SelectField(
        field.title.into(language),
        description=field.help.into(language) if field.help else "",
        choices=listed([("", "–"), *choices]),
        validate_choice=False,
        render_kw={"data-kind": field.type},
    )
