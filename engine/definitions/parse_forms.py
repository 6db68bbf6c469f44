"""Forms: what is asked (reference §7). Fields first, for expressions anywhere may name them; conditions after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from engine.definitions.compiling import Compiler
from engine.definitions.form_names import check_form_names
from engine.definitions.literals import literal
from engine.definitions.model import EMPTY, Field, Form, FormCheck, Placement, Section
from engine.definitions.options import option_fault
from engine.definitions.patterns import check_variables
from engine.definitions.reading import Reader
from engine.definitions.source import DECIMAL, INTEGER, LIST, MAP, TEXT, Entry, Node
from engine.definitions.vocabulary_protocol import Option, VocabularyLike

FORM_KEYS = frozenset(
    [
        "schema",
        "form",
        "version",
        "title",
        "fields",
        "sections",
        "checks",
        "scales",
        "units_of_measure",
        "options_from",
        "legal_basis",
    ]
)
FIELD_KEYS = ("type", "title", "help", "required", "default", "classification", "computed")
CLASSES = ("ordinary", "restricted", "confidential")
LAST = 1_000_000


def parse_fields(root: Node, reader: Reader, vocabulary: VocabularyLike) -> Mapping[str, Field]:
    """The fields of one form, without what is computed."""
    return _fields(root.entries.get("fields"), reader, vocabulary)


def _fields(entry: Entry | None, reader: Reader, vocabulary: VocabularyLike) -> dict[str, Field]:
    if entry is None:
        return {}
    return {key: _field(key, inner, entry.value, reader, vocabulary) for key, inner in reader.keyed(entry).items()}


def _field(key: str, entry: Entry, siblings: Node, reader: Reader, vocabulary: VocabularyLike) -> Field:
    written = entry.value.get("type")
    spec = vocabulary.field_types.get(str(written.value)) if written is not None else None
    if spec is None:
        given = _untyped(entry, written, reader, vocabulary)
    else:
        required = [name for name, option in spec.options.items() if option.is_required]
        given = reader.keys(entry, (*FIELD_KEYS, *spec.options), ("type", *required))
    kind = str(written.value) if written is not None and written.kind == TEXT else "text"
    options: dict[str, Any] = {}
    columns: Mapping[str, Field] = {}
    for name, option in (spec.options if spec is not None else {}).items():
        if name not in given:
            continue
        if name == "columns":
            columns = _fields(given[name], reader, vocabulary)
        else:
            options[name] = read_option(given[name], option, reader)
    if spec is not None:
        for name, message in spec.faults(options):
            at = given.get(name)
            reader.wrong(at.value if at is not None else entry.key, message.id, message.en)
        _check_related(key, kind, given, entry.key, siblings, reader)
    plain = Field(
        key,
        kind,
        reader.title(given.get("title"), key),
        reader.optional_title(given.get("help")),
        reader.boolean(given.get("required")),
        None,
        reader.choice(given.get("classification"), CLASSES, "ordinary") or "ordinary",
        None,
        options,
        columns,
    )
    default = given.get("default")
    if default is None or spec is None:
        return plain
    value = literal(default.value, plain, reader)
    is_checkable = value is not None and None not in options.values() and not spec.faults(options)
    fault = spec.default_fault(value, plain) if is_checkable else None
    if fault is not None:
        reader.wrong(default.value, fault.id, fault.en)
    # A faulty default is still one: the field does not become one that may be empty.
    return replace(plain, default=default.value.plain() if value is None else value)


def _untyped(entry: Entry, written: Node | None, reader: Reader, vocabulary: VocabularyLike) -> Mapping[str, Entry]:
    """A field without a type we know: nothing can be said about its options."""
    if entry.value.kind != MAP:
        reader.wrong_kind(entry.value, MAP)
    elif written is None:
        reader.missing(entry.key, ["type"])
    elif written.kind == TEXT:
        known = vocabulary.field_types
        reader.unknown("WF012", written, "Tidak ada jenis isian", "There is no field type", known)
    else:
        reader.wrong_kind(written, TEXT)
    return entry.value.entries


# -- a type's own options ------------------------------------------------------------------------------------------


def read_option(entry: Entry, option: Option, reader: Reader) -> Any:
    """One option of a field type as a plain value, checked by the kind its file declares."""
    if option.kind == "choices":
        _check_choices(entry, reader)
        return entry.value.plain() if entry.value.kind == MAP else {}
    value = entry.value.plain()
    fault = option_fault(option, value)
    if fault is not None:
        reader.wrong(entry.value, fault.id, fault.en)
        return None
    return value


def _check_choices(entry: Entry, reader: Reader) -> None:
    """``{key: {title}}``: the keys of a choice with what people read."""
    entries = reader.map(entry)
    if not entries and entry.value.kind == MAP:
        reader.wrong(entry.value, "Pilihan belum ditulis.", "There are no options.")
    for inner in entries.values():
        reader.optional_title(reader.keys(inner, ("title",)).get("title"))


def _check_related(key: str, kind: str, given: Mapping[str, Entry], at: Node, siblings: Node, reader: Reader) -> None:
    """What two options say together, or an option and the fields beside it."""
    if kind in ("choice", "choices") and not given.keys() & {"options", "options_from"}:
        reader.missing(at, ["options"])
    if kind == "measure":
        if not given.keys() & {"unit", "unit_from"}:
            reader.missing(at, ["unit_from"])
        unit = given.get("unit_from")
        if (
            unit is not None
            and unit.value.kind == TEXT
            and (unit.value.value not in siblings.entries or unit.value.value == key)
        ):
            beside = [name for name in siblings.entries if name != key]
            reader.unknown("WF026", unit.value, "Tidak ada isian di sampingnya", "There is no field beside it", beside)


# -- the form with its conditions ----------------------------------------------------------------------------------


def parse_form(key: str, root: Node, fields: Mapping[str, Field], compiler: Compiler) -> Form:
    """One form in the light of one case type: its conditions may name that type's states and other fields."""
    entries = root.entries
    check_form_names(root, fields, compiler)
    return Form(
        key,
        compiler.text(entries.get("version")) if "version" in entries else "",
        compiler.title(entries.get("title"), key),
        fields,
        _sections(entries.get("sections"), fields, compiler),
        _checks(entries.get("checks"), compiler),
        {name: _scale(entry, compiler) for name, entry in compiler.keyed(entries.get("scales")).items()},
        {name: entry.value.plain() for name, entry in compiler.map(entries.get("units_of_measure")).items()},
        {name: entry.value.plain() for name, entry in compiler.map(entries.get("options_from")).items()},
    )


def _sections(entry: Entry | None, fields: Mapping[str, Field], compiler: Compiler) -> tuple[Section, ...]:
    found = []
    for key, inner in compiler.keyed(entry).items():
        given = compiler.keys(inner, ("order", "title", "help", "visible_when", "fields"), ("fields",))
        order = compiler.integer(given.get("order"))
        compiler.optional_title(given.get("help"))
        placements = [
            _placement(name, place, fields, compiler) for name, place in compiler.map(given.get("fields")).items()
        ]
        kept = sorted((each for each in placements if each is not None), key=lambda each: each.order)
        found.append(
            Section(
                key,
                LAST if order is None else order,
                compiler.title(given.get("title"), key),
                compiler.expression(given.get("visible_when"), "boolean"),
                tuple(kept),
            )
        )
    return tuple(sorted(found, key=lambda each: each.order))


def _placement(name: str, entry: Entry, fields: Mapping[str, Field], compiler: Compiler) -> Placement | None:
    given = compiler.keys(entry, ("order", "required_when", "visible_when", "message", "width"))
    order = compiler.integer(given.get("order"))
    required = compiler.expression(given.get("required_when"), "boolean")
    visible = compiler.expression(given.get("visible_when"), "boolean")
    message = compiler.optional_title(given.get("message"))
    width = compiler.optional_text(given.get("width"))
    if name not in fields:
        compiler.unknown("WF026", entry.key, "Tidak ada isian", "There is no field", fields)
        return None
    return Placement(name, LAST if order is None else order, required, visible, message, width)


def _checks(entry: Entry | None, compiler: Compiler) -> tuple[FormCheck, ...]:
    found = []
    for key, inner in compiler.keyed(entry).items():
        given = compiler.keys(inner, ("when", "that", "message"), ("that", "message"))
        when = compiler.expression(given.get("when"), "boolean")
        that = compiler.expression(given.get("that"), "boolean")
        message = compiler.title(given.get("message"), key)
        _check_message(given.get("message"), compiler)
        if that is not None:
            found.append(FormCheck(key, when, that, message, that.left))
    return tuple(found)


def _check_message(entry: Entry | None, compiler: Compiler) -> None:
    if entry is None:
        return
    texts = [inner.value for inner in entry.value.entries.values()] if entry.value.kind == MAP else [entry.value]
    for text in texts:
        if text.kind == TEXT:
            check_variables(text, text.value, ("value",), compiler)


def _scale(entry: Entry, compiler: Compiler) -> Mapping[str, Any]:
    """``{key: rank}``: a closed list of words with numbers that order them."""
    ranks: dict[str, Any] = {}
    for name, inner in compiler.map(entry).items():
        if inner.value.kind in (INTEGER, DECIMAL):
            ranks[name] = Decimal(inner.value.value) if inner.value.kind == DECIMAL else inner.value.value
        elif inner.value.kind in (MAP, LIST, TEXT):
            ranks[name] = inner.value.plain()
        else:
            compiler.wrong_kind(inner.value, INTEGER)
    return ranks or EMPTY
