"""Calendars: time zone, working days, hours and holidays."""

from __future__ import annotations

from engine.definitions.diff.plain import is_same
from engine.definitions.diff.uses import Uses
from engine.definitions.diff.values import RULE, Comparison, both_keys, listed
from engine.definitions.diff.words import value
from engine.definitions.model import CalendarSpec, Hours, Text

_DAYS = (
    Text("Senin", "Monday"),
    Text("Selasa", "Tuesday"),
    Text("Rabu", "Wednesday"),
    Text("Kamis", "Thursday"),
    Text("Jumat", "Friday"),
    Text("Sabtu", "Saturday"),
    Text("Minggu", "Sunday"),
)


def compare_calendars(comparison: Comparison) -> None:
    """Every calendar of the case type."""
    old, new = comparison.old.calendars, comparison.new.calendars
    for key in both_keys(old, new):
        before, after = old.get(key), new.get(key)
        states = comparison.using(Uses.calendar, key)
        if before is None or after is None:
            is_new = before is None
            comparison.add(
                "calendar_added" if is_new else "calendar_removed",
                RULE,
                f"calendars.{key}",
                "Kalender baru '{key}'" if is_new else "Kalender '{key}' dihapus",
                "New calendar '{key}'" if is_new else "Calendar '{key}' removed",
                {"key": key},
                states=states,
                old=before,
                new=after,
            )
            continue
        for name, one, other, indonesian, english in _aspects(before, after):
            if one != other:
                comparison.add(
                    "calendar_changed",
                    RULE,
                    f"calendars.{key}.{name}",
                    "Kalender '{key}': " + indonesian + " kini {new}, semula {old}",
                    "Calendar '{key}': " + english + " now {new}, before {old}",
                    {"key": key, "old": one, "new": other},
                    states=states,
                    old=getattr(before, name, None),
                    new=getattr(after, name, None),
                )


def _aspects(old: CalendarSpec, new: CalendarSpec) -> list[tuple[str, Text, Text, str, str]]:
    found = [
        ("timezone", value(old.timezone), value(new.timezone), "zona waktu", "time zone"),
        ("working_days", _days(old), _days(new), "hari kerja", "working days"),
        ("holidays", _holidays(old), _holidays(new), "hari libur", "holidays"),
    ]
    if not is_same(old.hours, new.hours):
        found.append(("hours", _hours(old), _hours(new), "jam kerja", "office hours"))
    return found


def _days(calendar: CalendarSpec) -> Text:
    return listed([_DAYS[day] for day in sorted(calendar.working_days)], Text("tidak ada", "none"))


def _holidays(calendar: CalendarSpec) -> Text:
    parts = [Text("nasional", "the national ones")] if calendar.is_national else []
    parts += [value(day) for day in sorted(calendar.holidays)]
    parts += [Text(f"tanpa {day}", f"without {day}") for day in sorted(calendar.removed)]
    return listed(parts, Text("tidak ada", "none"))


def _hours(calendar: CalendarSpec) -> Text:
    """Days with the same hours together: "Senin, Selasa 07.30-16.00"."""
    same: dict[Hours, list[Text]] = {}
    for day, hours in sorted(calendar.hours.items()):
        same.setdefault(hours, []).append(_DAYS[day])
    parts = []
    for hours, days in same.items():
        named = listed(days)
        parts.append(Text(f"{named.id} {_span(hours, '.')}", f"{named.en} {_span(hours, ':')}"))
    return listed(parts, Text("sepanjang hari", "all day"))


def _span(hours: Hours, mark: str) -> str:
    text = f"{_clock(hours.opens, mark)}-{_clock(hours.closes, mark)}"
    if hours.pause is not None:
        text += f" ({_clock(hours.pause[0], mark)}-{_clock(hours.pause[1], mark)})"
    return text


def _clock(minutes: int, mark: str) -> str:
    return f"{minutes // 60:02}{mark}{minutes % 60:02}"
