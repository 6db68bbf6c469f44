"""The parts of a dashboard that speak of work: what waits for the reader, where approvals wait, agreements by step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from flask import g, url_for

from engine.cases.queue_page import queue_page
from engine.definitions.model import Text
from engine.reports.open_work import Steps
from sakip.counted import counted
from sakip.cycle import AGREEMENTS, REPORTS
from sakip.work_lines import waited_since
from web.deadlines import deadline
from web.language import words
from web.officer.case_words import title_words
from web.officer.working_days import working_day_test
from web.performance.blocks import HALF_LEFT, HALF_RIGHT, Block, Count, Link
from web.performance.looks import Looks
from web.performance.open_work import Open
from web.performance.open_work import approvals as decided_on
from web.transaction import now

FEW = 5  # below it no statistics
SHOWN = 5
HOW, CSV = Text("Cara menghitung", "How it is computed"), Text("Unduh CSV", "Download CSV")
ALL = Text("Lihat semua", "See all")


@dataclass(frozen=True, slots=True)
class Step:
    """A step where work waits: how much, how much of it late, and in working days the median and 9 of 10 (None where
    too few wait)."""

    title: str
    count: int
    href: str
    late: int
    late_href: str
    median: int | None
    most: int | None


def links(look: Looks, name: str, **values: str) -> tuple[Link, ...]:
    """What stands under every panel of a figure."""
    return (
        Link(words(HOW), look.how_href(name, **values)),
        Link(words(CSV), look.href("figures.csv_file", name=name, **values)),
    )


def waiting_for_you(look: Looks) -> Block:
    """The reader's own queue: the first few tasks, and how many there are."""
    page = queue_page(look.session, g.person.id, now(), limit=SHOWN)
    waiting, is_off = page.counts["mine"], working_day_test()
    rows = [
        {
            "href": _work_on(row.case_type, row.case_id), "title": title_words(row.title, row.type_title),
            "unit": row.unit_name or "", "step": words(row.state_title),
            "due": deadline(row.due_at, now(), is_off, row.is_paused),
        }
        for row in page.rows
    ]  # fmt: skip
    several = "thing waits for you" if waiting.number == 1 else "things wait for you"
    title = Text(f"{waiting} hal menunggu Anda", f"{waiting} {several}")
    if not rows:
        title = Text("Tidak ada yang menunggu Anda", "Nothing waits for you")
    return Block(
        "todo", "waiting", words(title), width=HALF_LEFT, data=rows,
        empty=words(Text("Tugas baru muncul di sini dan juga datang lewat surel.",
                         "New tasks appear here and also come by e-mail.")),
        links=(Link(words(Text(f"Semua tugas saya ({waiting})", f"All my tasks ({waiting})")), url_for("queue.show")),),
    )  # fmt: skip


def _work_on(case_type: str, case_id: int) -> str:
    """Where a task is done: a report on its own page, everything else on the page of its case."""
    return url_for("entry.show" if case_type in REPORTS else "case.show", case_id=case_id)


def approvals(look: Looks) -> Block:
    """Where decisions wait, the step with the longest median first."""
    rows = open_approvals(look)
    steps = _steps(look, "approvals_waiting", rows)
    total = sum(one.tasks for one in rows)
    title = Text(f"{total} persetujuan menunggu", counted(total, "approval is waiting", "approvals are waiting"))
    if steps and steps[0].median is not None:
        title = Text(f"Persetujuan menunggu paling lama di {steps[0].title}",
                     f"Approvals wait longest at {steps[0].title}")  # fmt: skip
    note = Text("Hari kerja yang sudah dilalui tugas yang masih menunggu. Titik: median. Batang: 9 dari 10.",
                "Working days the tasks still waiting have waited. Dot: median. Bar: 9 of 10.")  # fmt: skip
    return Block(
        "waits", "approvals", words(title), words(note), HALF_LEFT, steps, links(look, "approvals_waiting"),
        empty=words(Text("Tidak ada persetujuan yang menunggu.", "No approval is waiting.")),
        more={"total": total, "href": look.list_href("approvals_waiting"),
              "longest": max([one.most or 0 for one in steps] + [5])},
    )  # fmt: skip


def open_approvals(look: Looks) -> list[Open]:
    """The lines of the list of approvals waiting."""
    return decided_on(look.session, look.viewer, look.open_work)


def by_step(look: Looks, name: str, key: str, types: Sequence[str], title: Text, note: Text, empty: Text) -> Block:
    """The cases of a figure by the step they stand at."""
    steps = Steps(look.session, look.viewer.reader)
    found: dict[tuple[str, str], int] = defaultdict(int)
    digests = {}
    for row in look.open_work:
        if row.case_type in types and row.cases:
            found[row.case_type, row.state] += row.cases
            digests[row.case_type, row.state] = row.digest
    total = sum(found.values())
    counts = [
        Count(words(steps.title(digests[kind, state], state)), count,
              look.list_href(name, type=kind, state=state), 100 * count / total, "accent")
        for (kind, state), count in found.items()
    ]  # fmt: skip
    counts.sort(key=lambda one: (-one.number, one.words))
    return Block(
        "bars", key, words(title), words(note), HALF_RIGHT, counts, links(look, name), empty=words(empty),
        more={"total": total, "href": look.list_href(name)},
    )  # fmt: skip


def agreements(look: Looks) -> Block:
    """How many units have their agreement in force, and the agreements being made by step."""
    units = len(look.units_shown)
    without = look.count("without_agreement")
    made = by_step(look, "agreements", "agreements", AGREEMENTS, Text("", ""), Text("", ""), Text("", ""))
    title = Text(f"{units - without} dari {units} perangkat daerah sudah menetapkan perjanjian kinerja",
                 f"Agreement in force in {units - without} of {counted(units, 'unit', 'units')}")  # fmt: skip
    none = Count(words(Text("Unit belum menetapkan", "Units without one in force")), without,
                 look.list_href("without_agreement"), 100 * without / max(units, 1), "warn")  # fmt: skip
    note = Text("Unit tanpa perjanjian berlaku, lalu perjanjian dalam proses menurut langkah.",
                "Units without an agreement in force, then agreements being made by step.")  # fmt: skip
    return Block("bars", "agreements", words(title), words(note), HALF_RIGHT, [none, *made.data],
                 links(look, "agreements"), more={"total": made.more["total"], "href": made.more["href"],
                 "total_words": words(Text("Jumlah dalam proses", "Total being made"))})  # fmt: skip


def _steps(look: Looks, name: str, rows: Sequence[Open]) -> list[Step]:
    steps = Steps(look.session, look.viewer.reader)
    found: dict[tuple[str, str], list[Open]] = defaultdict(list)
    for row in rows:
        found[(row.case_type, row.state)].append(row)
    made = []
    for (case_type, state), held in found.items():
        spans = _spans(look, held)
        values = {"type": case_type, "state": state}
        late = sum(row.tasks for row in held if row.are_late)
        enough = len(spans) >= FEW
        made.append(Step(
            words(steps.title(held[0].digest, state)), len(spans), look.list_href(name, **values), late,
            look.list_href("late_documents", **values) if late else "",
            round(median(spans)) if enough else None,
            spans[min(len(spans) - 1, int(len(spans) * 0.9))] if enough else None,
        ))  # fmt: skip
    return sorted(made, key=lambda one: (-(one.median or -1), -one.count, one.title))


def _spans(look: Looks, rows: Sequence[Open]) -> list[int]:
    """The working days each of their tasks has waited, the shortest first."""
    days = sorted((waited_since(look.viewer, row.day), row.tasks) for row in rows)
    return [one for one, count in days for _ in range(count)]
