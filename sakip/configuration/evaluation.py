"""The evaluation worksheet as an author wrote it: components, scales, framework, tiers (reference §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from engine.definitions.model import Duration, Text
from sakip.bands import Bands
from sakip.configuration.heads import Head
from sakip.rounding import Rounding

GRADED, AVERAGE, POINTS, WEIGHTED = "graded", "average", "points", "weighted"
BY_ANSWER, BY_EVIDENCE = "answer", "evidence"
FULL, LEAVE_OUT = "full", "leave_out"
CAP, WARN, REFUSE = "cap", "warn", "refuse"
REGION, UNIT = "region", "unit"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a scale; its share is ``value / full`` of the scale."""

    key: str
    value: Fraction
    title: Text | None


@dataclass(frozen=True, slots=True)
class Scale:
    """Answers from best to worst; ``key`` is "" for a scale written in place."""

    key: str
    full: Fraction
    title: Text | None
    answers: Mapping[str, Answer]

    def share(self, answer: str) -> Fraction:
        """What an answer is worth, from 0 to 1. Raises KeyError for one that is not on the scale."""
        return self.answers[answer].value / self.full


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A kind of document. ``from_case`` is (case type, milestone) when it registers itself."""

    key: str
    title: Text
    keeper: str | None
    from_case: tuple[str, str] | None
    is_from_tree: bool
    external: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """Evidence a criterion asks: a kind, and the years counted from the evaluated one (0, -1, …)."""

    kind: str
    years: tuple[int, ...]

    def pieces(self) -> tuple[str, ...]:
        """The names of the pieces: ``annual_plan-1`` is last year's, ``annual_plan`` this year's."""
        return tuple(self.kind if year == 0 else f"{self.kind}{year:+d}" for year in self.years)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question. ``subjects`` are region and unit, ``unit_types`` None for every type; ``points`` None unless
    given; ``needs`` is another criterion of the same sub-component; ``not_applicable`` full, leave_out or None."""

    key: str
    path: str  # planning.use.plan_monitored
    order: int
    title: Text
    is_active: bool
    subjects: tuple[str, ...]
    unit_types: tuple[str, ...] | None
    scale: Scale | None  # None: nothing to answer but evidence
    points: Fraction | None
    needs: str | None
    not_applicable: str | None
    is_answered_by_evidence: bool
    evidence: tuple[Asked, ...]

    def pieces(self) -> tuple[str, ...]:
        """Every piece of evidence it asks."""
        return tuple(piece for one in self.evidence for piece in one.pieces())

    def counts_for(self, subject: str, unit_type: str | None) -> bool:
        """Whether it is asked of a region or a unit of that type."""
        return self.is_active and subject in self.subjects and (
            subject == REGION or self.unit_types is None or unit_type is None or unit_type in self.unit_types
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SubComponent:
    """A part of a component with its weight and its way of scoring."""

    key: str
    path: str  # planning.use
    order: int
    title: Text
    weight: Fraction
    scoring: str
    scale: Scale | None
    is_answered_by_evidence: bool
    criteria: Mapping[str, Criterion]  # in the order of `order`, inactive ones among them


@dataclass(frozen=True, slots=True)
class Component:
    """One of the components of the worksheet."""

    key: str
    order: int
    title: Text
    weight: Fraction
    sub_components: Mapping[str, SubComponent]


@dataclass(frozen=True, slots=True)
class FrameworkRule:
    """The counted share of ``limits`` is at most the least counted share of ``by`` (paths of sub-components)."""

    key: str
    limits: str
    by: tuple[str, ...]
    then: str  # cap, warn, refuse


@dataclass(frozen=True, slots=True)
class SuggestedGrade:
    """S1: which grade the share of criteria that hold proposes."""

    none: str
    all: str
    between: Bands


@dataclass(frozen=True, slots=True)
class Tier:
    """One look at the worksheet. ``answers`` is criteria or evidence; ``by_component`` component -> agency."""

    key: str
    order: int
    title: Text
    state: str
    answers: str
    starts_from: str | None
    window: tuple[date, date] | None
    by_component: Mapping[str, str]
    hidden_until: str | None


@dataclass(frozen=True, slots=True)
class ResultRule:
    """Which tiers make the result: tier, mean or weighted."""

    by: str
    tiers: tuple[str, ...]  # the one tier of `by: tier` too
    weights: Mapping[str, Fraction]
    missing: str  # refuse or provisional


@dataclass(frozen=True, slots=True)
class Recommendations:
    """A final share below ``required_below`` asks for a recommendation, followed up in a case."""

    case_type: str
    required_below: Fraction
    due: Duration | None


@dataclass(frozen=True, eq=False, slots=True)
class Evaluation:
    """One file `lke_<year>.yaml`, with a region's overlay merged."""

    head: Head
    case_type: str
    subjects: tuple[str, ...]
    predicate: Bands
    rounding: Rounding
    scales: Mapping[str, Scale]
    suggested: Mapping[str, SuggestedGrade]
    evidence_kinds: Mapping[str, EvidenceKind]
    components: Mapping[str, Component]
    framework: tuple[FrameworkRule, ...]
    tiers: Mapping[str, Tier]
    result: ResultRule
    recommendations: Recommendations | None

    @property
    def year(self) -> int:
        """The performance year that is evaluated."""
        return self.head.first_year

    def sub_components(self) -> tuple[SubComponent, ...]:
        """All of them in the order of the worksheet."""
        return tuple(sub for component in self.components.values() for sub in component.sub_components.values())
