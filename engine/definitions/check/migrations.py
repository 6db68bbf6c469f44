"""WF091 and the names of the older version: what migration plans say of it, as far as it lies in ``history/``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.definitions.compiling import Compiler
from engine.definitions.expressions import compile_expression
from engine.definitions.migration_gaps import Gap, gaps
from engine.definitions.migration_plans import MigrationPlan, bound, environment_of
from engine.definitions.model import Definition
from engine.definitions.parse import CaseType
from engine.definitions.problems import Problems
from engine.definitions.source import Entry, Node


def migration_plans(case_type: CaseType, problems: Problems) -> None:
    """Check every plan against the older versions it is for. One that moves none of those kept is not checked; a
    region's only against versions its overlay was written for, the others are not what its cases have."""
    compiler = case_type.compiler
    compiler.problems = problems
    for key, plan in case_type.definition.migrations.items():
        entry = case_type.entry("migrations", key)
        older = {
            version: old
            for version, old in compiler.older.items()
            if plan.is_for(version) and old.region == case_type.definition.region
        }
        if entry is None or not older:
            continue
        _names(plan, entry, list(older.values()), compiler)
        _fates(plan, entry, older, case_type, problems)


def _names(plan: MigrationPlan, entry: Entry, older: list[Definition], compiler: Compiler) -> None:
    """States, fields and expressions named of the older version: at least one of the versions must know them."""
    given = entry.value.entries
    states = dict.fromkeys(key for old in older for key in old.states)
    for inner in compiler.map(given.get("states")).values():
        compiler.known_name(inner.key, states, "WF020", "langkah lama", "older state")
    fields = dict.fromkeys(key for old in older for key in old.fields)
    for name, inner in compiler.map(given.get("fields")).items():
        if name not in plan.computed and name not in fields and (name in plan.renamed or name in plan.dropped):
            compiler.known_name(inner.key, fields, "WF026", "isian lama", "older field")
    if plan.select is not None:
        _expression(given["select"].value, plan.select, "boolean", older, compiler)
    for name, text in plan.computed.items():
        at = given["fields"].value.entries[name].value.entries["expression"].value
        _expression(at, text, None, older, compiler)


def _expression(at: Node, text: str, expected: str | None, older: Iterable[Definition], compiler: Compiler) -> None:
    """An expression over the older answers holds for every version the plan is for; the first fault is told."""
    for old in older:
        _, findings = compile_expression(text, environment_of(old, compiler.vocabulary), expected)
        for said in findings:
            compiler.problems.add(said.code, at, said.message.id, said.message.en, said.suggestion)
        if findings:
            return


def _fates(
    plan: MigrationPlan, entry: Entry, older: Mapping[str, Definition], case_type: CaseType, problems: Problems
) -> None:
    """One finding a token: everything it lacks, of all versions, in one sentence."""
    lacking: dict[int, tuple[Node, dict[str, None], dict[str, None]]] = {}
    for version, old in older.items():
        for gap in gaps(bound(plan, old, case_type.definition, case_type.compiler.vocabulary)):
            at = _at(entry, gap)
            _, indonesian, english = lacking.setdefault(id(at), (at, {}, {}))
            indonesian[f"{gap.message.id}, versi {version}"] = None
            english[f"{gap.message.en}, version {version}"] = None
    for at, indonesian, english in lacking.values():
        problems.add(
            "WF091",
            at,
            f"Rencana migrasi belum lengkap: {'; '.join(indonesian)}.",
            f"The migration plan is not complete: {'; '.join(english)}.",
        )


def _at(entry: Entry, gap: Gap) -> Node:
    """The value the plan gives for it; without one the key of the map or of the plan that lacks it."""
    here = entry
    for name in gap.path:
        inner = here.value.entries.get(name)
        if inner is None:
            return here.key
        here = inner
    return here.value
