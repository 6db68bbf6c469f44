"""WF202 and WF203: names a tree's levels use, and levels no tree could ever have."""

from __future__ import annotations

from engine.definitions.model import Text
from engine.definitions.source import Node
from sakip.configuration.check.around import Around
from sakip.configuration.check.findings import ANY, Findings
from sakip.configuration.check.look import entries, entry_at, names, text, words

LEVEL = Text("jenjang", "level")
OWNER = Text("pemilik", "owner")
RESULT_KIND = Text("jenis hasil", "result kind")
FIELD = Text("isian simpul", "node field")
CASE_TYPE = Text("jenis kasus", "case type")


def check_level_names(root: Node, around: Around, found: Findings) -> None:
    """Levels, owners, result kinds, node fields and case types that are named somewhere."""
    levels, owners = entries(root, "levels"), entries(root, "owners")
    for level in levels.values():
        for under in names(level.value.get("under")):
            found.known(under, LEVEL, levels, ("levels",))
        for kind in names(level.value.get("result_kinds")):
            found.known(kind, RESULT_KIND, entries(root, "result_kinds"), ("result_kinds",))
        for needed in names(level.value.get("needs")):
            found.known(needed, FIELD, entries(root, "node_fields"), ("node_fields",))
        found.known(level.value.get("owner"), OWNER, owners, ("owners",))
    for annex in entries(root, "annex").values():
        found.known(annex.key, OWNER, owners, ("owners",))
        for name in names(annex.value.get("levels")):
            found.known(name, LEVEL, levels, ("levels",))
    for edge in entries(root, "edges").values():
        for end in ("from", "to"):
            for name in names(edge.value.get(end)):
                found.known(name, LEVEL, levels, ("levels",))
        agreed_by = edge.value.get("agreed_by")
        if around.case_types is not None and around.looks_up(agreed_by):
            found.known(agreed_by, CASE_TYPE, around.case_types)


def check_level_order(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """A level under itself, no level without a parent, or one no road leads to (WF203)."""
    levels = entries(root, "levels")
    if not levels:
        return
    named = {key: words(entry.value.get("under")) for key, entry in levels.items()}
    parents = {key: {name for name in above if name in levels} for key, above in named.items()}
    has_unknown = {key for key, above in named.items() if len(parents[key]) < len(set(above))}
    for key, entry in levels.items():
        for under in names(entry.value.get("under")):
            if text(under) == key:
                found.add(
                    "WF203",
                    under,
                    f'"{key}" berada di bawah dirinya sendiri.',
                    f'"{key}" is under itself.',
                    [("levels", key, "under")],
                )
    roots = {key for key, entry in levels.items() if not names(entry.value.get("under"))}
    if not roots and not has_unknown:
        at = entry_at(root, "levels")
        if at is not None:
            found.add(
                "WF203",
                at.key,
                "Tidak ada jenjang teratas: semua berada di bawah jenjang lain.",
                "There is no root: every level is under another.",
                [("levels", ANY, "under")],
            )
        return
    children: dict[str, list[str]] = {}
    for key, above in parents.items():
        for parent in above:
            children.setdefault(parent, []).append(key)
    reached: set[str] = set()
    waiting = [*roots, *has_unknown]
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting += children.get(key, ())
    for key, entry in levels.items():
        if key not in reached and key not in parents[key]:
            found.add(
                "WF203",
                entry.key,
                f'"{key}" tidak pernah terjangkau dari jenjang teratas.',
                f'"{key}" can never be reached from a root.',
                [("levels", key, "under"), ("levels", ANY, "under")],
            )
