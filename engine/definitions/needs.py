"""Things in an order in which each comes after those it needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator


def in_order_of_need(keys: Collection[str], needs: Callable[[str], Iterable[str]]) -> list[str]:
    """``keys`` so that each comes after those of them that ``needs`` names for it; a circle is cut where it closes.

    Without recursion: a chain may be as long as a file.
    """
    order: list[str] = []
    entered: set[str] = set()
    for first in keys:
        waiting: list[tuple[str, Iterator[str]]] = [] if first in entered else [(first, iter(needs(first)))]
        entered.add(first)
        while waiting:
            key, needed = waiting[-1]
            name = next((each for each in needed if each in keys and each not in entered), None)
            if name is None:
                order.append(key)
                waiting.pop()
            else:
                entered.add(name)
                waiting.append((name, iter(needs(name))))
    return order
