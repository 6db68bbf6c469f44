"""A report is written, one question a page, and read once more before it is sent (screens 2 to 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.channel import drafting
from engine.channel.drafting import Draft, Faults
from engine.channel.model import EVIDENCE, STORY, Question, Way
from engine.definitions.model import Field, Text
from engine.disclosure.declared import ANONYMOUS
from engine.errors import NotFound
from web.disclosure import asking, codes, telling
from web.disclosure.browser import DRAFT, Page, glance, is_cut, keep, page
from web.disclosure.ended import Ended
from web.disclosure.house import db, door, here, now
from web.disclosure.showing import Fault, show

bp = Blueprint("writing", __name__)

Answer = tuple[str, int] | Response
LATER = "later"
CHECK = "check"  # where a page leads back to, when it was opened to change one thing


def opened() -> tuple[Page, Draft]:
    """The draft this browser writes. Raises Ended when there is none any more."""
    kept = page()
    if kept is None or kept.draft is None:
        raise Ended
    try:
        return kept, drafting.read_draft(db(), kept.draft)
    except NotFound:
        raise Ended from None


# -- screen 2: how --------------------------------------------------------------------------------------------------


@bp.get("/way")
def way() -> Answer:
    """Anonymous, confidential or open; nothing is chosen beforehand."""
    kept = page()
    if door().closed and (kept is None or kept.draft is None):
        return redirect(url_for("home.start"), 303)
    draft = None
    if kept is not None and kept.draft is not None:
        draft = opened()[1]
    return _ways(draft, None if draft is None else draft.way)


@bp.post("/way")
def choose_way() -> Answer:
    """The first thing worth keeping: from here on there is a draft."""
    chosen = request.form.get("way", "")
    kept = page()
    if kept is None or kept.draft is None:
        if kept is not None and kept.receipt is not None:
            return redirect(url_for("sending.keep_code"), 303)  # a second report would take its place
        if door().closed:
            return redirect(url_for("home.start"), 303)
        kept = kept or Page(is_quiet="quiet" in request.form)
        kept.region, kept.is_sent = door().region, False
        codes.count_draft()
        kept.draft = drafting.new_draft(db(), door(), now())
    assert kept.draft is not None
    if chosen not in [one.key for one in door().settings.ways]:
        return _ways(None, chosen, {"way": _("Choose how to report.")}, 422)
    saved = drafting.save_draft(db(), kept.draft, door(), now(), way=chosen)
    if isinstance(saved, Faults):
        return _ways(None, chosen, saved.by_field, 422)
    keep(kept)
    if chosen != ANONYMOUS and door().settings.identity_fields:
        return redirect(url_for("writing.who", to=_to() or None), 303)
    return redirect(_after(None, saved), 303)


def _ways(
    draft: Draft | None, chosen: str | None, faults: Mapping[str, Any] | None = None, status: int = 200
) -> Answer:
    return show(
        "way.html", status=status, at="writing.way", faults=faults or {}, door=door(), chosen=chosen, to=_to(),
        steps=_steps(draft), is_quiet="quiet" in request.values, kind_title=_kind(draft),
    )  # fmt: skip


@bp.get("/who")
def who() -> Answer:
    """Name and what else the region asks of somebody who gives it."""
    _kept, draft = opened()
    return _who(draft, draft.identity)


@bp.post("/who")
def tell_who() -> Answer:
    """Kept apart from the report, under a key of its own."""
    kept, draft = opened()
    assert kept.draft is not None
    fields = door().settings.identity_fields
    typed = {field.key: request.form.get(f"identity.{field.key}", "") for field in fields}
    saved = drafting.save_draft(db(), kept.draft, door(), now(), identity=typed)
    if isinstance(saved, Faults):
        return _who(draft, typed, saved.by_field, 422)
    keep(kept)
    return redirect(_after(None, saved), 303)


def _who(draft: Draft, typed: Mapping[str, str], faults: Mapping[str, Any] | None = None, status: int = 200) -> Answer:
    if _way_of(draft) is None or draft.way == ANONYMOUS:
        return redirect(url_for("writing.way"), 303)
    return show(
        "who.html", status=status, at="writing.who", faults=faults or {}, door=door(), typed=typed,
        way=_way_of(draft), to=_to(), steps=_steps(draft),
    )  # fmt: skip


# -- screens 3 to 6: one question a page ----------------------------------------------------------------------------


@bp.get("/ask/<key>")
def ask(key: str) -> Answer:
    """One question with what was answered before."""
    _kept, draft = opened()
    question = asked_question(draft, key)
    if draft.way is None:
        return redirect(url_for("writing.way"), 303)
    return asked(draft, question, asking.as_typed(_fields(draft, question), draft.answers))


@bp.post("/ask/<key>")
def answer(key: str) -> Answer:
    """Saved, then on: to the next question, to the check, or to a code to go on later."""
    wanted = request.form.get("do", "next")
    fresh = codes.fresh() if wanted == LATER and _needs_code() else None  # slow: before the transaction begins
    kept, draft = opened()
    assert kept.draft is not None
    question = asked_question(draft, key)
    typed = asking.posted(_fields(draft, question), request.form)
    if wanted.startswith(asking.ADD):
        return asked(draft, question, typed, more=wanted.removeprefix(asking.ADD))
    if wanted == "next" and question.kind == EVIDENCE and lacks_file(draft, key):
        return asked(draft, question, {}, status=422, about_file=(("file", no_file(draft, key)),))
    answers = None if wanted == "skip" and question.may_skip else typed
    kept.is_cut = kept.is_cut and question.kind != EVIDENCE  # who goes on knows
    saved = drafting.save_draft(db(), kept.draft, door(), now(), question=key, answers=answers, receipt=kept.receipt)
    if isinstance(saved, Faults):
        return asked(draft, question, typed, _told_of_story(question, typed, saved.by_field), 422)
    if fresh is not None and not saved.has_receipt:
        kept.receipt, kept.receipt_for = drafting.take_receipt(db(), kept.draft, door(), fresh, now()), DRAFT
        keep(kept)
        return redirect(url_for("sending.keep_code"), 303)
    keep(kept)
    if wanted == "next" and _asks_more(saved, question):
        return redirect(url_for("writing.ask", key=key, to=_to() or None), 303)
    return redirect(_after(key, saved), 303)


def _asks_more(saved: Draft, question: Question) -> bool:
    """Whether an answer made another field of the same page visible, which nobody has seen yet."""
    asked_now = {one.key: set(one.fields) for one in drafting.visible_questions(saved, door())}
    return not asked_now.get(question.key, set()) <= set(question.fields)


def lacks_file(draft: Draft, key: str) -> bool:
    """Whether the region takes no report without a file, and this one has none yet."""
    return any(one.question == key for one in drafting.missing(draft, door()))


def no_file(draft: Draft, key: str) -> str:
    """What is said where a file was to be chosen and none was."""
    if lacks_file(draft, key):
        return str(_("Choose a file and upload it: no report is taken here without evidence."))
    return str(_("Choose a file first.") if draft.files else _("Choose a file, or go on without evidence."))


def _needs_code() -> bool:
    """Whether this browser has a draft that no receipt finds yet: nobody else is worth a slow hash."""
    seen = glance()
    if seen is None or seen.draft is None:
        raise Ended
    with here().database.reading() as reading:
        try:
            return not drafting.read_draft(reading, seen.draft).has_receipt
        except NotFound:
            raise Ended from None


def _told_of_story(question: Question, typed: Mapping[str, Any], faults: Mapping[str, Text]) -> Mapping[str, Any]:
    """An empty story is asked for in its own words."""
    is_empty = question.kind == STORY and not any(str(one).strip() for one in typed.values())
    return dict.fromkeys(faults, _("Tell what happened.")) if is_empty else faults


def asked(
    draft: Draft,
    question: Question,
    typed: Mapping[str, Any],
    faults: Mapping[str, Any] | None = None,
    status: int = 200,
    more: str = "",
    about_file: tuple[Fault, ...] = (),
) -> Answer:
    """The page of one question, with what was typed and what of it has to be mended."""
    questions = drafting.visible_questions(draft, door())
    at = [one.key for one in questions].index(question.key)
    shown = {
        "door": door(), "question": question, "number": at + 2, "steps": _steps(draft), "way": _way_of(draft),
        "before": _before(questions, at), "to": _to(), "has_receipt": draft.has_receipt,
    }  # fmt: skip
    if question.kind == EVIDENCE:
        shown |= {"listed": draft.files, "is_cut": is_cut() and not about_file}
        return show("evidence.html", status=status, at="writing.ask", faults=about_file, **shown)
    fields = asking.asked(
        _fields(draft, question), typed, faults=faults, choices=telling.choices(draft.kind), more=more
    )
    return show("ask.html", status=status, at="writing.ask", faults=faults or {}, fields=fields, **shown)


# -- screen 7 -------------------------------------------------------------------------------------------------------


@bp.get("/check")
def check() -> Answer:
    """Everything once more, as it is stored."""
    _kept, draft = opened()
    return checked(draft)


def checked(draft: Draft, faults: tuple[Fault, ...] = (), status: int = 200) -> Answer:
    """The check page, also with what keeps the report from being sent: faults are told by the page that mends them."""
    questions = drafting.visible_questions(draft, door())
    return show(
        "check.html", status=status, at="writing.check", faults=faults, door=door(), way=_way_of(draft),
        before=_before(questions, len(questions)), told=telling.told(draft), identity=telling.identity(draft),
    )  # fmt: skip


# -- what the pages share -------------------------------------------------------------------------------------------


def asked_question(draft: Draft, key: str) -> Question:
    """The question of an address, if this draft is asked it now. Raises NotFound."""
    for one in drafting.visible_questions(draft, door()):
        if one.key == key:
            return one
    raise NotFound("There is no such question.")


def _fields(draft: Draft, question: Question) -> list[Field]:
    fields = door().of(draft.kind).form.fields
    return [fields[key] for key in question.fields if key in fields]


def _to() -> str:
    return CHECK if request.values.get("to") == CHECK else ""


def _after(key: str | None, draft: Draft) -> str:
    """Where to go on: back to the check, to the question after ``key``, or to the check after the last one."""
    questions = drafting.visible_questions(draft, door())
    keys = [one.key for one in questions]
    at = keys.index(key) + 1 if key in keys else 0
    if _to() == CHECK or at >= len(keys):
        return url_for("writing.check")
    return url_for("writing.ask", key=keys[at])


def onward(draft: Draft) -> str:
    """Where somebody goes on with a draft: the first question not passed yet."""
    if draft.way is None:
        return url_for("writing.way")
    for one in drafting.visible_questions(draft, door()):
        if one.key not in draft.answered:
            return url_for("writing.ask", key=one.key)
    return url_for("writing.check")


def _before(questions: tuple[Question, ...], at: int) -> str:
    if _to() == CHECK:
        return url_for("writing.check")
    return url_for("writing.ask", key=questions[at - 1].key) if at > 0 else url_for("writing.way")


def _steps(draft: Draft | None) -> int:
    return 1 + len(door().questions if draft is None else drafting.visible_questions(draft, door()))


def _way_of(draft: Draft) -> Way | None:
    return next((one for one in door().settings.ways if one.key == draft.way), None)


def _kind(draft: Draft | None) -> Text | None:
    """What a report on top of another is called."""
    linked = None if draft is None else door().settings.linked.get(draft.kind)
    return None if linked is None else linked.title
