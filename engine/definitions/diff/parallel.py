"""What a step holds: where its inside begins, its branches and their join, one task an item."""

from __future__ import annotations

from engine.definitions.diff.plain import is_same
from engine.definitions.diff.values import RELAXED, RULE, Comparison, listed
from engine.definitions.model import Join, MultiInstance, State, Text

STRICTNESS = {"all": 2, "quorum": 1, "any": 0}


def compare_parts(comparison: Comparison, old: State, new: State) -> None:
    """Initial child, regions, join and multi-instance of one state."""
    if old.initial != new.initial and old.initial and new.initial:
        _note_initial(comparison, new.key, "", old.initial, new.initial)
    for key, region in new.regions.items():
        before = old.regions.get(key)
        if before is None:
            _note_region(comparison, new.key, key, is_new=True)
        elif before.initial != region.initial:
            _note_initial(comparison, new.key, f"regions.{key}.", before.initial, region.initial)
    for key in old.regions:
        if key not in new.regions:
            _note_region(comparison, new.key, key, is_new=False)
    if not is_same(old.join, new.join):
        _note_join(comparison, old, new)
    if not is_same(old.multi_instance, new.multi_instance):
        _note_items(comparison, new.key, old.multi_instance, new.multi_instance)


def _note_initial(comparison: Comparison, key: str, inner: str, old: str, new: str) -> None:
    comparison.add(
        "initial_changed",
        RULE,
        f"lifecycle.states.{key}.{inner}initial",
        "{step} kini mulai dari {new}, semula {old}",
        "{step} now begins with {new}, before with {old}",
        {"step": comparison.title(key), "old": comparison.title(old), "new": comparison.title(new)},
        state=key,
        old=old,
        new=new,
    )


def _note_region(comparison: Comparison, key: str, region: str, *, is_new: bool) -> None:
    comparison.add(
        "region_added" if is_new else "region_removed",
        RULE if is_new else RELAXED,
        f"lifecycle.states.{key}.regions.{region}",
        "{step}: cabang baru '{region}'" if is_new else "{step}: cabang '{region}' dihapus",
        "{step}: new branch '{region}'" if is_new else "{step}: branch '{region}' removed",
        {"step": comparison.title(key), "region": region},
        state=key,
        old=None if is_new else region,
        new=region if is_new else None,
    )


def _note_join(comparison: Comparison, old: State, new: State) -> None:
    is_weaker = _needed(new) < _needed(old)
    comparison.add(
        "join_changed",
        RELAXED if is_weaker else RULE,
        f"lifecycle.states.{new.key}.join",
        "{step}: kini menunggu {new}, semula {old}",
        "{step}: now waits for {new}, before for {old}",
        {"step": comparison.title(new.key), "old": _join(old.join), "new": _join(new.join)},
        state=new.key,
        old=old.join,
        new=new.join,
    )


def _needed(state: State) -> int:
    """How many branches a join waits for."""
    if state.join is None:
        return len(state.regions)
    return state.join.quorum if state.join.quorum is not None else len(state.join.regions)


def _join(join: Join | None) -> Text:
    if join is None:
        return Text("semua cabang", "all branches")
    if join.quorum is not None:
        return Text(f"{join.quorum} cabang", f"{join.quorum} branches")
    return listed([Text(f"'{region}'", f"'{region}'") for region in join.regions])


def _note_items(comparison: Comparison, key: str, old: MultiInstance | None, new: MultiInstance | None) -> None:
    is_weaker = (
        old is not None and new is not None and asked(new.completion, new.quorum) < asked(old.completion, old.quorum)
    )
    comparison.add(
        "multi_instance_changed",
        RELAXED if is_weaker else RULE,
        f"lifecycle.states.{key}.multi_instance",
        "{step}: kini {new}, semula {old}",
        "{step}: now {new}, before {old}",
        {"step": comparison.title(key), "old": _items(old), "new": _items(new)},
        state=key,
        old=old,
        new=new,
    )


def asked(completion: str, quorum: int | None) -> tuple[int, int]:
    """How strict a completion is, for comparing two."""
    return STRICTNESS[completion], quorum or 0


def completed(completion: str, quorum: int | None) -> Text:
    """When enough have acted, in words."""
    if completion == "quorum":
        return Text(f"paling sedikit {quorum}", f"at least {quorum}")
    return Text("semua", "all") if completion == "all" else Text("satu saja", "any one")


def _items(many: MultiInstance | None) -> Text:
    if many is None:
        return Text("satu tugas", "one task")
    enough = completed(many.completion, many.quorum)
    order = Text("berurutan", "one after another") if many.ordering == "sequential" else Text("bersamaan", "at once")
    return Text(
        f"satu tugas untuk tiap `{many.collection.text}`, {order.id}, selesai bila {enough.id}",
        f"one task for each of `{many.collection.text}`, {order.en}, complete when {enough.en} are done",
    )
