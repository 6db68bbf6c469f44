"""Forms: questions that came, went, became required or take other answers; sections, conditions and checks."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.diff.actors import Place
from engine.definitions.diff.fields import compare_fields
from engine.definitions.diff.placements import compare_sections
from engine.definitions.diff.plain import is_same
from engine.definitions.diff.uses import Uses
from engine.definitions.diff.values import RELAXED, RULE, WORDS, Comparison, both_keys, quoted
from engine.definitions.model import Form, FormCheck, Text


def compare_forms(comparison: Comparison) -> None:
    """Every form either side uses."""
    old, new = comparison.old.forms, comparison.new.forms
    for key in both_keys(old, new):
        before, after = old.get(key), new.get(key)
        title = (after or before).title  # type: ignore[union-attr]
        name = Text(f"Formulir '{title.id}'", f"Form '{title.en}'")
        place = Place(f"forms.{key}", name, None, comparison.using(Uses.form, key))
        if before is None or after is None:
            is_new = before is None
            comparison.add(
                "form_added" if is_new else "form_removed",
                RULE,
                place.path,
                "{place} kini dipakai" if is_new else "{place} tidak lagi dipakai",
                "{place} is now used" if is_new else "{place} is no longer used",
                {"place": name},
                states=place.states,
                old=None if is_new else key,
                new=key if is_new else None,
            )
            continue
        _compare_form(comparison, place, before, after)


def _compare_form(comparison: Comparison, place: Place, old: Form, new: Form) -> None:
    compare_fields(comparison, place.inner("fields"), old.fields, new.fields)
    compare_sections(comparison, place, old, new)
    _compare_checks(comparison, place, old, new)
    _compare_lists(comparison, place, old, new)
    comparison.retitled(place.path, "Formulir", "form", old.title, new.title)
    if old.version != new.version:
        comparison.add(
            "version_changed",
            WORDS,
            f"{place.path}.version",
            "{place}: versi kini {new}, semula {old}",
            "{place}: version now {new}, before {old}",
            {"place": place.title, "old": old.version, "new": new.version},
            old=old.version,
            new=new.version,
        )


def _compare_checks(comparison: Comparison, place: Place, old: Form, new: Form) -> None:
    before = {check.key: check for check in old.checks}
    after = {check.key: check for check in new.checks}
    for key in both_keys(before, after):
        one, other = before.get(key), after.get(key)
        if one is not None and other is not None and one.message != other.message:
            comparison.add(
                "text_changed",
                WORDS,
                f"{place.path}.checks.{key}.message",
                "{place}: pesan pemeriksaan '{key}' berubah",
                "{place}: the message of check '{key}' changed",
                {"place": place.title, "key": key},
                old=one.message,
                new=other.message,
            )
        if one is None or other is None or not is_same((one.when, one.that), (other.when, other.that)):
            _note_check(comparison, place, key, one, other)


_CHECKS = {
    "added": ("{place}: pemeriksaan baru '{key}': {new}", "{place}: new check '{key}': {new}"),
    "removed": ("{place}: pemeriksaan '{key}' dihapus; semula {old}", "{place}: check '{key}' removed; before {old}"),
    "changed": (
        "{place}: pemeriksaan '{key}' kini {new}, semula {old}",
        "{place}: check '{key}' now {new}, before {old}",
    ),
}


def _note_check(comparison: Comparison, place: Place, key: str, old: FormCheck | None, new: FormCheck | None) -> None:
    ending = "added" if old is None else "removed" if new is None else "changed"
    comparison.add(
        f"form_check_{ending}",
        RELAXED if new is None else RULE,
        f"{place.path}.checks.{key}",
        *_CHECKS[ending],
        {"place": place.title, "key": key, "old": _check(old), "new": _check(new)},
        states=place.states,
        old=old,
        new=new,
    )


def _check(check: FormCheck | None) -> Text:
    if check is None:
        return Text("", "")
    if check.when is None:
        return Text(f"`{check.that.text}`", f"`{check.that.text}`")
    return Text(f"`{check.that.text}` bila `{check.when.text}`", f"`{check.that.text}` if `{check.when.text}`")


def _compare_lists(comparison: Comparison, place: Place, old: Form, new: Form) -> None:
    """Scales, units of measure and named option lists."""
    before: Mapping[str, object]
    after: Mapping[str, object]
    for section, before, after, indonesian, english in (
        ("scales", old.scales, new.scales, "skala", "scale"),
        ("units_of_measure", old.units_of_measure, new.units_of_measure, "satuan", "unit of measure"),
        ("options_from", old.option_lists, new.option_lists, "daftar pilihan", "list of options"),
    ):
        for key in both_keys(before, after):
            if is_same(before.get(key), after.get(key)):
                continue
            ending = "added" if key not in before else "removed" if key not in after else "changed"
            words = {
                "added": ("baru", "is new"),
                "removed": ("dihapus", "was removed"),
                "changed": ("berubah", "changed"),
            }
            comparison.add(
                f"form_list_{ending}",
                RULE,
                f"{place.path}.{section}.{key}",
                "{place}: " + indonesian + " {key} " + words[ending][0],
                "{place}: " + english + " {key} " + words[ending][1],
                {"place": place.title, "key": quoted(Text(key, key))},
                states=place.states,
                old=before.get(key),
                new=after.get(key),
            )
