"""A period as people write it: its key, its title, TW III, 3."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sakip.configuration.measurement import Measurement
from sakip.exchange.cells import Cell
from sakip.exchange.record import Reading
from sakip.exchange.table import folded
from sakip.plan import Indicator

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_SHORT = (("triwulan", "tw"), ("semester", "smt"))


def period_meant(reading: Reading, rules: Measurement, measured: Indicator, said: Cell) -> str | None:
    """The key of the period a cell means for an indicator; None, and told, where it has no such period or is not
    measured in it."""
    name = measured.periods or rules.default_periods
    known = rules.periods.get(name)
    words: Mapping[str, str] = {} if known is None else _words(rules, name)
    text = str(said).removesuffix(".0")
    period = words.get(folded(text))
    if period is None:
        keys = ", ".join(() if known is None else known.items)
        reading.tell(
            "period", "unknown_period", f'"{text[:40]}" bukan periode indikator ini: {keys}.',
            f'"{text[:40]}" is no period of this indicator: {keys}.',
        )  # fmt: skip
        return None
    if measured.due_in is not None and period not in measured.due_in:
        reading.tell(
            "period", "not_due", "Indikator ini tidak diukur pada periode itu.",
            "This indicator is not measured in that period.",
        )  # fmt: skip
        return None
    return period


@lru_cache(maxsize=64)
def _words(rules: Measurement, name: str) -> Mapping[str, str]:
    """Every way to write each period; what two periods share means neither."""
    found: dict[str, set[str]] = {}
    for place, (key, period) in enumerate(rules.periods[name].items.items(), 1):
        titles = {folded(key), folded(period.title.id), folded(period.title.en)}
        roman = _ROMAN[place - 1] if place <= len(_ROMAN) else ""
        titles |= {str(place), roman}
        for title in tuple(titles):
            if roman and title.endswith(f" {roman}"):
                titles.add(f"{title.removesuffix(roman)}{place}")
        for long, short in _SHORT:
            titles |= {title.replace(long, short) for title in titles if title.startswith(long)}
        titles |= {title.replace(" ", "") for title in titles if title.startswith(("tw ", "smt "))}
        for title in titles - {""}:
            found.setdefault(title, set()).add(key)
    return {title: next(iter(keys)) for title, keys in found.items() if len(keys) == 1}
