"""Where and when questions are asked: sections, their conditions, and the conditions of each question in them."""

from __future__ import annotations

from engine.definitions.diff.actors import Place
from engine.definitions.diff.plain import plain
from engine.definitions.diff.values import RELAXED, RULE, WORDS, Comparison, both_keys, quoted
from engine.definitions.expressions import Expression
from engine.definitions.model import Form, Placement, Section, Text


def compare_sections(comparison: Comparison, place: Place, old: Form, new: Form) -> None:
    """Sections by key, and where each field stands."""
    before = {section.key: section for section in old.sections}
    after = {section.key: section for section in new.sections}
    for key in both_keys(before, after):
        one, other = before.get(key), after.get(key)
        title = (other or one).title  # type: ignore[union-attr]
        name = Text(f"{place.title.id}, bagian '{title.id}'", f"{place.title.en}, section '{title.en}'")
        inner = Place(f"{place.path}.sections.{key}", name, None, place.states)
        if one is None or other is None:
            _note_section(comparison, inner, one, other)
            continue
        _compare_condition(comparison, inner, "visible_when", one.visible_when, other.visible_when)
        comparison.retitled(inner.path, "Bagian formulir", "section", one.title, other.title)
    _compare_places(comparison, place, old, new)
    if [section.key for section in old.sections if section.key in after] != [
        section.key for section in new.sections if section.key in before
    ]:
        _note_order(comparison, place.inner("sections"), list(before), list(after))


def _note_section(comparison: Comparison, place: Place, old: Section | None, new: Section | None) -> None:
    is_new = old is None
    comparison.add(
        "section_added" if is_new else "section_removed",
        RULE,
        place.path,
        "{place}: baru" if is_new else "{place}: dihapus",
        "{place}: new" if is_new else "{place}: removed",
        {"place": place.title},
        states=place.states,
        old=old,
        new=new,
    )


def _note_order(comparison: Comparison, place: Place, old: list[str], new: list[str]) -> None:
    comparison.add(
        "order_changed",
        WORDS,
        place.path,
        "{place}: urutan berubah",
        "{place}: the order changed",
        {"place": place.title},
        old=old,
        new=new,
    )


_CONDITIONS = {
    "visible_when": Text("ditampilkan", "shown"),
    "required_when": Text("wajib diisi", "required"),
}


def _compare_condition(
    comparison: Comparison, place: Place, name: str, old: Expression | None, new: Expression | None
) -> None:
    if (old and old.text) == (new and new.text):
        return
    always = Text("selalu", "always") if name == "visible_when" else Text("tidak pernah", "never")
    reads = [Text(f"bila `{one.text}`", f"if `{one.text}`") if one is not None else always for one in (old, new)]
    comparison.add(
        "condition_changed",
        RELAXED if name == "required_when" and new is None else RULE,
        f"{place.path}.{name}",
        "{place}: kini {what} {new}, semula {old}",
        "{place}: now {what} {new}, before {old}",
        {"place": place.title, "what": _CONDITIONS[name], "old": reads[0], "new": reads[1]},
        states=place.states,
        old=old,
        new=new,
    )


def _placements(form: Form) -> dict[str, tuple[Section, Placement]]:
    return {each.field: (section, each) for section in form.sections for each in section.placements}


def _compare_places(comparison: Comparison, place: Place, old: Form, new: Form) -> None:
    before, after = _placements(old), _placements(new)
    for field, (section, placement) in after.items():
        if field not in before or field not in old.fields:
            continue
        was, one = before[field]
        title = comparison.field(field)
        name = Text(f"{place.title.id}, {title.id}", f"{place.title.en}, {title.en}")
        inner = Place(f"{place.path}.sections.{section.key}.fields.{field}", name, None, place.states)
        for key in ("visible_when", "required_when"):
            _compare_condition(comparison, inner, key, getattr(one, key), getattr(placement, key))
        if was.key != section.key:
            is_seen_alike = plain(was.visible_when) == plain(section.visible_when)
            comparison.add(
                "field_moved",
                WORDS if is_seen_alike else RULE,
                inner.path,
                "{place}: kini di bagian {new}, semula {old}",
                "{place}: now in section {new}, before {old}",
                {"place": name, "old": quoted(was.title), "new": quoted(section.title)},
                states=() if is_seen_alike else place.states,
                old=was.key,
                new=section.key,
            )
        _compare_looks(comparison, inner, one, placement)
    _compare_asked(comparison, place, old, new)
    shared = [[key for key in side if key in before and key in after] for side in (before, after)]
    if shared[0] != shared[1]:
        _note_order(comparison, place.inner("sections"), shared[0], shared[1])


def _compare_looks(comparison: Comparison, place: Place, old: Placement, new: Placement) -> None:
    if (old.message, old.width) != (new.message, new.width):
        comparison.add(
            "text_changed",
            WORDS,
            place.path,
            "{place}: pesan atau lebar berubah",
            "{place}: its message or width changed",
            {"place": place.title},
            old={"message": old.message, "width": old.width},
            new={"message": new.message, "width": new.width},
        )


def _compare_asked(comparison: Comparison, place: Place, old: Form, new: Form) -> None:
    """Fields that both forms have and only one asks for."""
    before, after = _placements(old), _placements(new)
    for fields, kind, indonesian, english in (
        ([key for key in after if key not in before], "field_shown", "kini ditanyakan", "is now asked"),
        ([key for key in before if key not in after], "field_not_shown", "tidak lagi ditanyakan", "is no longer asked"),
    ):
        for field in fields:
            if field in old.fields and field in new.fields:
                title = comparison.field(field)
                comparison.add(
                    kind,
                    RULE,
                    f"{place.path}.sections",
                    "{place}: isian {field} " + indonesian,
                    "{place}: field {field} " + english,
                    {"place": place.title, "field": title},
                    states=place.states,
                    old=field if kind == "field_not_shown" else None,
                    new=field if kind == "field_shown" else None,
                )
