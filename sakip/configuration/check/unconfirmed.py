"""WF230: `to_confirm` that still stands."""

from __future__ import annotations

from engine.definitions.problems import shorten
from engine.definitions.source import NULL, Node
from sakip.configuration.check.findings import Findings, Path
from sakip.configuration.unsure import TO_CONFIRM


def check_unconfirmed(root: Node, found: Findings) -> None:
    """Remind of every default somebody was not sure of."""
    _look(root, (), found)


def _look(node: Node, path: Path, found: Findings) -> None:
    for number, item in enumerate(node.items):
        _look(item, (*path, str(number)), found)
    for key, entry in node.entries.items():
        if key != TO_CONFIRM:
            _look(entry.value, (*path, key), found)
        elif entry.value.kind != NULL:
            words = {side: shorten(str(_said(entry.value, side)), 120) for side in ("id", "en")}
            found.add(
                "WF230",
                entry.key,
                f"Masih perlu dipastikan: {words['id']}.",
                f"Still to be confirmed: {words['en']}.",
                [(*path, TO_CONFIRM)],
            )


def _said(node: Node, language: str) -> object:
    given = node.get(language) or node.get("id") or node.get("en")
    return node.value if given is None and not node.entries else given.value if given is not None else "…"
