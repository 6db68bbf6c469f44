"""What the field's files are read with: exact numbers, pieces left out as `null`, durations, bands, rounding."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from engine.definitions.compiling import DURATION_LIMITS
from engine.definitions.model import Duration, Text
from engine.definitions.options import bytes_of
from engine.definitions.reading import Reader
from engine.definitions.source import DECIMAL, INTEGER, MAP, NULL, Entry, Node
from sakip.bands import LOWER, UPPER, Band, Bands
from sakip.rounding import EXACT, HALF_EVEN, HALF_UP, ROUNDED, Rounding

WITHOUT_ORDER = 1_000_000_000  # last, in the order of the file
MOST_PLACES = 10


class FieldReader(Reader):
    """A reader for which `null` is the same as nothing: an overlay cannot write a `null`, for there it removes."""

    def keys(
        self, entry: Entry, allowed: Collection[str], required: Sequence[str] = (), whole_file: bool = False
    ) -> Mapping[str, Entry]:
        """The entries of a map of fixed keys; a required one that is `null` is missing (WF011), told there."""
        found = super().keys(entry, allowed, required, whole_file)
        for name in required:
            if name in found and found[name].value.kind == NULL:
                indonesian, english = f'"{name}" belum diisi.', f'"{name}" is not filled in.'
                self.problems.add("WF011", found[name].value, indonesian, english)
        return found

    def given(
        self, entry: Entry, allowed: Collection[str], required: Sequence[str] = (), whole_file: bool = False
    ) -> Mapping[str, Entry]:
        """The entries of a map of fixed keys without those that are `null`; a required one stays, to be told."""
        found = self.keys(entry, allowed, required, whole_file)
        return {key: each for key, each in found.items() if each.value.kind != NULL or key in required}

    def named(self, entry: Entry | None) -> Mapping[str, Entry]:
        """The entries of a map of keys we choose, without those that are `null`."""
        if entry is None or entry.value.kind == NULL:
            return {}
        return {key: each for key, each in self.keyed(entry).items() if each.value.kind != NULL}

    def free(self, entry: Entry | None) -> Mapping[str, Entry]:
        """The entries of a map whose keys are somebody else's (grades, paths, unit types), without those that are
        `null`."""
        if entry is None or entry.value.kind == NULL:
            return {}
        return {key: each for key, each in self.map(entry).items() if each.value.kind != NULL}

    def fraction(
        self, entry: Entry | None, minimum: int | None = None, maximum: int | None = None
    ) -> Fraction | None:  # fmt: skip
        """An exact number within its limits, or None."""
        found = self.number(entry, minimum, maximum)
        return None if found is None else Fraction(found)

    def count(self, entry: Entry | None, default: int, minimum: int = 0, maximum: int = WITHOUT_ORDER) -> int:
        """A whole number within its limits; ``default`` when it is not there or faulty."""
        found = self.integer(entry, minimum, maximum)
        return default if found is None else found

    def order(self, given: Mapping[str, Entry]) -> int:
        """The number that puts a thing into its place; without one it comes last."""
        return self.count(given.get("order"), WITHOUT_ORDER, -WITHOUT_ORDER)

    def words(self, entry: Entry | None, options: Sequence[str]) -> tuple[str, ...]:
        """A list of words, each of a closed list."""
        found = [self.one_of(node, options) for node in self.nodes(entry)]
        return tuple(word for word in found if word is not None)

    def titles(self, entry: Entry | None) -> Mapping[str, Text]:
        """Titles by somebody else's key."""
        return {key: self.title(each, key) for key, each in self.free(entry).items()}

    def duration(self, entry: Entry | None) -> Duration | None:
        """A span of exactly one unit: working_days, working_hours (national calendar), days, hours, minutes."""
        if entry is None:
            return None
        given = self.keys(entry, DURATION_LIMITS)
        units = [name for name in DURATION_LIMITS if name in given]
        if len(units) != 1:
            if entry.value.kind == MAP and not given.keys() - DURATION_LIMITS.keys():
                listed = ", ".join(DURATION_LIMITS)
                self.wrong(entry.value, f"Tulis satu saja dari: {listed}.", f"Write exactly one of: {listed}.")
            return None
        amount = self.integer(given[units[0]], 0, DURATION_LIMITS[units[0]])
        return None if amount is None else Duration(units[0], amount)

    def size(self, entry: Entry | None, default: int) -> int:
        """A size like ``20 MB`` in bytes."""
        if entry is None:
            return default
        found = bytes_of(entry.value.value)
        if found is None:
            self.wrong(entry.value, "Di sini harus ukuran seperti 20 MB.", "This must be a size like 20 MB.")
        return default if found is None else found

    def rounding(self, entry: Entry | None) -> Rounding:
        """Places, what a half does, and what bands compare."""
        if entry is None:
            return Rounding(2, HALF_UP, ROUNDED)
        required = ("places", "mode", "band_on")
        given = self.given(entry, required, required)
        return Rounding(
            self.count(given.get("places"), 2, 0, MOST_PLACES),
            self.choice(given.get("mode"), (HALF_UP, HALF_EVEN), HALF_UP) or HALF_UP,
            self.choice(given.get("band_on"), (ROUNDED, EXACT), ROUNDED) or ROUNDED,
        )

    def bands(self, entry: Entry) -> Bands:
        """Rows in the order of their starts, one open below first; limits that are not there are open."""
        given = self.given(entry, ("minimum", "maximum", "includes", "places", "rows", "title"), ("rows",))
        rows = [self._band(key, row) for key, row in self.named(given.get("rows")).items()]
        self.optional_title(given.get("title"))
        return Bands(
            self.fraction(given.get("minimum")),
            self.fraction(given.get("maximum")),
            self.choice(given.get("includes"), (LOWER, UPPER), LOWER) or LOWER,
            self.integer(given.get("places"), 0, MOST_PLACES),
            tuple(sorted(rows, key=lambda row: (row.start is not None, row.start or 0))),
        )

    def _band(self, key: str, entry: Entry) -> Band:
        given = self.given(entry, ("from", "title", "tone", "short"))
        return Band(
            key,
            self.fraction(given.get("from")),
            self.optional_title(given.get("title")),
            self.text(given.get("tone"), "plain"),
            self.text(given.get("short"), key),
        )

    def legal_basis(self, entry: Entry | None) -> tuple[str, ...]:
        """The regulations something rests on."""
        return () if entry is None or entry.value.kind == NULL else self.names(entry)


def is_number(node: Node) -> bool:
    """Whether a node is a number."""
    return node.kind in (INTEGER, DECIMAL)
