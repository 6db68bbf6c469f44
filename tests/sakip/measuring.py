"""A region's rules of measuring for tests, and short ways to ask them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

import yaml

from engine.definitions.problems import Problems
from sakip.configuration.files import of_texts
from sakip.configuration.folder import configure
from sakip.configuration.library import read_field_library
from sakip.configuration.measurement import Measurement
from sakip.judged import Achievement, Result
from sakip.measure import Facts, Reported, measure
from sakip.plan import Indicator
from sakip.reasons import Reason
from sakip.values import NOT_ISSUED, Range

END_OF_YEAR = date(2025, 12, 31)
MEASURED = """
schema: sakip-measurement/1
measurement: trial
version: 1.0.0
title: {id: Uji, en: Trial}
legal_basis: [Perpres 29/2014]
years: {from: 2025}
periods:
  quarterly:
    title: {id: Triwulan, en: Quarter}
    items:
      q1: {order: 10, title: {id: TW I, en: Q1}, ends: "03-31", entry_until: {working_days: 10}}
      q2: {order: 20, title: {id: TW II, en: Q2}, ends: "06-30", entry_until: {working_days: 10}}
      q3: {order: 30, title: {id: TW III, en: Q3}, ends: "09-30", entry_until: {working_days: 10}}
      q4: {order: 40, title: {id: TW IV, en: Q4}, ends: "12-31", entry_until: {working_days: 15}}
  semester:
    title: {id: Semester, en: Half-year}
    items:
      s1: {order: 10, title: {id: Semester I, en: H1}, ends: "06-30", entry_until: {working_days: 10}}
      s2: {order: 20, title: {id: Semester II, en: H2}, ends: "12-31", entry_until: {working_days: 15}}
  monthly: {title: {id: Bulan, en: Month}, every_month: true, entry_until: {working_days: 5}}
  yearly:
    title: {id: Tahun, en: Year}
    items: {y: {order: 10, title: {id: Tahunan, en: Yearly}, ends: "12-31", entry_until: {working_days: 15}}}
default_periods: quarterly
units_of_measure:
  number: {title: {id: Angka, en: Number}, kind: number, places: 2}
  people: {title: {id: Orang, en: People}, kind: number, places: 0}
  percent: {title: {id: Persen, en: Percent}, kind: percent, places: 2}
  sakip: {title: {id: Predikat SAKIP, en: SAKIP predicate}, kind: grade, scale: sakip_predicate}
  bare: {title: {id: Tanpa skala, en: Bare}, kind: grade}
  milestone: {title: {id: Tahapan, en: Milestones}, kind: milestones}
  done: {title: {id: Selesai, en: Done}, kind: yes_no}
scales:
  sakip_predicate: {D: 1, C: 2, CC: 3, B: 4, BB: 5, A: 6, AA: 7}
methods:
  maximise:
    {kind: maximise, title: {id: Makin tinggi, en: Higher}, units: [number, percent], aliases: [maksimal, positif]}
  minimise_ratio: {kind: minimise_ratio, title: {id: T/R, en: T/R}, units: [number, percent], zero_realisation: 100}
  minimise_difference: {kind: minimise_difference, title: {id: 2T−R, en: 2T−R}, units: [number, percent]}
  reduction:
    kind: reduction
    title: {id: Penurunan, en: Reduction}
    units: [number, percent]
    both_zero: 100
    zero_realisation: 90
  range: {kind: range, title: {id: Rentang, en: Range}, units: [number, percent], above: minimise_ratio}
  precision: {kind: precision, title: {id: Presisi, en: Precision}, units: [number, percent], negative: compute}
  zero_best:
    kind: zero_best
    title: {id: Nol, en: Zero}
    units: [number]
    rows: {none: {from: 0, achievement: 100}, few: {from: 1, achievement: 75}, many: {from: 5, achievement: 0}}
  grade: {kind: grade, title: {id: Predikat, en: Grade}, units: [grade]}
  milestone: {kind: milestone, title: {id: Tahapan, en: Milestones}, units: [yes_no, milestones], partial: true}
directions:
  {higher: maximise, lower: minimise_difference, within: range, near: precision, zero: zero_best, done: milestone}
consolidations:
  sum: {kind: sum, title: {id: Dijumlahkan, en: Added up}, units: [number, percent], aliases: [jumlah, kumulatif]}
  last: {kind: last, title: {id: Nilai terakhir, en: Last value}, units: [number, percent, grade, yes_no, milestones]}
  average: {kind: average, title: {id: Rata-rata, en: Average}, units: [number, percent]}
  maximum: {kind: maximum, title: {id: Tertinggi, en: Highest}, units: [number, percent, grade]}
  minimum: {kind: minimum, title: {id: Terendah, en: Lowest}, units: [number, percent, grade]}
default_consolidation: last
target_basis: to_date
limits: {floor: 0, cap: null}
rounding: {places: 2, mode: half_up, band_on: rounded}
complete: {when_incomplete: refuse, counts: reported, mark: {reported: provisional}}
aggregates:
  goal: {of: indicators, by: average, limited: true, leave_out: [not_due]}
  raw: {of: indicators, by: average, limited: false, leave_out: [not_due]}
  unit: {of: goals, by: weight, limited: true, leave_out: [not_due, not_issued]}
bands:
  three_steps:
    minimum: 0
    maximum: null
    includes: lower
    rows:
      below: {from: 0, title: {id: Di bawah target, en: Below target}, tone: bad}
      near: {from: 75, title: {id: Hampir, en: Nearly}, tone: warn}
      reached: {from: 100, title: {id: Tercapai, en: Reached}, tone: good}
  traffic_light:
    minimum: 0
    maximum: null
    includes: upper
    rows:
      red: {from: 0, title: {id: Merah, en: Red}, tone: bad}
      yellow: {from: 70, title: {id: Kuning, en: Yellow}, tone: warn}
      green: {from: 90, title: {id: Hijau, en: Green}, tone: good}
  whole:
    minimum: 0
    maximum: null
    includes: lower
    places: 0
    rows:
      poor: {from: 0, title: {id: Kurang, en: Poor}, tone: bad}
      good: {from: 91, title: {id: Baik, en: Good}, tone: good}
  efficiency:
    minimum: null
    maximum: null
    includes: lower
    rows:
      not_efficient: {from: null, title: {id: Belum efisien, en: Not efficient}, tone: warn}
      fairly: {from: -5, title: {id: Cukup efisien, en: Fairly efficient}, tone: plain}
      efficient: {from: 5.01, title: {id: Efisien, en: Efficient}, tone: good}
applies:
  achievement: {since_2025: {valid_from: 2025-01-01, bands: three_steps, legal_basis: []}}
  efficiency: {}
evidence: {accepts: [file, link], types: [pdf], max_size: 20 MB, minimum: 1, keep_years: 5}
explanations: {required_when: [below], fields: [drivers, obstacles, actions]}
"""


BASE = yaml.load(MEASURED, yaml.CSafeLoader)


def the_rules(**patch: Any) -> Measurement:
    """The rules above with a merge patch, read as a file would be."""
    return _read(json.dumps(patch, default=str))


@lru_cache(maxsize=256)
def _read(patch: str) -> Measurement:
    text = yaml.dump(_merged(BASE, json.loads(patch)), Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    problems = Problems()
    found = configure(read_field_library(of_texts({"measurement.yaml": text}), problems), None, problems)
    errors = [problem for problem in problems.sorted() if problem.is_error]
    assert errors == []
    rules = found.measurement(2025)
    assert rules is not None
    return rules


def _merged(base: Any, patch: Any) -> Any:
    if not isinstance(patch, Mapping):
        return patch
    found = dict(base) if isinstance(base, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = _merged(found.get(key), value)
    return found


def exact(value: Any) -> Any:
    """A value as facts hold it: numbers as fractions, a pair as a range."""
    if isinstance(value, bool) or value is None or value is NOT_ISSUED:
        return value
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, tuple):
        return Range(Fraction(value[0]), Fraction(value[1]))
    if isinstance(value, str) and value.lstrip("-")[:1].isdigit():
        return Fraction(value)
    return value


def ask(
    method: str | None = "maximise",
    targets: Mapping[str, Any] | None = None,
    realisations: Mapping[str, Any] | None = None,
    span: str = "year",
    *,
    rules: Measurement | None = None,
    unit: str = "number",
    on: date = END_OF_YEAR,
    verified: bool = True,
    **indicator: Any,
) -> Result:
    """What an indicator comes to, from facts written short."""
    facts = Facts(
        {key: exact(one) for key, one in (targets or {}).items()},
        {key: Reported(exact(one), verified) for key, one in (realisations or {}).items()},
    )
    return measure(rules or the_rules(), Indicator(unit, method, **indicator), facts, span, on)


def yearly(method: str, target: Any, realisation: Any, **more: Any) -> Result:
    """The same with one target and one realisation a year."""
    more = {"periods": "yearly", **more}
    return ask(method, {"y": target, "year": target}, {"y": realisation}, **more)


def shown(result: Result) -> str:
    """The printed number, or the code of the reason."""
    return result.code if isinstance(result, Reason) else result.shown


def found(result: Result) -> Achievement:
    """The result that has to be a number."""
    assert isinstance(result, Achievement), result
    return result


def reason(result: Result) -> Reason:
    """The result that has to be a reason."""
    assert isinstance(result, Reason), result
    return result
