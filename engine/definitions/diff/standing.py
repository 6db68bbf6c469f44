"""Who may stand in, who must be somebody else, who reads what: limits on people beside their roles."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.diff.actors import Place, compare_actors, compare_excluded
from engine.definitions.diff.plain import is_same, plain
from engine.definitions.diff.uses import Uses
from engine.definitions.diff.values import ALARM, RELAXED, RULE, Comparison, both_keys, quoted
from engine.definitions.model import Substitution, Text


def compare_substitution(comparison: Comparison) -> None:
    """What each kind of stand-in may do."""
    old, new = comparison.old.substitution, comparison.new.substitution
    for key in both_keys(old, new):
        before, after = old.get(key), new.get(key)
        title = quoted((after or before).title)  # type: ignore[union-attr]
        actions = (before.may if before else frozenset()) ^ (after.may if after else frozenset())
        states = comparison.using(Uses.action, actions)
        place = Place(f"substitution.{key}", title, None, states)
        _compare_powers(comparison, place, before, after)
        if before is None or after is None:
            is_new = before is None
            comparison.add(
                "substitution_added" if is_new else "substitution_removed",
                RULE,
                place.path,
                "Jenis pengganti baru {title}" if is_new else "Jenis pengganti {title} dihapus",
                "New kind of stand-in {title}" if is_new else "Kind of stand-in {title} removed",
                {"title": title},
                old=before,
                new=after,
            )
            continue
        for name in ("record", "within", "max_depth", "requires", "reroute", "notify"):
            one, other = getattr(before, name), getattr(after, name)
            if not is_same(one, other):
                is_weaker = name in ("within", "requires", "record") and len(other or ()) < len(one or ())
                is_weaker = is_weaker or (name == "max_depth" and (other is None or (one is not None and other > one)))
                comparison.add(
                    "substitution_changed",
                    RELAXED if is_weaker else RULE,
                    f"{place.path}.{name}",
                    "Pengganti {title}: '{name}' kini {new}, semula {old}",
                    "Stand-in {title}: '{name}' now {new}, before {old}",
                    {"title": title, "name": name, "old": _shown(one), "new": _shown(other)},
                    old=one,
                    new=other,
                )
        if before.title != after.title:
            comparison.retitled(place.path, "Jenis pengganti", "kind of stand-in", before.title, after.title)


def _compare_powers(
    comparison: Comparison, place: Place, before: Substitution | None, after: Substitution | None
) -> None:
    old, new = (sorted(each.may) if each is not None else [] for each in (before, after))
    for actions, kind, weight, indonesian, english in (
        ([one for one in new if one not in old], "permission_widened", ALARM, "kini boleh juga", "may now also"),
        ([one for one in old if one not in new], "permission_narrowed", RULE, "tidak lagi boleh", "may no longer"),
    ):
        if actions:
            comparison.add(
                kind,
                weight,
                f"{place.path}.may",
                "Pengganti {place}: " + indonesian + " {actions}",
                "Stand-in {place}: " + english + " {actions}",
                {"place": place.title, "actions": ", ".join(f"'{action}'" for action in actions)},
                states=place.states,
                old=old,
                new=new,
            )


def _shown(value: object) -> Text:
    if value is None or value == ():
        return Text("tidak ada", "none")
    if isinstance(value, bool):
        return Text("ya", "yes") if value else Text("tidak", "no")
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return Text(text, text)


def compare_separation(comparison: Comparison) -> None:
    """The rules on who may never act."""
    old, new = comparison.old.separation_of_duties, comparison.new.separation_of_duties
    for key in both_keys(old, new):
        before, after = old.get(key), new.get(key)
        roles = (before.applies_to if before else frozenset()) | (after.applies_to if after else frozenset())
        states = frozenset(state for role in roles for state in comparison.using(Uses.role, role))
        rule = Text(f"Pemisahan tugas '{key}'", f"Separation of duties '{key}'")
        place = Place(f"separation_of_duties.{key}", rule, None, states)
        if before is None or after is None:
            one = after or before
            comparison.add(
                "exclusion_added" if before is None else "exclusion_removed",
                RULE if before is None else ALARM,
                place.path,
                "{rule} baru untuk {roles}: tidak boleh bila `{when}`"
                if before is None
                else "{rule} dihapus: semula {roles} tidak boleh bila `{when}`",
                "{rule} is new for {roles}: not if `{when}`"
                if before is None
                else "{rule} removed: before, {roles} could not act if `{when}`",
                {
                    "rule": rule,
                    "roles": comparison.roles(sorted(one.applies_to)),  # type: ignore[union-attr]
                    "when": one.exclude_when.text,  # type: ignore[union-attr]
                },
                states=states,
                old=before,
                new=after,
            )
            continue
        compare_excluded(comparison, place.inner("applies_to"), sorted(before.applies_to), sorted(after.applies_to))
        if before.exclude_when.text != after.exclude_when.text:
            comparison.add(
                "exclusion_changed",
                ALARM,
                f"{place.path}.exclude_when",
                "{rule}: kini tidak boleh bila `{new}`, semula bila `{old}`",
                "{rule}: now not if `{new}`, before not if `{old}`",
                {"rule": rule, "old": before.exclude_when.text, "new": after.exclude_when.text},
                states=states,
                old=before.exclude_when,
                new=after.exclude_when,
            )


_CLASSES: Mapping[str, Text] = {
    "ordinary": Text("biasa", "ordinary"),
    "restricted": Text("terbatas", "restricted"),
    "confidential": Text("rahasia", "confidential"),
}


def compare_visibility(comparison: Comparison) -> None:
    """Who reads which class of fields, and from whom a case is hidden."""
    old, new = (plain(side.visibility.get("classes", {})) for side in (comparison.old, comparison.new))
    for key in both_keys(old, new):
        before, after = (side.get(key, {}).get("readers", []) for side in (old, new))
        name = _CLASSES.get(key, Text(key, key))
        place = Place(
            f"visibility.classes.{key}.readers",
            Text(f"Membaca isian golongan {name.id}", f"Reading fields of class {name.en}"),
        )
        compare_actors(comparison, place, before, after)
    hidden = [plain(side.visibility.get("hidden_from", ())) for side in (comparison.old, comparison.new)]
    for text in hidden[0]:
        if text not in hidden[1]:
            _note_hidden(comparison, text, is_new=False)
    for text in hidden[1]:
        if text not in hidden[0]:
            _note_hidden(comparison, text, is_new=True)


def _note_hidden(comparison: Comparison, text: str, *, is_new: bool) -> None:
    comparison.add(
        "exclusion_added" if is_new else "exclusion_removed",
        RULE if is_new else ALARM,
        "visibility.hidden_from",
        "Kini tersembunyi bagi `{text}`" if is_new else "Tidak lagi tersembunyi bagi `{text}`",
        "Now hidden from `{text}`" if is_new else "No longer hidden from `{text}`",
        {"text": text},
        old=None if is_new else text,
        new=text if is_new else None,
    )
