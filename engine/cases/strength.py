"""Strength: would the scenarios notice a mistake? Every mutation is tried until a check or a scenario catches it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from engine.cases.coverage import Watched, watch_all
from engine.cases.simulate import Roads, run_on
from engine.definitions import unseen
from engine.definitions.model import Definition, Text
from engine.definitions.mutations import Mutation
from engine.definitions.parse import CaseType
from engine.definitions.source import Node
from engine.definitions.strength import has_errors, mutated, mutations, names_unknown

Progress = Callable[[int, int], None]  # changes tried so far, all changes


@dataclass(frozen=True, slots=True)
class Gap:
    """A rule no scenario shows at work, where it stands; ``asked`` is what publishing asks for."""

    at: Node
    asked: Text
    mark: str


@dataclass(frozen=True, slots=True)
class Strength:
    """How many single changes were tried and caught. ``survivors`` and ``gaps`` are in document order, ``failing`` the
    scenarios that do not hold as they are: with them nothing is tried."""

    case_type: CaseType
    changes: int
    survivors: tuple[Mutation, ...]
    gaps: tuple[Gap, ...]
    watched: tuple[Watched, ...]

    @property
    def caught(self) -> int:
        """The changes a check or a scenario notices."""
        return self.changes - len(self.survivors)

    @property
    def score(self) -> float:
        """Caught out of all, in percent; 100 where there is nothing to change."""
        return 100.0 if not self.changes else 100.0 * self.caught / self.changes

    @property
    def failing(self) -> tuple[Watched, ...]:
        """Scenarios that fail without any change."""
        return tuple(each for each in self.watched if not each.result.passed)


def measure(case_type: CaseType, progress: Progress | None = None) -> Strength:
    """Tries every mutation of a case type without errors. Scenarios that fail as they are prove nothing and are left
    out. ``progress`` is told after each change."""
    older = {**case_type.definition.extras, "older": case_type.compiler.older}  # versions scenarios may begin in
    case_type = replace(case_type, definition=replace(case_type.definition, extras=older))
    watched = watch_all(case_type.definition)
    hunt = _Hunt([each for each in watched if each.result.passed])
    tried = list(mutations(case_type))
    survivors = []
    for number, mutation in enumerate(tried, 1):
        if not hunt.catches(case_type, mutation):
            survivors.append(mutation)
        if progress is not None:
            progress(number, len(tried))
    return Strength(case_type, len(tried), tuple(survivors), tuple(_gaps(case_type, tried, watched)), watched)


class _Hunt:
    """The scenarios, in the order in which they most likely notice a change."""

    def __init__(self, watched: list[Watched]) -> None:
        self._watched = watched
        self._texts = {each.scenario.key: repr(each.scenario.steps) for each in watched}
        self._catchers: dict[str, Watched] = {}  # by place: what caught the last change there

    def catches(self, case_type: CaseType, mutation: Mutation) -> bool:
        """Whether a check or a scenario notices the change."""
        changed, is_broken = mutated(case_type, mutation)
        if is_broken or has_errors(changed):
            return True
        place = mutation.state or f"{mutation.section}.{mutation.name}"
        roads = Roads(changed.definition)
        for each in self._order(mutation, place):
            if not run_on(roads, each.scenario).passed:
                self._catchers[place] = each
                return True
        return names_unknown(changed)

    def _order(self, mutation: Mutation, place: str) -> list[Watched]:
        wanted = {
            mutation.mark, f"in:{mutation.state}", f"taken:{mutation.state}.{mutation.action}",
            f"fired:{mutation.state}.{mutation.name}", f"fired:{mutation.name}.at_risk", f"weak:{mutation.name}",
        }  # fmt: skip
        last, clue = self._catchers.get(place), _clue(mutation)
        return sorted(
            self._watched,
            key=lambda each: (-len(wanted & each.marks), clue not in self._texts[each.scenario.key], each is not last),
        )


def _clue(mutation: Mutation) -> str:
    """What a scenario that looks for such a mistake most likely says."""
    if mutation.kind in ("timer", "duration"):
        return "'due'" if "due" in mutation.path else f"{mutation.state}.{mutation.name}"
    if mutation.kind == "requires":
        return f"{mutation.name}_required"
    clues = {"guard": "'guard'", "excluded": "'excluded'", "separation": "'separation_of_duties'", "join": "'states'"}
    return clues.get(mutation.kind, f"'{mutation.goal or mutation.action}'")


# -- what publishing asks for -------------------------------------------------------------------------------------


def _gaps(case_type: CaseType, tried: Iterable[Mutation], watched: Iterable[Watched]) -> list[Gap]:
    """What no passing scenario shows: every arrow taken; every guard, requirement, exclusion and power refused once;
    every joined region finishing last once (reference §11)."""
    shown = {mark for each in watched if each.result.passed for mark in each.marks}
    found = [
        Gap(mutation.at, _asked(mutation), mutation.mark)
        for mutation in tried
        if mutation.mark and mutation.mark not in shown
    ]
    return [*found, *_powers(case_type, shown)]


_ASKED = {
    "taken": ('tak ada skenario menempuh "{action}" di "{state}"', 'no scenario takes "{action}" in "{state}"'),
    "fired": (
        'tak ada skenario sampai "{name}" di "{state}" berbunyi',
        'in no scenario the timer "{name}" of "{state}" fires',
    ),
    "last": (
        'tak ada skenario yang cabang "{name}" di "{state}" selesai terakhir',
        'in no scenario the region "{name}" of "{state}" finishes last',
    ),
    "guard": (
        'tak ada skenario yang ditolak syarat "{action}" di "{state}"',
        'no scenario is refused by the guard of "{action}" in "{state}"',
    ),
    "requires": (
        'tak ada skenario yang ditolak karena "{action}" di "{state}" tanpa {name}',
        'no scenario is refused for "{action}" in "{state}" without {name}',
    ),
    "excluded": (
        'tak ada skenario yang ditolak karena {name} dikecualikan di "{state}"',
        'no scenario is refused because "{state}" excludes {name}',
    ),
}
_SEPARATION = (
    'tak ada skenario yang ditolak pemisahan tugas "{name}"',
    'no scenario is refused by the separation of duties "{name}"',
)


def _asked(mutation: Mutation) -> Text:
    words = {"state": mutation.state, "action": mutation.action, "name": mutation.name}
    indonesian, english = _ASKED.get(mutation.mark.partition(":")[0], _SEPARATION)
    return Text(indonesian.format(**words), english.format(**words))


def _powers(case_type: CaseType, shown: set[str]) -> list[Gap]:
    """Kinds of stand-in that may not do everything, and are never told so."""
    definition: Definition = case_type.definition
    every = unseen.actions_of(definition)
    found = []
    for kind, powers in definition.substitution.items():
        entry = case_type.entry("substitution", kind)
        if entry is None or every <= powers.may or f"weak:{kind}" in shown:
            continue
        asked = Text(f"tak ada skenario yang {kind} ditolak karena tidak berwenang",
                     f"in no scenario {kind} is refused for lack of power")  # fmt: skip
        found.append(Gap(entry.key, asked, f"weak:{kind}"))
    return found
