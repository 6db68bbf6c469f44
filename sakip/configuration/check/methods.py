"""WF204: options of a method that its kind lacks, does not know, or a table of zero-best that does not start at 0.

Which options a kind has is for the shelf of methods to say; what an option holds is read here too (WF012).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from engine.definitions.model import Text
from engine.definitions.problems import closest, did_you_mean, shorten
from engine.definitions.source import BOOLEAN, MAP, Entry, Node
from sakip.configuration.check.around import Around, MethodKindLike, OptionLike
from sakip.configuration.check.findings import ANY, Findings
from sakip.configuration.check.look import entries, number, shown, text
from sakip.configuration.parse_methods import METHOD_KEYS
from sakip.configuration.unsure import TO_CONFIRM

REFUSE = "refuse"


def check_methods(root: Node, around: Around, found: Findings) -> None:
    """The kind of every method, and what it is told."""
    kinds = around.kinds.methods
    for key, method in entries(root, "methods").items():
        if one_of(method.value.get("kind"), kinds, found):
            _check_options(key, method, kinds, found)


def check_consolidations(root: Node, around: Around, found: Findings) -> None:
    """The kind of every consolidation."""
    for consolidation in entries(root, "consolidations").values():
        one_of(consolidation.value.get("kind"), around.kinds.consolidations, found)


def one_of(at: Node | None, words: Collection[str], found: Findings) -> bool:
    """Whether a text that is there is one of the words of a shelf; WF012 if not."""
    if text(at) in words:
        return True
    if at is not None and text(at) is not None:
        near, listed = closest(str(at.value), words), ", ".join(words)
        hint = did_you_mean(near)
        found.add(
            "WF012",
            at,
            f"Di sini harus salah satu dari: {listed}.{hint.id}",
            f"This must be one of: {listed}.{hint.en}",
            suggestion=near,
        )
    return False


def _check_options(key: str, method: Entry, kinds: Mapping[str, MethodKindLike], found: Findings) -> None:
    kind = str(method.value.entries["kind"].value.value)
    options = {option.name: option for option in kinds[kind].all_options}
    elsewhere = {option.name for other in kinds.values() for option in other.all_options}
    given = entries(method.value)
    missing = [name for name, option in options.items() if option.is_needed and name not in given]
    if missing:
        named = ", ".join(f'"{name}"' for name in missing)
        found.add(
            "WF204",
            method.key,
            f'Cara "{key}" berjenis {kind} dan memerlukan {named}.',
            f'Method "{key}" is of the kind {kind} and needs {named}.',
            [*(("methods", key, name) for name in missing), ("methods", key, "kind")],
        )
    for name, entry in given.items():
        if name in METHOD_KEYS or name == TO_CONFIRM:
            continue
        if name in options:
            _check_value(options[name], entry, found)
            if options[name].holds == "rows":
                _check_table(key, entry, found)
        elif name in elsewhere:
            found.add(
                "WF204",
                entry.key,
                f'"{name}" bukan pilihan untuk cara berjenis {kind}.',
                f'"{name}" is no option of a method of the kind {kind}.',
                [("methods", key, name), ("methods", key, "kind")],
            )
        else:
            _tell_unknown(name, entry, [*METHOD_KEYS, *options], found)


def _tell_unknown(name: str, entry: Entry, known: Collection[str], found: Findings) -> None:
    near = closest(name, known)
    hint = did_you_mean(near)
    found.add(
        "WF010",
        entry.key,
        f'Kunci "{shorten(name)}" tidak dikenal.{hint.id}',
        f'Unknown key "{shorten(name)}".{hint.en}',
        suggestion=near,
    )


def _check_value(option: OptionLike, entry: Entry, found: Findings) -> None:
    node, wanted = entry.value, None
    if option.holds == "choice" and text(node) is not None:
        one_of(node, option.choices, found)
    elif option.holds == "choice":
        listed = ", ".join(option.choices)
        wanted = Text(f"salah satu dari: {listed}", f"one of: {listed}")
    elif option.holds == "number_or_refuse" and number(node) is None and text(node) != REFUSE:
        wanted = Text(f"angka atau {REFUSE}", f"a number or {REFUSE}")
    elif option.holds == "yes_no" and node.kind != BOOLEAN:
        wanted = Text("true atau false", "true or false")
    elif option.holds == "rows" and node.kind != MAP:
        wanted = Text("peta kunci", "a map")
    if wanted is not None:
        found.add("WF012", node, f"Di sini harus {wanted.id}.", f"This must be {wanted.en}.")


def _check_table(key: str, table: Entry, found: Findings) -> None:
    """The rows of ``zero_best`` begin at 0, each at a number of its own."""
    if table.value.kind != MAP:
        return
    first: dict[Fraction, str] = {}
    for name, row in entries(table.value).items():
        at = row.value.get("from")
        start = number(at)
        if at is None or start is None:
            return  # told where the row is read
        if start in first:
            found.add(
                "WF204",
                at,
                f'"{name}" dan "{first[start]}" mulai pada nilai yang sama.',
                f'"{name}" and "{first[start]}" start at one value.',
                [("methods", key, "rows", name, "from"), ("methods", key, "rows", first[start], "from")],
            )
        first.setdefault(start, name)
    if min(first, default=None) != 0:
        begins = f"mulai pada {shown(min(first))}" if first else "kosong"
        starts = f"starts at {shown(min(first))}" if first else "is empty"
        found.add(
            "WF204",
            table.key,
            f'Tabel "{key}" harus mulai pada 0; ini {begins}.',
            f'The table of "{key}" has to start at 0; it {starts}.',
            [("methods", key, "rows", ANY, "from")],
        )
