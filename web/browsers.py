"""A browser and its system in a few words, so that people know their own in a list."""

from __future__ import annotations

_NAMES = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def browser_words(agent: str) -> str:
    """``Firefox · Windows`` from what a browser calls itself; empty when it says nothing known."""
    found = [next((words for sign, words in known if sign in agent), "") for known in (_NAMES, _SYSTEMS)]
    return " · ".join(part for part in found if part)
