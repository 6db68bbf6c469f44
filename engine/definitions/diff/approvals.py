"""Approvals: whose word is asked, in which order, whose veto counts and when it is enough."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.definitions.diff.actors import Place, compare_actors
from engine.definitions.diff.arrows import compare_guard
from engine.definitions.diff.parallel import asked, completed
from engine.definitions.diff.plain import is_same, plain
from engine.definitions.diff.values import RELAXED, RULE, Comparison, quoted
from engine.definitions.diff.words import value
from engine.definitions.model import Approval, Approver, Text

_SAME_PERSON: Mapping[str, Text] = {
    "once": Text("memutus sekali", "decides once"),
    "each": Text("memutus untuk tiap tempat", "decides for each place"),
    "skip": Text("dilewati", "is skipped"),
    "up": Text("diganti atasannya", "is replaced by the next superior"),
}
_STRICT = ("each", "once", "skip", "up")  # from one person's word counting often to never twice
_ORDERING: Mapping[str, Text] = {
    "parallel": Text("bersamaan", "all at once"),
    "sequential": Text("berurutan", "one after another"),
}
_LATE: Mapping[str, Text] = {
    "withdraw": Text("ditarik", "withdrawn"),
    "keep": Text("tetap terbuka", "kept open"),
}


def compare_approval(comparison: Comparison, place: Place, old: Approval, new: Approval) -> None:
    """Everything of an approval that a task does not have."""
    _compare_approvers(comparison, place, old, new)
    _compare_lists(comparison, place, old, new)
    before, after = (old.completion, old.quorum), (new.completion, new.quorum)
    if before != after:
        _note(
            comparison,
            place,
            "quorum_changed",
            "completion",
            ("cukup bila disetujui {new}, semula {old}", "enough when {new} approve, before {old}"),
            (completed(*before), completed(*after)),
            (before, after),
            is_weaker=asked(*after) < asked(*before),
        )
    _compare_manner(comparison, place, old, new)
    _compare_outcomes(comparison, place, old, new)


def _compare_manner(comparison: Comparison, place: Place, old: Approval, new: Approval) -> None:
    """Who decides how often, in which order, and what becomes of those who did not."""
    if old.same_person != new.same_person:
        _note(
            comparison,
            place,
            "approval_changed",
            "same_person",
            (
                "orang yang memegang beberapa tempat kini {new}, semula {old}",
                "who holds several places now {new}, before {old}",
            ),
            (_SAME_PERSON[old.same_person], _SAME_PERSON[new.same_person]),
            (old.same_person, new.same_person),
            is_weaker=_STRICT.index(new.same_person) < _STRICT.index(old.same_person),
        )
    for key, words, sentences in (
        (
            "ordering",
            _ORDERING,
            ("keputusan kini diminta {new}, semula {old}", "decisions now asked {new}, before {old}"),
        ),
        (
            "late",
            _LATE,
            (
                "permintaan yang belum dijawab kini {new}, semula {old}",
                "requests not answered are now {new}, before {old}",
            ),
        ),
    ):
        one, other = getattr(old, key), getattr(new, key)
        if one != other:
            _note(comparison, place, "approval_changed", key, sentences, (words[one], words[other]), (one, other))


def _compare_outcomes(comparison: Comparison, place: Place, old: Approval, new: Approval) -> None:
    """Which votes stay, and what deciding is called."""
    if old.keep_votes != new.keep_votes:
        _note(
            comparison,
            place,
            "approval_changed",
            "keep_votes",
            (
                "persetujuan lama tetap berlaku kini {new}, semula {old}",
                "earlier approvals stay valid: now {new}, before {old}",
            ),
            (value(old.keep_votes), value(new.keep_votes)),
            (old.keep_votes, new.keep_votes),
            is_weaker=new.keep_votes,
        )
    outcomes = [(each.accept, each.refuse) for each in (old, new)]
    if outcomes[0] != outcomes[1]:
        named = [_outcomes(pair) for pair in outcomes]
        _note(
            comparison,
            place,
            "approval_changed",
            "outcomes",
            ("tindakan kini {new}, semula {old}", "actions now {new}, before {old}"),
            (named[0], named[1]),
            (outcomes[0], outcomes[1]),
            is_weaker=not new.refuse and bool(old.refuse),
        )


def _note(
    comparison: Comparison,
    place: Place,
    kind: str,
    key: str,
    sentences: tuple[str, str],
    words: tuple[Text, Text],
    values: tuple[object, object],
    *,
    is_weaker: bool = False,
) -> None:
    comparison.add(
        kind,
        RELAXED if is_weaker else RULE,
        f"{place.path}.{key}",
        "{place}: " + sentences[0],
        "{place}: " + sentences[1],
        {"place": place.title, "old": words[0], "new": words[1]},
        state=place.state,
        old=values[0],
        new=values[1],
    )


def _compare_approvers(comparison: Comparison, place: Place, old: Approval, new: Approval) -> None:
    before = {each.key: each for each in old.approvers}
    after = {each.key: each for each in new.approvers}
    for key, approver in before.items():
        if key not in after:
            _note_approver(comparison, place, approver, old, is_new=False)
    for key, approver in after.items():
        one = before.get(key)
        if one is None:
            _note_approver(comparison, place, approver, new, is_new=True)
            continue
        step = place.title
        title = quoted(_name(comparison, approver))
        inner = Place(
            f"{place.path}.approvers.{key}", Text(f"{step.id}, {title.id}", f"{step.en}, {title.en}"), place.state
        )
        compare_actors(comparison, inner.inner("candidates"), one.candidates, approver.candidates)
        compare_guard(comparison, inner, one.needed_when, approver.needed_when, "needed_when")
        if one.has_veto != approver.has_veto:
            has = approver.has_veto
            comparison.add(
                "veto_added" if has else "veto_removed",
                RULE if has else RELAXED,
                f"{inner.path}.veto",
                "{place}: kini punya hak veto" if has else "{place}: tidak lagi punya hak veto",
                "{place}: now has a veto" if has else "{place}: no longer has a veto",
                {"place": inner.title},
                state=place.state,
                old=one.has_veto,
                new=has,
            )
    shared = [_turns(side, before.keys() & after.keys()) for side in (old, new)]
    if shared[0] != shared[1]:
        comparison.add(
            "order_changed",
            RULE,
            f"{place.path}.approvers",
            "{place}: urutan pemutus berubah",
            "{place}: approvers are asked in another order",
            {"place": place.title},
            state=place.state,
            old=shared[0],
            new=shared[1],
        )


def _outcomes(pair: tuple[str, str]) -> Text:
    accept, refuse = pair
    if not refuse:
        return Text(f"'{accept}' (tidak dapat ditolak)", f"'{accept}' (cannot be refused)")
    return Text(f"'{accept}', '{refuse}'", f"'{accept}', '{refuse}'")


def _turns(side: Approval, keys: Collection[str]) -> list[list[str]]:
    """Who is asked together, in turn."""
    turns: dict[int, list[str]] = {}
    for approver in side.approvers:
        if approver.key in keys:
            turns.setdefault(approver.order, []).append(approver.key)
    return list(turns.values())


def _name(comparison: Comparison, approver: Approver) -> Text:
    return comparison.roles(approver.candidates) if approver.candidates else Text(approver.key, approver.key)


def _note_approver(comparison: Comparison, place: Place, approver: Approver, side: Approval, *, is_new: bool) -> None:
    """One more who may decide is weaker where not everybody is asked, one fewer where everybody is."""
    is_weaker = (side.completion != "all") == is_new
    comparison.add(
        "approver_added" if is_new else "approver_removed",
        RELAXED if is_weaker else RULE,
        f"{place.path}.approvers.{approver.key}",
        "{place}: kini juga diputus {who}" if is_new else "{place}: tidak lagi diputus {who}",
        "{place}: {who} now decides too" if is_new else "{place}: {who} no longer decides",
        {"place": place.title, "who": _name(comparison, approver)},
        state=place.state,
        old=None if is_new else approver,
        new=approver if is_new else None,
    )


def _compare_lists(comparison: Comparison, place: Place, old: Approval, new: Approval) -> None:
    """Approvers found along the reporting line or for each of a list."""
    for key, before, after in (
        ("approvers_along", old.along, new.along),
        ("approvers_for_each", old.for_each, new.for_each),
    ):
        if not is_same(before, after):
            _note(
                comparison,
                place,
                "approver_changed",
                key,
                (
                    ("pemutus menurut jalur pelaporan" if key == "approvers_along" else "pemutus untuk tiap butir")
                    + " kini {new}, semula {old}",
                    ("approvers along the reporting line" if key == "approvers_along" else "approvers for each item")
                    + " now {new}, before {old}",
                ),
                (value(before), value(after)),
                (plain(before), plain(after)),
                is_weaker=before is not None,  # whether more or fewer are asked cannot be told from the text
            )
