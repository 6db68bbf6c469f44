"""``migrations``: how cases of an older version come to stand in this one (docs/reference/migrations.md)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.compiling import Compiler
from engine.definitions.expression_syntax import Unreadable, read
from engine.definitions.migration_plans import CLOSE, DROP, STAY, TO, Fate, MigrationPlan
from engine.definitions.model import Text
from engine.definitions.source import LIST, MAP, NULL, TEXT, Entry, Node
from engine.definitions.version_ranges import accepts

PLAN_KEYS = (
    "title", "from", "select", "states", "tasks", "votes", "timers", "slas", "fields", "ask", "notify", "scenarios",
)  # fmt: skip
WITH_REASON = (CLOSE, DROP)


def parse_migrations(compiler: Compiler) -> Mapping[str, MigrationPlan]:
    """Every plan; what an older version would have to know is checked in ``check/migrations.py``."""
    found = {}
    for key, entry in compiler.keyed(compiler.root.get("migrations")).items():
        given = compiler.keys(entry, PLAN_KEYS, ("from",))
        renamed, dropped, computed = _fields(given.get("fields"), compiler)
        found[key] = MigrationPlan(
            key=key,
            title=compiler.title(given.get("title"), key),
            wanted=_range(given.get("from"), compiler),
            select=_select(given.get("select"), compiler),
            states=_states(given.get("states"), compiler),
            tasks=compiler.choice(given.get("tasks"), ("keep", "reopen"), "keep") or "keep",
            votes=compiler.choice(given.get("votes"), ("keep", "drop"), "keep") or "keep",
            timers=compiler.choice(given.get("timers"), ("keep", "restart"), "keep") or "keep",
            slas=compiler.choice(given.get("slas"), ("keep", "restart"), "keep") or "keep",
            renamed=renamed,
            dropped=dropped,
            computed=computed,
            ask=_asked(given.get("ask"), compiler),
            notify=_told(given.get("notify"), compiler),
        )
    return found


def _range(entry: Entry | None, compiler: Compiler) -> str:
    text = compiler.text(entry)
    if entry is not None and entry.value.kind == TEXT and accepts(text, "0.0.0") is None:
        compiler.wrong(entry.value, "Rentang versi tidak terbaca.", "The version range cannot be read.")
    return text


def _select(entry: Entry | None, compiler: Compiler) -> str | None:
    """Kept as text: the names in it are the older version's. What is no expression at all is said here."""
    text = compiler.optional_text(entry)
    return text if entry is not None and text is not None and _is_expression(entry.value, text, compiler) else None


def _is_expression(node: Node, text: str, compiler: Compiler) -> bool:
    try:
        read(text)
    except Unreadable as refused:
        said = refused.finding
        compiler.problems.add(said.code, node, said.message.id, said.message.en, said.suggestion)
        return False
    return True


def _states(entry: Entry | None, compiler: Compiler) -> Mapping[str, Fate]:
    found = {}
    for key, inner in compiler.keyed(entry).items():
        fate = _fate(inner, compiler)
        if fate is not None:
            found[key] = fate
    return found


def _fate(entry: Entry, compiler: Compiler) -> Fate | None:
    """``state``, ``stay``, ``{to: state, reason}``, ``{close: reason}`` or ``{drop: reason}``."""
    node = entry.value
    if node.kind == TEXT and node.value == STAY:
        return Fate(STAY)
    if node.kind == TEXT:
        target = compiler.state(node)
        return None if target is None else Fate(TO, target)
    if node.kind != MAP:
        compiler.wrong(
            node,
            "Tulis langkah tujuan, stay, {close: alasan} atau {drop: alasan}.",
            "Write the state it goes to, stay, {close: reason} or {drop: reason}.",
        )
        return None
    given = compiler.keys(entry, (TO, "reason", *WITH_REASON))
    kinds = [kind for kind in (TO, *WITH_REASON) if kind in given]
    if len(kinds) != 1:
        if not given.keys() - {TO, "reason", *WITH_REASON}:
            compiler.wrong(node, "Tulis satu saja dari: to, close, drop.", "Write exactly one of: to, close, drop.")
        return None
    reason = compiler.optional_title(given.get("reason"))
    if kinds[0] != TO:
        return Fate(kinds[0], None, _reason(given[kinds[0]], compiler))
    target = compiler.state(given[TO].value)
    return None if target is None else Fate(TO, target, reason)


def _reason(entry: Entry, compiler: Compiler) -> Text:
    reason = compiler.title(entry)
    if entry.value.kind == TEXT and not str(entry.value.value).strip():
        compiler.wrong(entry.value, "Tulis alasannya.", "Write the reason.")
    return reason


def _fields(
    entry: Entry | None, compiler: Compiler
) -> tuple[Mapping[str, str], frozenset[str], Mapping[str, str]]:  # fmt: skip
    """Renamed (``old: new``), given up (``old: null``) and worked out (``new: {expression: …}``)."""
    renamed: dict[str, str] = {}
    dropped: set[str] = set()
    computed: dict[str, str] = {}
    for key, inner in compiler.keyed(entry).items():
        node = inner.value
        if node.kind == NULL:
            dropped.add(key)
        elif node.kind == TEXT:
            name = compiler.field_name(node)
            if name is not None and name in renamed.values():
                compiler.wrong(node, "Dua isian menuju satu nama.", "Two fields go to one name.")
            elif name is not None:
                renamed[key] = name
        elif node.kind == MAP:
            given = compiler.keys(inner, ("expression",), ("expression",))
            text = compiler.optional_text(given.get("expression"))
            known = compiler.field_name(inner.key)
            if text is not None and known is not None and _is_expression(given["expression"].value, text, compiler):
                computed[key] = text
        else:
            compiler.wrong(
                node,
                "Tulis nama isian yang baru, null, atau {expression: …}.",
                "Write the field's new name, null, or {expression: …}.",
            )
    return renamed, frozenset(dropped), computed


def _asked(entry: Entry | None, compiler: Compiler) -> tuple[str, ...]:
    names = [compiler.field_name(node) for node in compiler.name_nodes(entry)]
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _told(entry: Entry | None, compiler: Compiler) -> tuple[str, ...]:
    """One notification, role or ``candidates``, or a list of them."""
    if entry is None:
        return ()
    nodes = compiler.name_nodes(entry) if entry.value.kind == LIST else [entry.value]
    known = [*compiler.named("notifications"), "candidates", *compiler.roles]
    words = ("pemberitahuan atau peran", "notification or role")
    found = [compiler.known_name(node, known, "WF027", *words) for node in nodes]
    return tuple(dict.fromkeys(name for name in found if name is not None))
