"""Questions of a form, columns of a table: what is asked, which answers fit, who may see them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.diff.actors import Place
from engine.definitions.diff.plain import is_same, plain
from engine.definitions.diff.values import RELAXED, RULE, WORDS, Comparison, both_keys, listed, quoted
from engine.definitions.diff.words import value
from engine.definitions.model import Field, Text

_CLASSES = ("ordinary", "restricted", "confidential")
_CLASS_WORDS: Mapping[str, Text] = {
    "ordinary": Text("biasa", "ordinary"),
    "restricted": Text("terbatas", "restricted"),
    "confidential": Text("rahasia", "confidential"),
}
_OPTIONS: Mapping[str, Text] = {
    "min_length": Text("panjang paling sedikit", "shortest length"),
    "max_length": Text("panjang paling banyak", "longest length"),
    "minimum": Text("nilai terendah", "lowest value"),
    "maximum": Text("nilai tertinggi", "highest value"),
    "earliest": Text("paling awal", "earliest"),
    "latest": Text("paling akhir", "latest"),
    "min_items": Text("jumlah butir paling sedikit", "fewest items"),
    "max_items": Text("jumlah butir paling banyak", "most items"),
    "min_rows": Text("jumlah baris paling sedikit", "fewest rows"),
    "max_rows": Text("jumlah baris paling banyak", "most rows"),
    "max_size": Text("ukuran paling besar", "largest size"),
    "max_count": Text("jumlah berkas paling banyak", "most files"),
    "types": Text("jenis berkas", "kinds of files"),
    "pattern": Text("pola", "pattern"),
    "places": Text("angka di belakang koma", "decimal places"),
}


def compare_fields(comparison: Comparison, place: Place, old: Mapping[str, Field], new: Mapping[str, Field]) -> None:
    """The fields of a form, or the columns of a table."""
    for key in both_keys(old, new):
        before, after = old.get(key), new.get(key)
        if before is None or after is None:
            _note(comparison, place, key, before, after)
        else:
            _compare(comparison, _inner(place, after), before, after)


def _inner(place: Place, field: Field) -> Place:
    title = quoted(field.title)
    name = Text(f"{place.title.id}, {title.id}", f"{place.title.en}, {title.en}")
    return Place(f"{place.path}.{field.key}", name, None, place.states)


def _note(comparison: Comparison, place: Place, key: str, old: Field | None, new: Field | None) -> None:
    is_new = old is None
    field = new or old
    is_required = field is not None and field.is_required
    comparison.add(
        "field_added" if is_new else "field_removed",
        RULE,
        f"{place.path}.{key}",
        "{place}: isian baru {field}{required}" if is_new else "{place}: isian {field} dihapus",
        "{place}: new field {field}{required}" if is_new else "{place}: field {field} removed",
        {
            "place": place.title,
            "field": quoted(field.title) if field is not None else key,
            "required": Text(", wajib diisi", ", required") if is_required else "",
        },
        states=place.states,
        old=old,
        new=new,
    )


def _compare(comparison: Comparison, place: Place, old: Field, new: Field) -> None:
    words: dict[str, Text | str | int] = {"place": place.title}
    if old.is_required != new.is_required:
        is_required = new.is_required
        comparison.add(
            "field_required" if is_required else "field_optional",
            RULE if is_required else RELAXED,
            f"{place.path}.required",
            "{place}: kini wajib diisi" if is_required else "{place}: tidak lagi wajib diisi",
            "{place}: now required" if is_required else "{place}: no longer required",
            words,
            states=place.states,
            old=old.is_required,
            new=is_required,
        )
    _compare_class(comparison, place, old, new)
    for key, one, other, indonesian, english in (
        ("type", old.type, new.type, "jenis", "type"),
        ("default", old.default, new.default, "isi awal", "default"),
        ("computed", old.computed, new.computed, "rumus", "formula"),
    ):
        if not is_same(one, other):
            comparison.add(
                "field_changed",
                RULE,
                f"{place.path}.{key}",
                "{place}: " + indonesian + " kini {new}, semula {old}",
                "{place}: " + english + " now {new}, before {old}",
                words | {"old": value(one), "new": value(other)},
                states=place.states,
                old=one,
                new=other,
            )
    _compare_options(comparison, place, old, new)
    compare_fields(comparison, place.inner("columns"), old.columns, new.columns)
    _compare_words(comparison, place, old, new)


def _compare_class(comparison: Comparison, place: Place, old: Field, new: Field) -> None:
    if old.classification == new.classification:
        return
    is_weaker = _CLASSES.index(new.classification) < _CLASSES.index(old.classification)
    comparison.add(
        "classification_changed",
        RELAXED if is_weaker else RULE,
        f"{place.path}.classification",
        "{place}: golongan kini {new}, semula {old}",
        "{place}: class now {new}, before {old}",
        {"place": place.title, "old": _CLASS_WORDS[old.classification], "new": _CLASS_WORDS[new.classification]},
        states=place.states,
        old=old.classification,
        new=new.classification,
    )


def _compare_options(comparison: Comparison, place: Place, old: Field, new: Field) -> None:
    for key in both_keys(old.options, new.options):
        one, other = old.options.get(key), new.options.get(key)
        if is_same(one, other):
            continue
        if key == "options":
            _compare_choices(comparison, place, plain(one) or {}, plain(other) or {})
            continue
        comparison.add(
            "field_changed",
            RULE,
            f"{place.path}.{key}",
            "{place}: {what} kini {new}, semula {old}",
            "{place}: {what} now {new}, before {old}",
            {
                "place": place.title,
                "what": _OPTIONS.get(key, Text(f"'{key}'", f"'{key}'")),
                "old": value(one),
                "new": value(other),
            },
            states=place.states,
            old=one,
            new=other,
        )


def _compare_choices(
    comparison: Comparison, place: Place, old: Mapping[str, object], new: Mapping[str, object]
) -> None:
    for keys, side, kind, indonesian, english in (
        ([key for key in new if key not in old], new, "option_added", "pilihan baru", "new option"),
        ([key for key in old if key not in new], old, "option_removed", "pilihan dihapus:", "option removed:"),
    ):
        if keys:
            comparison.add(
                kind,
                RULE,
                f"{place.path}.options",
                "{place}: " + indonesian + " {options}",
                "{place}: " + english + " {options}",
                {"place": place.title, "options": listed([_choice(key, side[key]) for key in keys])},
                states=place.states,
                old=list(old),
                new=list(new),
            )
    if any(old[key] != new[key] for key in old if key in new):
        comparison.add(
            "text_changed",
            WORDS,
            f"{place.path}.options",
            "{place}: judul pilihan berubah",
            "{place}: the titles of options changed",
            {"place": place.title},
            old=old,
            new=new,
        )


def _choice(key: str, option: object) -> Text:
    title = option.get("title") if isinstance(option, dict) else None
    if isinstance(title, dict):
        either = title.get("id") or title.get("en") or key
        return Text(f"'{title.get('id', either)}'", f"'{title.get('en', either)}'")
    return Text(f"'{title or key}'", f"'{title or key}'")


def _compare_words(comparison: Comparison, place: Place, old: Field, new: Field) -> None:
    comparison.retitled(place.path, "Isian", "field", old.title, new.title)
    if old.help != new.help:
        comparison.add(
            "text_changed",
            WORDS,
            f"{place.path}.help",
            "{place}: penjelasan berubah",
            "{place}: the explanation changed",
            {"place": place.title},
            old=old.help,
            new=new.help,
        )
