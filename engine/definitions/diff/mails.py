"""Notifications: to whom, by which road, and with which words."""

from __future__ import annotations

from engine.definitions.diff.values import RELAXED, RULE, WORDS, Comparison, both_keys, listed
from engine.definitions.diff.words import value
from engine.definitions.model import Notification, Text

_PEOPLE = {
    "candidates": Text("calon pelaksana", "the candidates"),
    "principal": Text("yang diwakili", "the principal"),
    "substitute": Text("penggantinya", "the substitute"),
    "escalation_point": Text("tujuan eskalasi", "the escalation point"),
}


def compare_notifications(comparison: Comparison) -> None:
    """Every notification of the case type."""
    old, new = comparison.old.notifications, comparison.new.notifications
    for key in both_keys(old, new):
        before, after = old.get(key), new.get(key)
        states = comparison.using(lambda uses, name: uses.effect(name, "notify"), key)
        if before is None or after is None:
            is_new = before is None
            comparison.add(
                "notification_added" if is_new else "notification_removed",
                RULE if is_new else RELAXED,
                f"notifications.{key}",
                "Pemberitahuan baru '{key}' untuk {people}"
                if is_new
                else "Pemberitahuan '{key}' dihapus; semula untuk {people}",
                "New notification '{key}' for {people}"
                if is_new
                else "Notification '{key}' removed; before for {people}",
                {"key": key, "people": _people(comparison, after or before)},
                states=states,
                old=before,
                new=after,
            )
            continue
        _compare(comparison, before, after, states)


def _compare(comparison: Comparison, old: Notification, new: Notification, states: frozenset[str]) -> None:
    path = f"notifications.{new.key}"
    if set(old.to) != set(new.to):
        comparison.add(
            "notification_changed",
            RULE,
            f"{path}.to",
            "Pemberitahuan '{key}': kini untuk {new}, semula {old}",
            "Notification '{key}': now for {new}, before {old}",
            {"key": new.key, "old": _people(comparison, old), "new": _people(comparison, new)},
            states=states,
            old=old.to,
            new=new.to,
        )
    for name, key, indonesian, english in (
        ("channel", "channel", "saluran", "channel"),
        ("is_urgent", "urgent", "segera", "urgent"),
    ):
        one, other = getattr(old, name), getattr(new, name)
        if one != other:
            comparison.add(
                "notification_changed",
                RULE,
                f"{path}.{key}",
                "Pemberitahuan '{key}': " + indonesian + " kini {new}, semula {old}",
                "Notification '{key}': " + english + " now {new}, before {old}",
                {"key": new.key, "old": value(one), "new": value(other)},
                states=states,
                old=one,
                new=other,
            )
    if (old.template, old.subject, old.body) != (new.template, new.subject, new.body):
        comparison.add(
            "text_changed",
            WORDS,
            f"{path}.template",
            "Pemberitahuan '{key}': teks surat berubah",
            "Notification '{key}': the text of the mail changed",
            {"key": new.key},
            old=[old.template, old.subject, old.body],
            new=[new.template, new.subject, new.body],
        )


def _people(comparison: Comparison, notification: Notification | None) -> Text:
    to = notification.to if notification is not None else ()
    return listed([_PEOPLE.get(name) or comparison.role(name) for name in to])
