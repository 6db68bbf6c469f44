"""Hot changes (reference §13.6): what of a newer version reaches the cases of an older one without a migration.

Titles, help and the other texts people read, mail texts, and the values of parameters that both versions mark ``hot``.
Which they are is decided by where they stand in the canonical form. A text is taken over only where it still means the
same: the node is in both versions and what its words speak of has not changed. An arrow that leads elsewhere keeps its
old title, a message whose rule is another keeps its old words. Everything else stays as the case began with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from re import Pattern

from engine.definitions.overlay_changes import same
from engine.definitions.source import MAP, Entry, Node

KEY = "[^/]+"
_STATE = rf"(?:lifecycle(?:/(?:states|regions)/{KEY})*/states/{KEY}|state_templates/{KEY})"
_FIELD = rf"fields/{KEY}(?:/columns/{KEY})*"


@dataclass(frozen=True, slots=True)
class _Rule:
    """Texts at ``place`` are hot while the ``meant`` keys beside them are the same in both versions."""

    place: Pattern[str]
    meant: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # keys of which only the presence counts


def _rule(place: str, *meant: str, kinds: tuple[str, ...] = ()) -> _Rule:
    return _Rule(re.compile(place + r"\Z"), meant, kinds)


_WORKFLOW = (
    _rule(rf"{_STATE}/transitions/{KEY}/title", "to", "internal", "resume", "by"),
    _rule(rf"{_STATE}/transitions/{KEY}/guard_message", "guard"),
    _rule(rf"{_STATE}/(?:task|approval)/instructions", "form", "fields", "assigns", "approvers"),
    _rule(rf"{_STATE}/(?:title|public_title)", "type", "resting", kinds=("task", "approval", "multi_instance")),
    _rule(rf"roles/{KEY}/title", "resolve", "external"),
    _rule(rf"(?:substitution|schedules)/{KEY}/title"),
    _rule(rf"parameters/{KEY}/title", "type"),
    _rule(rf"bands/(?:{KEY}/)?rows/{KEY}/title", "from"),
    _rule(rf"notifications/{KEY}/template/(?:subject|body)"),
    _rule(rf"notifications/{KEY}/title"),
    _rule("title"),
)
_FORM = (
    _rule(rf"{_FIELD}/title", "type", "unit", "unit_from", "scale", "to", "of"),
    _rule(rf"{_FIELD}/help", "type"),
    _rule(rf"{_FIELD}/options/{KEY}/title"),
    _rule(rf"options_from/{KEY}/{KEY}/title"),
    _rule(rf"sections/{KEY}/(?:title|help)"),
    _rule(rf"sections/{KEY}/fields/{KEY}/message", "required_when", "visible_when"),
    _rule(rf"checks/{KEY}/message", "when", "that"),
    _rule("title"),
)
_PARAMETER = re.compile(rf"parameters/{KEY}\Z")
_VALUES = ("default", "minimum", "maximum")
UNFELT = ("version", "valid_from", "legal_basis", "fixtures", "scenarios", "migrations", "sealed_nodes")


@dataclass(frozen=True, slots=True)
class Written:
    """A version as its files have it, after the overlay: the workflow and the forms by key."""

    workflow: Node
    forms: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class HotChange:
    """A text or a value that reaches running cases: ``path`` from the top of the workflow, or of ``form``."""

    form: str | None
    path: str
    old: Node | None
    new: Node | None

    @property
    def is_value(self) -> bool:
        """Whether it is a parameter's, and not words."""
        return self.form is None and self.path.startswith("parameters/") and self.path.rpartition("/")[2] in _VALUES


def hot_changes(old: Written, new: Written) -> Iterator[HotChange]:
    """What of ``new`` reaches the cases of ``old``, in the order of ``old``."""
    for path, before, after in _differing(old.workflow, new.workflow, "", _WORKFLOW):
        yield HotChange(None, path, before, after)
    for key, form in old.forms.items():
        if key in new.forms:
            for path, before, after in _differing(form, new.forms[key], "", _FORM):
                yield HotChange(key, path, before, after)


def with_hot(old: Written, new: Written, *, texts: bool = True, values: bool = True) -> Written:
    """``old`` with the hot ``texts`` and ``values`` of ``new``; what does not change keeps its nodes."""
    workflow, forms = old.workflow, dict(old.forms)
    for change in hot_changes(old, new):
        if not (values if change.is_value else texts):
            continue
        path = tuple(change.path.split("/"))
        if change.form is None:
            workflow = _replaced(workflow, path, change.new)
        else:
            forms[change.form] = _replaced(forms[change.form], path, change.new)
    return Written(workflow, forms)


def is_only_hot(old: Written, new: Written) -> bool:
    """Whether nothing but hot parts, and what no running case feels (its proof, its legal basis), differs."""
    moved = with_hot(old, new)
    used = {key: form for key, form in new.forms.items() if key in old.forms}
    return _same_structure(moved.workflow, new.workflow) and all(
        _same_structure(moved.forms[key], used.get(key)) for key in moved.forms
    )


def _same_structure(one: Node, other: Node | None) -> bool:
    if other is None:
        return False
    return same(*(node.with_value({k: v for k, v in node.entries.items() if k not in UNFELT}) for node in (one, other)))


def _differing(
    old: Node, new: Node, path: str, rules: tuple[_Rule, ...]
) -> Iterator[tuple[str, Node | None, Node | None]]:
    if old.kind != MAP or new.kind != MAP:
        return
    if rules is _WORKFLOW and _PARAMETER.match(path) and _is_hot(old) and _is_hot(new):
        yield from _values(old, new, path)
    for name in dict.fromkeys((*old.entries, *new.entries)):
        inner = f"{path}/{name}" if path else name
        before, after = old.get(name), new.get(name)
        rule = next((rule for rule in rules if rule.place.match(inner)), None)
        if rule is not None:
            if not same(before, after) and _means_the_same(old, new, rule):
                yield inner, before, after
        elif before is not None and after is not None:
            yield from _differing(before, after, inner, rules)


def _is_hot(parameter: Node) -> bool:
    marked = parameter.get("hot")
    return marked is not None and marked.value is True


def _values(old: Node, new: Node, path: str) -> Iterator[tuple[str, Node | None, Node | None]]:
    if not same(old.get("type"), new.get("type")):
        return
    for name in _VALUES:
        before, after = old.get(name), new.get(name)
        if not same(before, after):
            yield f"{path}/{name}", before, after


def _means_the_same(old: Node, new: Node, rule: _Rule) -> bool:
    return all(same(old.get(name), new.get(name)) for name in rule.meant) and all(
        (old.get(name) is None) == (new.get(name) is None) for name in rule.kinds
    )


def _replaced(node: Node, path: tuple[str, ...], value: Node | None) -> Node:
    name, entries = path[0], dict(node.entries)
    if len(path) > 1:
        entry = entries[name]
        entries[name] = Entry(entry.key, _replaced(entry.value, path[1:], value))
    elif value is None:
        entries.pop(name, None)
    else:
        key = entries[name].key if name in entries else value.with_value(name, "text")
        entries[name] = Entry(key, value)
    return node.with_value(entries)
