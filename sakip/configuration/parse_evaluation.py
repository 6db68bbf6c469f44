"""`lke_<year>.yaml` as a value: predicate, scales, evidence, framework, tiers, result (reference §7)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from engine.definitions.source import LIST, NULL, Entry, Node
from sakip.bands import LOWER, Bands
from sakip.configuration.evaluation import (
    CAP,
    REFUSE,
    REGION,
    UNIT,
    WARN,
    Evaluation,
    EvidenceKind,
    FrameworkRule,
    Recommendations,
    ResultRule,
    SuggestedGrade,
    Tier,
)
from sakip.configuration.heads import Head
from sakip.configuration.measurement import PROVISIONAL
from sakip.configuration.parse_components import parse_components
from sakip.configuration.parse_scales import parse_scale
from sakip.configuration.reading import FieldReader

EVALUATION_REQUIRED = ("predicate", "rounding", "components", "tiers", "result")
EVALUATION_KEYS = (
    *EVALUATION_REQUIRED, "case_type", "subjects", "scales", "suggested_grades", "evidence_kinds", "logical_framework",
    "recommendations",
)  # fmt: skip
SUBJECTS = (REGION, UNIT)
DEFAULT_CASE_TYPE, DEFAULT_FOLLOW_UP = "lke_evaluation", "follow_up"
CRITERIA, EVIDENCE = "criteria", "evidence"
_NO_BANDS = Bands(None, None, LOWER, None, ())


def parse_evaluation(root: Node, head: Head, reader: FieldReader) -> Evaluation:
    """The value of a file whose top-level keys were looked at. Names of other things are kept as written; a scale
    nobody knows is None."""
    given = {key: entry for key, entry in root.entries.items() if entry.value.kind != NULL}
    scales = {key: parse_scale(key, entry, reader) for key, entry in reader.named(given.get("scales")).items()}
    subjects = _subjects(given["subjects"], reader) if "subjects" in given else SUBJECTS
    tiers = [_tier(key, entry, reader) for key, entry in reader.named(given.get("tiers")).items()]
    return Evaluation(
        head,
        reader.text(given.get("case_type"), DEFAULT_CASE_TYPE),
        subjects,
        reader.bands(given["predicate"]) if "predicate" in given else _NO_BANDS,
        reader.rounding(given.get("rounding")),
        scales,
        {key: _suggested(entry, reader) for key, entry in reader.named(given.get("suggested_grades")).items()},
        {key: _kind(key, entry, reader) for key, entry in reader.named(given.get("evidence_kinds")).items()},
        parse_components(given.get("components"), scales, subjects, reader),
        tuple(_rule(key, entry, reader) for key, entry in reader.named(given.get("logical_framework")).items()),
        {tier.key: tier for tier in sorted(tiers, key=lambda each: each.order)},
        _result(given.get("result"), reader),
        _recommendations(given.get("recommendations"), reader),
    )


def _subjects(entry: Entry, reader: FieldReader) -> tuple[str, ...]:
    """Who is asked; nobody is a mistake."""
    if entry.value.kind == LIST and not entry.value.items:
        reader.wrong(entry.value, "Sebutkan paling sedikit satu.", "Name at least one.")
    return reader.words(entry, SUBJECTS) or SUBJECTS


def _suggested(entry: Entry, reader: FieldReader) -> SuggestedGrade:
    given = reader.given(entry, ("none", "all", "between"), ("none", "all", "between"))
    return SuggestedGrade(
        reader.text(given.get("none")),
        reader.text(given.get("all")),
        reader.bands(given["between"]) if "between" in given else _NO_BANDS,
    )


def _kind(key: str, entry: Entry, reader: FieldReader) -> EvidenceKind:
    given = reader.given(entry, ("title", "keeper", "from_case", "from_tree", "external"))
    case = given.get("from_case")
    of_case = {} if case is None else reader.given(case, ("case_type", "milestone"), ("case_type", "milestone"))
    case_type, milestone = reader.text(of_case.get("case_type")), reader.text(of_case.get("milestone"))
    return EvidenceKind(
        key,
        reader.title(given.get("title"), key),
        reader.optional_text(given.get("keeper")),
        (case_type, milestone) if case_type and milestone else None,
        reader.boolean(given.get("from_tree")),
        {name: reader.text(each) for name, each in reader.free(given.get("external")).items()},
    )


def _rule(key: str, entry: Entry, reader: FieldReader) -> FrameworkRule:
    given = reader.given(entry, ("limits", "by", "then"), ("limits", "by"))
    return FrameworkRule(
        key,
        reader.text(given.get("limits")),
        reader.names(given.get("by")),
        reader.choice(given.get("then"), (CAP, WARN, REFUSE), CAP) or CAP,
    )


def _tier(key: str, entry: Entry, reader: FieldReader) -> Tier:
    allowed = ("order", "title", "state", "answers", "starts_from", "window", "by_component", "hidden_until")
    given = reader.given(entry, allowed, ("state",))
    window = given.get("window")
    days = {} if window is None else reader.given(window, ("from", "to"), ("from", "to"))
    opens, closes = reader.date(days.get("from")), reader.date(days.get("to"))
    return Tier(
        key,
        reader.order(given),
        reader.title(given.get("title"), key),
        reader.text(given.get("state")),
        reader.choice(given.get("answers"), (CRITERIA, EVIDENCE), CRITERIA) or CRITERIA,
        reader.optional_text(given.get("starts_from")),
        (opens, closes) if opens is not None and closes is not None else None,
        {name: reader.text(each) for name, each in reader.free(given.get("by_component")).items()},
        reader.optional_text(given.get("hidden_until")),
    )


def _result(entry: Entry | None, reader: FieldReader) -> ResultRule:
    if entry is None:
        return ResultRule("tier", (), {}, REFUSE)
    given = reader.given(entry, ("by", "tier", "tiers", "weights", "missing"), ("by",))
    by = reader.choice(given.get("by"), ("tier", "mean", "weighted"), "tier") or "tier"
    needed = {"tier": "tier", "mean": "tiers", "weighted": "weights"}[by]
    if "by" in given and needed not in given and entry.value.entries:
        reader.missing(entry.key, [needed])
    one, several = reader.optional_text(given.get("tier")), reader.names(given.get("tiers"))
    weights = {key: reader.fraction(each, 0) or Fraction(0) for key, each in reader.free(given.get("weights")).items()}
    tiers: Mapping[str, tuple[str, ...]] = {
        "tier": () if one is None else (one,), "mean": several, "weighted": tuple(weights),
    }  # fmt: skip
    missing = reader.choice(given.get("missing"), (REFUSE, PROVISIONAL), REFUSE) or REFUSE
    return ResultRule(by, tiers[by], weights if by == "weighted" else {}, missing)


def _recommendations(entry: Entry | None, reader: FieldReader) -> Recommendations | None:
    if entry is None:
        return None
    given = reader.given(entry, ("case_type", "required_below", "due"), ("required_below",))
    below = reader.fraction(given.get("required_below"), 0, 1)
    return Recommendations(
        reader.text(given.get("case_type"), DEFAULT_FOLLOW_UP),
        Fraction(0) if below is None else below,
        reader.duration(given.get("due")),
    )
