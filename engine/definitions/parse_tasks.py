"""Human work in a state: tasks (reference §4.1) and approvals (§4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.definitions.compiling import Compiler
from engine.definitions.expression_types import Type
from engine.definitions.model import Approval, Approver, ApproversAlong, ApproversForEach, Task
from engine.definitions.outline import DEFAULT_OUTCOMES
from engine.definitions.source import MAP, NULL, Entry

TASK_KEYS = frozenset(
    [
        "candidates",
        "excluded",
        "form",
        "fields",
        "due",
        "calendar",
        "assigns",
        "allocate",
        "bulk",
        "auto_release",
        "instructions",
        "title",
    ]
)
APPROVAL_KEYS = frozenset(
    [
        "ordering",
        "approvers",
        "approvers_along",
        "approvers_for_each",
        "same_person",
        "outcomes",
        "completion",
        "late",
        "keep_votes",
        "form",
        "fields",
        "due",
        "excluded",
        "calendar",
        "instructions",
        "title",
    ]
)
RIGHTS = ("edit", "read", "hidden")
_SOURCES = ("approvers", "approvers_along", "approvers_for_each")
LAST = 1_000_000


def parse_task(entry: Entry, compiler: Compiler, item_type: Type | None) -> Task:
    """One task; ``item_type`` is set in a multi-instance."""
    given = compiler.keys(entry, TASK_KEYS, ("candidates",))
    calendar = compiler.calendar(given.get("calendar"))
    counted_on = "task" if "calendar" in given else None
    form = form_of(given.get("form"), compiler)
    compiler.title(given.get("title"))
    return Task(
        compiler.roles_in(given.get("candidates")),
        excluded_of(given.get("excluded"), compiler),
        form,
        rights_of(given.get("fields"), form, compiler),
        compiler.due(given.get("due"), counted_on, item_type),
        calendar,
        _assigns(given.get("assigns"), compiler),
        compiler.choice(given.get("allocate"), ("offer", "least_loaded", "round_robin"), "offer") or "offer",
        compiler.boolean(given.get("bulk")),
        compiler.duration(given.get("auto_release"), counted_on),
        compiler.optional_title(given.get("instructions")),
    )


def form_of(entry: Entry | None, compiler: Compiler) -> str | None:
    """The key of a form that exists (WF026)."""
    if entry is None:
        return None
    return compiler.known_name(entry.value, compiler.known_forms, "WF026", "formulir", "form")


def excluded_of(entry: Entry | None, compiler: Compiler) -> tuple[str, ...]:
    """Roles, or ``performer_of.<state>``."""
    found = [compiler.performer(node) for node in compiler.nodes(entry)]
    return tuple(name for name in found if name is not None)


def rights_of(entry: Entry | None, form: str | None, compiler: Compiler) -> Mapping[str, str]:
    """What may be done with each field in a step."""
    found = {}
    for name, right in compiler.map(entry).items():
        if compiler.field_name(right.key, form) is None:
            continue
        word = compiler.one_of(right.value, RIGHTS)
        if word is not None:
            found[name] = word
    return MappingProxyType(found)


def _assigns(entry: Entry | None, compiler: Compiler) -> tuple[str, ...]:
    found = []
    for node in compiler.nodes(entry):
        name = compiler.role(node)
        if name is None:
            continue
        if compiler.roles[name].value.get("resolve", "case_role") is None:
            compiler.wrong(
                node, f'Peran "{name}" tidak diisi per kasus.', f'The role "{name}" is not chosen for a case.'
            )
        found.append(name)
    return tuple(found)


def completion(entry: Entry | None, compiler: Compiler) -> tuple[str, int | None]:
    """``all``, ``any`` or ``quorum`` with its number."""
    if entry is None:
        return "all", None
    if entry.value.kind == MAP:
        given = compiler.keys(entry, ("quorum",), ("quorum",))
        quorum = compiler.integer(given.get("quorum"), 1)
        return ("all", None) if quorum is None else ("quorum", quorum)
    return compiler.choice(entry, ("all", "any"), "all") or "all", None


def parse_approval(entry: Entry, compiler: Compiler) -> Approval:
    """One approval."""
    given = compiler.keys(entry, APPROVAL_KEYS)
    written = [name for name in _SOURCES if name in given]
    if not written and entry.value.kind == MAP:
        compiler.missing(entry.key, ["approvers"])
    for name in written[1:]:
        compiler.wrong(given[name].key, f'Sudah ada "{written[0]}".', f'There is "{written[0]}" already.')
    counted_on = "approval" if "calendar" in given else None
    form = form_of(given.get("form"), compiler)
    accept, refuse = _outcomes(given.get("outcomes"), compiler)
    word, quorum = completion(given.get("completion"), compiler)
    compiler.title(given.get("title"))
    return Approval(
        compiler.choice(given.get("ordering"), ("parallel", "sequential"), "parallel") or "parallel",
        _approvers(given.get("approvers"), compiler),
        _along(given.get("approvers_along"), compiler),
        _for_each(given.get("approvers_for_each"), compiler),
        compiler.choice(given.get("same_person"), ("once", "each", "skip", "up"), "once") or "once",
        accept,
        refuse,
        word,
        quorum,
        compiler.choice(given.get("late"), ("withdraw", "keep"), "withdraw") or "withdraw",
        compiler.boolean(given.get("keep_votes")),
        excluded_of(given.get("excluded"), compiler),
        form,
        rights_of(given.get("fields"), form, compiler),
        compiler.due(given.get("due"), counted_on),
        compiler.calendar(given.get("calendar")),
        compiler.optional_title(given.get("instructions")),
    )


def _outcomes(entry: Entry | None, compiler: Compiler) -> tuple[str, str]:
    """The actions that accept and refuse; ``refuse: null`` makes an approval that cannot be refused."""
    if entry is None:
        return DEFAULT_OUTCOMES
    given = compiler.keys(entry, ("accept", "refuse"))
    refuse = given.get("refuse")
    cannot_refuse = refuse is not None and refuse.value.kind == NULL
    accept = compiler.text(given.get("accept"), DEFAULT_OUTCOMES[0])
    refused = "" if cannot_refuse else compiler.text(refuse, DEFAULT_OUTCOMES[1])
    if accept == refused:
        at = refuse or given.get("accept")
        if at is not None:
            compiler.wrong(at.value, "Dua hasil harus berbeda.", "The two outcomes must differ.")
    return accept, refused


def _approvers(entry: Entry | None, compiler: Compiler) -> tuple[Approver, ...]:
    found = []
    if entry is not None and entry.value.kind == MAP and not entry.value.entries:
        compiler.wrong(entry.value, "Paling sedikit satu penyetuju.", "There has to be an approver.")
    for key, inner in compiler.keyed(entry).items():
        given = compiler.keys(inner, ("candidates", "order", "veto", "needed_when", "title"), ("candidates",))
        order = compiler.integer(given.get("order"))
        compiler.title(given.get("title"))
        found.append(
            Approver(
                key,
                compiler.roles_in(given.get("candidates")),
                LAST if order is None else order,
                compiler.boolean(given.get("veto")),
                compiler.expression(given.get("needed_when"), "boolean"),
            )
        )
    return tuple(sorted(found, key=lambda each: each.order))


def _along(entry: Entry | None, compiler: Compiler) -> ApproversAlong | None:
    if entry is None:
        return None
    given = compiler.keys(entry, ("from", "relation", "until", "at_most", "vacant"), ("from",))
    start = compiler.role(given["from"].value) if "from" in given else None
    until = compiler.expression(given.get("until"), "boolean")
    at_most = compiler.integer(given.get("at_most"), 1, 100)
    if entry.value.kind == MAP and "until" not in given and "at_most" not in given:
        compiler.missing(entry.key, ["until"])
    return ApproversAlong(
        start or "",
        compiler.choice(given.get("relation"), ("superior",), "superior") or "superior",
        until,
        at_most,
        compiler.choice(given.get("vacant"), ("incident", "next", "acting_official"), "incident") or "incident",
    )


def _for_each(entry: Entry | None, compiler: Compiler) -> ApproversForEach | None:
    if entry is None:
        return None
    given = compiler.keys(entry, ("collection", "owner", "distinct"), ("collection", "owner"))
    collection = compiler.expression(given.get("collection"), "list")
    is_distinct = compiler.boolean(given.get("distinct"))
    if collection is None:
        return None
    owner = compiler.expression(given.get("owner"), "person", item_type=compiler.item_of(collection.type))
    return None if owner is None else ApproversForEach(collection, owner, is_distinct)
