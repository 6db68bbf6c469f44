"""`levels.yaml` as a value: levels of the tree, owners, annex rows, edges, integrity (reference §4)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.source import Entry, Node
from sakip.configuration.heads import Head
from sakip.configuration.levels import (
    AGENCY,
    ERROR,
    OFF,
    REGION,
    WARNING,
    Annex,
    EdgeKind,
    Level,
    Levels,
    NodeField,
    Owner,
    ResultKind,
)
from sakip.configuration.reading import FieldReader

LEVELS_KEYS = ("plan", "result_kinds", "levels", "owners", "annex", "node_fields", "edges", "integrity")
LEVELS_REQUIRED = ("levels",)
BUDGETS = ("programme", "activity", "sub_activity")
FIELD_TYPES = ("text", "paragraph", "yes_no", "integer", "decimal", "percent", "money", "date", "year", "month")
ALWAYS_AN_ERROR = "circle"
INTEGRITY_CHECKS = (
    ALWAYS_AN_ERROR, "parent_of_wrong_level", "goal_without_regional_parent", "indicator_without_owner",
    "node_without_indicator", "method_does_not_fit_unit", "quarters_do_not_add_up", "annex_indicator_without_superior",
    "owner_vacant", "child_repeats_parent", "programme_without_objective", "node_without_success_factor",
    "weights_not_100", "target_below_last_year", "annex_differs_from_plan", "same_wording_elsewhere",
    "depth_not_reached", "crosscutting_unanswered",
)  # fmt: skip


def parse_levels(root: Node, head: Head, reader: FieldReader) -> Levels:
    """The value of a file whose top-level keys were looked at. Names of other things are kept as written."""
    entries = root.entries
    document, goals, objectives, subjects = _plan(entries.get("plan"), reader)
    levels = [_level(key, entry, reader) for key, entry in reader.named(entries.get("levels")).items()]
    kinds = [_result_kind(key, entry, reader) for key, entry in reader.named(entries.get("result_kinds")).items()]
    return Levels(
        head,
        document,
        goals,
        objectives,
        subjects,
        {kind.key: kind for kind in sorted(kinds, key=lambda each: each.order)},
        {level.key: level for level in sorted(levels, key=lambda each: each.order)},
        {key: _owner(key, entry, reader) for key, entry in reader.named(entries.get("owners")).items()},
        {key: _annex(key, entry, reader) for key, entry in reader.named(entries.get("annex")).items()},
        {key: _node_field(key, entry, reader) for key, entry in reader.named(entries.get("node_fields")).items()},
        {key: _edge(key, entry, reader) for key, entry in reader.named(entries.get("edges")).items()},
        _integrity(entries.get("integrity"), reader),
    )


def _plan(entry: Entry | None, reader: FieldReader) -> tuple[str, str, str, tuple[str, ...]]:
    allowed = ("document", "goals_hang_under", "objectives_hang_under", "subjects")
    given: Mapping[str, Entry] = {} if entry is None else reader.given(entry, allowed)
    return (
        reader.choice(given.get("document"), ("rpjmd", "rpd"), "rpjmd") or "rpjmd",
        reader.choice(given.get("goals_hang_under"), ("mission", "vision"), "mission") or "mission",
        reader.choice(given.get("objectives_hang_under"), ("goal", "goal_indicator"), "goal") or "goal",
        reader.names(given.get("subjects")),
    )


def _level(key: str, entry: Entry, reader: FieldReader) -> Level:
    allowed = ("order", "tree", "title", "under", "one_only", "result_kinds", "indicators", "owner", "needs", "budget")
    given = reader.given(entry, allowed, ("tree",))
    indicators = given.get("indicators")
    bounds = {} if indicators is None else reader.given(indicators, ("minimum", "maximum"))
    least, most = reader.count(bounds.get("minimum"), 0), reader.integer(bounds.get("maximum"), 0)
    if most is not None and most < least:
        reader.wrong(bounds["maximum"].value, f"{most} di bawah {least}.", f"{most} is below {least}.")
    budget = reader.choice(given.get("budget"), (*BUDGETS, "none"))
    return Level(
        key,
        reader.order(given),
        reader.choice(given.get("tree"), (REGION, AGENCY), AGENCY) or AGENCY,
        reader.title(given.get("title"), key),
        reader.names(given.get("under")),
        reader.boolean(given.get("one_only")),
        reader.names(given.get("result_kinds")),
        least,
        most,
        reader.optional_text(given.get("owner")),
        reader.names(given.get("needs")),
        None if budget == "none" else budget,
    )


def _result_kind(key: str, entry: Entry, reader: FieldReader) -> ResultKind:
    given = reader.given(entry, ("order", "title", "tone"))
    return ResultKind(
        key, reader.order(given), reader.title(given.get("title"), key), reader.text(given.get("tone"), "plain")
    )


def _owner(key: str, entry: Entry, reader: FieldReader) -> Owner:
    given = reader.given(entry, ("title", "title_in"))
    return Owner(key, reader.title(given.get("title"), key), reader.titles(given.get("title_in")))


def _annex(key: str, entry: Entry, reader: FieldReader) -> Annex:
    given = reader.given(entry, ("levels", "heading", "heading_in", "budget", "missions"), ("levels",))
    return Annex(
        key,
        reader.names(given.get("levels")),
        reader.title(given.get("heading"), key),
        reader.titles(given.get("heading_in")),
        reader.choice(given.get("budget"), (*BUDGETS, "none"), "none") or "none",
        reader.boolean(given.get("missions")),
    )


def _node_field(key: str, entry: Entry, reader: FieldReader) -> NodeField:
    given = reader.given(entry, ("title", "type"), ("type",))
    return NodeField(
        key, reader.title(given.get("title"), key), reader.choice(given.get("type"), FIELD_TYPES, "text") or "text"
    )


def _edge(key: str, entry: Entry, reader: FieldReader) -> EdgeKind:
    given = reader.given(entry, ("title", "from", "to", "weight", "partners", "agreed_by"), ("from", "to"))
    return EdgeKind(
        key,
        reader.title(given.get("title"), key),
        reader.names(given.get("from")),
        reader.names(given.get("to")),
        _edge_weight(given.get("weight"), reader),
        reader.names(given.get("partners")),
        reader.optional_text(given.get("agreed_by")),
    )


def _edge_weight(entry: Entry | None, reader: FieldReader) -> tuple[int, int] | None:
    if entry is None:
        return None
    given = reader.given(entry, ("minimum", "maximum"), ("minimum", "maximum"))
    least, most = reader.count(given.get("minimum"), 0), reader.count(given.get("maximum"), 100)
    if most < least and "maximum" in given:
        reader.wrong(given["maximum"].value, f"{most} di bawah {least}.", f"{most} is below {least}.")
    return least, most


def _integrity(entry: Entry | None, reader: FieldReader) -> Mapping[str, str]:
    """Every check with its level: one that is not named is off, a circle is an error whatever is written."""
    given = {} if entry is None else reader.given(entry, INTEGRITY_CHECKS)
    found = {key: reader.choice(given.get(key), (ERROR, WARNING, OFF), OFF) or OFF for key in INTEGRITY_CHECKS}
    return {**found, ALWAYS_AN_ERROR: ERROR}
