"""What is counted and decided: parameters, calendars, decision tables, bands, SLAs, schedules, milestones, numbers."""

from __future__ import annotations

from engine.definitions.diff.actors import Place, compare_actors
from engine.definitions.diff.calendars import compare_calendars
from engine.definitions.diff.effects import compare_effects
from engine.definitions.diff.plain import is_same
from engine.definitions.diff.tables import compare_bands, compare_tables
from engine.definitions.diff.tasks import compare_due
from engine.definitions.diff.uses import Uses
from engine.definitions.diff.values import ALARM, RELAXED, RULE, WORDS, Comparison, both_keys, listed, quoted
from engine.definitions.diff.words import value
from engine.definitions.model import Sla, Text


def compare_rules(comparison: Comparison) -> None:
    """Everything beside people, steps, forms and words."""
    _compare_head(comparison)
    _compare_parameters(comparison)
    compare_calendars(comparison)
    compare_tables(comparison)
    compare_bands(comparison)
    _compare_slas(comparison)
    _compare_schedules(comparison)
    _compare_milestones(comparison)


_CONFIDENTIALITY = {
    None: Text("biasa", "ordinary"),
    "ordinary": Text("biasa", "ordinary"),
    "sealed": Text("tertutup", "sealed"),
}


def _compare_head(comparison: Comparison) -> None:
    old, new = comparison.old, comparison.new
    for key, indonesian, english, weight in (
        ("case_type", "Jenis kasus", "Case type", RULE),
        ("version", "Versi", "Version", WORDS),
        ("legal_basis", "Dasar hukum", "Legal basis", WORDS),
        ("valid_from", "Berlaku mulai", "Valid from", RULE),
        ("numbering", "Pola nomor", "Pattern of numbers", RULE),
    ):
        before, after = getattr(old, key), getattr(new, key)
        if before != after:
            comparison.add(
                f"{key}_changed",
                weight,
                key,
                indonesian + " kini {new}, semula {old}",
                english + " now {new}, before {old}",
                {"old": value(before), "new": value(after)},
                old=before,
                new=after,
            )
    comparison.retitled("", "Jenis kasus", "case type", old.title, new.title)
    before, after = old.confidentiality or "ordinary", new.confidentiality or "ordinary"
    if before != after:
        comparison.add(
            "confidentiality_changed",
            ALARM if before == "sealed" else RULE,
            "confidentiality",
            "Kerahasiaan kini {new}, semula {old}",
            "Confidentiality now {new}, before {old}",
            {"old": _CONFIDENTIALITY[before], "new": _CONFIDENTIALITY[after]},
            states=(*old.states, *new.states),
            old=before,
            new=after,
        )
    _compare_seals(comparison)


def _compare_seals(comparison: Comparison) -> None:
    old, new = (side.extras.get("sealed_nodes", {}) for side in (comparison.old, comparison.new))
    for path in both_keys(old, new):
        if old.get(path) == new.get(path):
            continue
        is_gone, is_new = path not in new, path not in old
        sentences = (
            ("Segel atas {path} dilepas; semula: {old}", "The seal on {path} is gone; before: {old}")
            if is_gone
            else ("Segel baru atas {path}: {new}", "New seal on {path}: {new}")
            if is_new
            else ("Alasan segel atas {path} kini: {new}", "The reason of the seal on {path} is now: {new}")
        )
        comparison.add(
            "seal_removed" if is_gone else "seal_added" if is_new else "text_changed",
            RELAXED if is_gone else RULE if is_new else WORDS,
            "sealed_nodes",
            *sentences,
            {"path": path, "old": old.get(path, ""), "new": new.get(path, "")},
            old={path: old[path]} if path in old else None,
            new={path: new[path]} if path in new else None,
        )


def _compare_parameters(comparison: Comparison) -> None:
    old, new = comparison.old.parameters, comparison.new.parameters
    for key in both_keys(old, new):
        before, after = old.get(key), new.get(key)
        path, states = f"parameters.{key}", comparison.using(Uses.mention, f"parameters.{key}")
        if before is None or after is None:
            one = after or before
            comparison.add(
                "parameter_added" if before is None else "parameter_removed",
                RULE,
                path,
                "Parameter baru {name}: {value}" if before is None else "Parameter {name} dihapus; semula {value}",
                "New parameter {name}: {value}" if before is None else "Parameter {name} removed; before {value}",
                {"name": quoted(one.title), "value": value(one.default)},  # type: ignore[union-attr]
                states=states,
                old=before,
                new=after,
            )
            continue
        for name, indonesian, english in (
            ("default", "kini {new}, semula {old}", "now {new}, before {old}"),
            ("type", "jenisnya kini {new}, semula {old}", "is now of type {new}, before {old}"),
            ("minimum", "batas bawah kini {new}, semula {old}", "lowest value now {new}, before {old}"),
            ("maximum", "batas atas kini {new}, semula {old}", "highest value now {new}, before {old}"),
            (
                "is_hot",
                "berlaku untuk kasus berjalan: kini {new}, semula {old}",
                "reaches running cases: now {new}, before {old}",
            ),
        ):
            one, other = getattr(before, name), getattr(after, name)
            if one != other:
                comparison.add(
                    "parameter_changed",
                    RULE,
                    f"{path}.{'hot' if name == 'is_hot' else name}",
                    "Parameter {name}: " + indonesian,
                    "Parameter {name}: " + english,
                    {"name": quoted(after.title), "old": value(one), "new": value(other)},
                    states=states if name == "default" else (),
                    old=one,
                    new=other,
                )
        comparison.retitled(path, "Parameter", "parameter", before.title, after.title)


def _compare_slas(comparison: Comparison) -> None:
    old, new = comparison.old.slas, comparison.new.slas
    for key in both_keys(old, new):
        before, after = old.get(key), new.get(key)
        title = Text(f"Janji layanan '{key}'", f"SLA '{key}'")
        states = _clocked(comparison, before) | _clocked(comparison, after)
        place = Place(f"slas.{key}", title, None, frozenset(states))
        if before is None or after is None:
            is_new = before is None
            comparison.add(
                "sla_added" if is_new else "sla_removed",
                RULE if is_new else RELAXED,
                place.path,
                "{place} baru: {target}" if is_new else "{place} dihapus",
                "{place} is new: {target}" if is_new else "{place} removed",
                {"place": title, "target": _target(after or before)},
                states=states,
                old=before,
                new=after,
            )
            continue
        compare_due(comparison, place.inner("target"), before.target, after.target)
        for name, indonesian, english in (
            ("calendar", "kalender kini {new}, semula {old}", "calendar now {new}, before {old}"),
            ("start", "mulai dihitung kini {new}, semula {old}", "counting starts now at {new}, before at {old}"),
            ("stop", "berhenti dihitung kini {new}, semula {old}", "counting stops now at {new}, before at {old}"),
            ("pause_in", "berhenti sementara di {new}, semula {old}", "pauses in {new}, before in {old}"),
            ("at_risk_share", "peringatan kini pada {new}, semula {old}", "warning now at {new}, before at {old}"),
        ):
            one, other = getattr(before, name), getattr(after, name)
            if not is_same(one, other):
                comparison.add(
                    "sla_changed",
                    RULE,
                    f"{place.path}.{'at_risk.at' if name == 'at_risk_share' else name}",
                    "{place}: " + indonesian,
                    "{place}: " + english,
                    {"place": title, "old": _points(comparison, one), "new": _points(comparison, other)},
                    states=states,
                    old=one,
                    new=other,
                )
        compare_effects(comparison, place.inner("at_risk"), before.at_risk_effects, after.at_risk_effects)


def _clocked(comparison: Comparison, sla: Sla | None) -> set[str]:
    """The states in which an SLA starts, stops or pauses."""
    points = (*sla.start, *sla.stop, *sla.pause_in) if sla is not None else ()
    known = comparison.old.states.keys() | comparison.new.states.keys()
    return {state for point in points if (state := point.partition(".")[0]) in known}


def _points(comparison: Comparison, points: object) -> Text:
    """States and actions in words; any other value as it stands."""
    if not isinstance(points, tuple):
        return value(points)
    named = []
    for point in points:
        state, _, action = str(point).partition(".")
        title = comparison.title(state)
        named.append(Text(f"{title.id} ({action})", f"{title.en} ({action})") if action else title)
    return listed(named, Text("tidak ada", "none"))


def _target(sla: Sla | None) -> Text:
    return value(None) if sla is None else value({sla.target.unit: sla.target.amount})


def _compare_schedules(comparison: Comparison) -> None:
    old, new = comparison.old.schedules, comparison.new.schedules
    for key in both_keys(old, new):
        before, after = old.get(key), new.get(key)
        one = after or before
        states = comparison.using(Uses.window, key)
        title = Text(f"Jadwal '{one.title.id}'", f"Schedule '{one.title.en}'")  # type: ignore[union-attr]
        place = Place(f"schedules.{key}", title, None, states)
        if before is None or after is None:
            is_new = before is None
            comparison.add(
                "schedule_added" if is_new else "schedule_removed",
                RULE if is_new else RELAXED,
                place.path,
                "{place} baru: `{opens}` sampai `{closes}`" if is_new else "{place} dihapus",
                "{place} is new: `{opens}` to `{closes}`" if is_new else "{place} removed",
                {"place": title, "opens": one.opens.text, "closes": one.closes.text},  # type: ignore[union-attr]
                states=states,
                old=before,
                new=after,
            )
            continue
        for name, first, second, indonesian, english in (
            ("from", before.opens, after.opens, "dibuka", "opens on"),
            ("to", before.closes, after.closes, "ditutup", "closes on"),
        ):
            if first.text != second.text:
                comparison.add(
                    "schedule_changed",
                    RULE,
                    f"{place.path}.{name}",
                    "{place}: kini " + indonesian + " `{new}`, semula `{old}`",
                    "{place}: now " + english + " `{new}`, before `{old}`",
                    {"place": title, "old": first.text, "new": second.text},
                    states=states,
                    old=first,
                    new=second,
                )
        compare_actors(comparison, place.inner("extendable_by"), before.extendable_by, after.extendable_by)
        comparison.retitled(place.path, "Jadwal", "schedule", before.title, after.title)


def _compare_milestones(comparison: Comparison) -> None:
    old, new = comparison.old.milestones, comparison.new.milestones
    for key in both_keys(old, new):
        before, after = old.get(key, ()), new.get(key, ())
        if set(before) != set(after):
            comparison.add(
                "milestone_changed",
                RULE,
                f"milestones.{key}",
                "Tonggak '{key}' kini {new}, semula {old}",
                "Milestone '{key}' now {new}, before {old}",
                {"key": key, "old": _points(comparison, before), "new": _points(comparison, after)},
                old=before,
                new=after,
            )
