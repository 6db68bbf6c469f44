"""What the administration's record says, in words: events, what they are about, and the names of values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from admin.cells import IN_WORDS

EVENTS = {
    "account_changed": _l("Account changed"),
    "account_opened": _l("Account opened"),
    "call_retried": _l("Call made again"),
    "cases_handed_over": _l("Sealed cases handed over by custodians"),
    "definition_published": _l("Rules published"),
    "definition_published_again": _l("Older rules published again"),
    "ended_with_person": _l("Ended with the person"),
    "escrow_agreed": _l("Agreed to the newest custodians"),
    "escrow_made": _l("Key ceremony held"),
    "group_added": _l("Group added"),
    "group_renamed": _l("Group renamed"),
    "holder_appointed": _l("Holder appointed"),
    "holder_ended": _l("Holding ended"),
    "holder_withdrawn": _l("Appointment withdrawn"),
    "holiday_removed": _l("Own day removed"),
    "holiday_set": _l("Own day set"),
    "mandate_ended": _l("Mandate ended"),
    "mandate_given": _l("Mandate given"),
    "mandate_withdrawn": _l("Mandate withdrawn"),
    "member_added": _l("Member added"),
    "membership_ended": _l("Membership ended"),
    "message_retried": _l("Mail tried again"),
    "officer_key_dropped": _l("Key taken away"),
    "officer_key_left": _l("Key taken away, last copies kept"),
    "officer_key_made": _l("Key made"),
    "officer_key_vouched": _l("Key vouched for"),
    "officer_key_recovered": _l("Key recovered by custodians"),
    "officer_key_rewrapped": _l("Key opened by the password before"),
    "officer_key_unfit": _l("Key does not fit its owner"),
    "password_changed": _l("Password changed"),
    "password_reset": _l("Password reset"),
    "person_added": _l("Person added"),
    "person_came_back": _l("Person active again"),
    "person_changed": _l("Person changed"),
    "person_left": _l("Person deactivated"),
    "person_moved": _l("Person moved"),
    "position_added": _l("Position added"),
    "position_changed": _l("Position changed"),
    "position_closed": _l("Position closed"),
    "recovery_code_used": _l("Recovery code used"),
    "region_added": _l("Region added"),
    "region_changed": _l("Region changed"),
    "schedule_extended": _l("More time in a schedule"),
    "second_factor_added": _l("Two-step verification set up"),
    "second_factor_removed": _l("Two-step verification turned off"),
    "second_factor_reset": _l("Two-step verification taken away"),
    "unit_added": _l("Unit added"),
    "unit_closed": _l("Unit closed"),
    "unit_moved": _l("Unit moved"),
    "unit_renamed": _l("Unit renamed"),
}

NAMES = {
    "approved_by": _l("Approved by"),
    "address": _l("Address"),
    "cases": _l("Cases"),
    "codes_left": _l("Codes left"),
    "custodians": _l("Custodians"),
    "decision_limit": _l("May decide up to (Rp)"),
    "decree_number": _l("Decree number"),
    "decree_on": _l("Date of the decree"),
    "delegate_id": _l("Person who acts"),
    "email": _l("E-mail"),
    "ends_on": _l("Until"),
    "government": _l("Government"),
    "group_id": _l("Group"),
    "is_active": _l("Active"),
    "is_admin": _l("May use the administration"),
    "is_off": _l("Nobody works"),
    "is_structural": _l("One holder at a time"),
    "key": _l("Code"),
    "kind": _l("Kind"),
    "language": _l("Language of mails and pages"),
    "last_copies": _l("Last copies"),
    "left": _l("Waiting for agreement"),
    "level": _l("Level"),
    "mail_settings": _l("Mails"),
    "moved": _l("Second copies moved"),
    "name": _l("Name"),
    "needed": _l("Sheets needed"),
    "nip": _l("NIP"),
    "number": _l("Number"),
    "old_sheets": _l("Old sheets"),
    "on_date": _l("Day"),
    "parent_id": _l("Below"),
    "person_id": _l("Person"),
    "position_id": _l("Position"),
    "principal_id": _l("Acts for"),
    "public": _l("Public key"),
    "from": _l("From"),
    "to": _l("Until"),
    "quiet_hours": _l("Quiet hours"),
    "rank": _l("Rank"),
    "record": _l("Digest of the record"),
    "reason": _l("Reason"),
    "seat": _l("Seat of government"),
    "sheets": _l("Sheets used"),
    "settings": _l("Letterhead and quiet hours"),
    "starts_on": _l("From"),
    "state": _l("State"),
    "superior_position_id": _l("Direct superior"),
    "timezone": _l("Time zone"),
    "title": _l("Title"),
    "unit_id": _l("Unit"),
    "username": _l("Account name"),
    "valid_from": _l("First day"),
    "valid_to": _l("Last day"),
    "version": _l("Version"),
}
LEFT_OUT = frozenset({"region_id", "path", "cases", "last_copies"})  # the same on every line, derived, or sealed

OF_PEOPLE = frozenset({"accounts", "officer_keys"})  # tables whose rows are named after a person
POINTERS = {
    "approved_by": "people",
    "delegate_id": "people",
    "group_id": "groups",
    "parent_id": "units",
    "person_id": "people",
    "position_id": "positions",
    "principal_id": "people",
    "superior_position_id": "positions",
    "unit_id": "units",
}


def event_words(event: str) -> str:
    """An event as people read it; one nobody has worded yet as it is."""
    return str(EVENTS.get(event, event))


def pointed_ids(entries: list[Any], table: str) -> list[int]:
    """The ids of rows of ``table`` that entries name, as old or new value or as what they are about."""
    ids = [
        value
        for entry in entries
        for values in (entry.old, entry.new)
        if isinstance(values, dict)
        for name, value in values.items()
        if POINTERS.get(name) == table and isinstance(value, int)
    ]
    for entry in entries:
        kind, _colon, number = entry.subject.partition(":")
        if ("people" if kind in OF_PEOPLE else kind) == table and number.isdecimal():
            ids.append(int(number))
    return ids


def subject_words(subject: str) -> str:
    """``people:12`` with the name of the person behind it."""
    kind, _colon, number = subject.partition(":")
    table = "people" if kind in OF_PEOPLE else kind
    found = g.named.get(table, {}).get(int(number)) if number.isdecimal() else None
    return subject if found is None else f"{found} ({subject})"


def changed(old: Any, new: Any) -> str:
    """What an entry changed, as one line: ``Name: A → B``."""
    before, after = (_flat(each) for each in (old, new))
    names = [
        name
        for name in dict.fromkeys([*before, *after])
        if name not in LEFT_OUT
        and before.get(name) != after.get(name)
        and (name in before or not _is_empty(after[name]))
    ]
    parts = [
        f"{_name(name)}: {_shown(name, before[name])} → {_shown(name, after.get(name))}"
        if name in before
        else f"{_name(name)}: {_shown(name, after[name])}"
        for name in names
    ]
    return "; ".join(parts)[:800]


def _flat(values: Any) -> dict[str, Any]:
    """A region's settings are a map inside a value; each of them has its own line."""
    if not isinstance(values, Mapping):
        return {}
    inner = values.get("settings")
    rest = {name: value for name, value in values.items() if name != "settings"}
    return {**rest, **inner} if isinstance(inner, Mapping) else dict(values)


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", {}, [])


def _name(name: str) -> str:
    return str(NAMES.get(name, name))


def _shown(name: str, value: Any) -> str:
    if _is_empty(value):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in POINTERS and isinstance(value, int):
        return str(g.named[POINTERS[name]].get(value, value))
    if name == "kind":
        return str(IN_WORDS.get(value, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{_name(key)} {_shown(key, each)}" for key, each in value.items())
    return str(value)
