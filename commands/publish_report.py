"""What ``flask workflow publish`` tells before anything is written: first what was taken away or loosened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.cases.impact import told
from engine.cases.impact_decisions import Decisions
from engine.definitions.diff import Difference
from engine.definitions.diff.values import ALARM
from engine.definitions.findings import line
from engine.definitions.model import Definition, Text
from engine.definitions.overlay_standing import BROKEN, CLEAN
from engine.publishing.report import Report

FROM_BASE = Text("Dibuang atau dilonggarkan dari dasarnya:", "Taken away or loosened from the base:")
SINCE = Text("Dibuang atau dilonggarkan dari versi yang berlaku:", "Taken away or loosened since what counts now:")
OTHER = Text("Perubahan lain:", "Other changes:")
BOTH = Text("Dasarnya berubah di bawah overlay ini:", "The base changed under this overlay:")
HOT = Text("Langsung berlaku bagi kasus yang berjalan:", "Reaches running cases at once:")
ONLY_HOT = Text("Selebihnya tidak ada yang berubah bagi kasus.", "Nothing else changes for a case.")
REGIONS = Text(
    "Daerah dengan versinya sendiri tetap pada versi itu; di atas dasar baru overlaynya:",
    "Regions with a version of their own stay on it; on the new base their overlay is:",
)
VACANT = Text("Di daerah ini:", "In this region:")
LONGEST = 20  # lines a heading shows, the rest is counted; what was taken away or loosened is told whole
MORE = Text("dan {count} lagi", "and {count} more")


def report_lines(report: Report, language: str) -> Iterator[str]:
    """The report as lines of text in ``language`` ("id" or "en")."""
    from_base, since = (_alarms(found, language) for found in (report.from_base, report.since))
    yield from _listed(FROM_BASE, from_base, language, len(from_base))
    if since != from_base:
        yield from _listed(SINCE, since, language, len(since))
    both = [f"{each.at.file}:{each.at.line}: {'.'.join(each.path)}" for each in report.both]
    yield from _listed(BOTH, both, language)
    yield from _listed(VACANT, [line(problem, language) for problem in report.vacant], language)
    others = _sentences([one for one in report.since if one.weight != ALARM], language)
    yield from _listed(OTHER, others, language)
    yield from _listed(HOT, [_place(each.form, each.path) for each in report.hot], language)
    if report.hot and report.is_only_hot:
        yield ONLY_HOT.into(language)
    regions = []
    for region, stood in report.regions.items():
        statuses = {each.status for each in stood}
        regions.append(f"{region}: {BROKEN if BROKEN in statuses else next(iter(statuses - {CLEAN}), CLEAN)}")
    yield from _listed(REGIONS, regions, language)


def _alarms(found: Sequence[Difference], language: str) -> list[str]:
    return _sentences([one for one in found if one.weight == ALARM], language)


def _sentences(found: Sequence[Difference], language: str) -> list[str]:
    return [each.sentence.into(language) for each in found]


def _place(form: str | None, path: str) -> str:
    place = path.replace("/", ".")
    return place if form is None else f"{form}: {place}"


def _listed(heading: Text, lines: Sequence[str], language: str, longest: int = LONGEST) -> Iterator[str]:
    if lines:
        yield heading.into(language)
        yield from (f"  - {text}" for text in lines[:longest])
        if len(lines) > longest:
            yield f"  {MORE.into(language).format(count=len(lines) - longest)}"


# -- what was decided, what is missing, what to do next --------------------------------------------------------------

GONE = Text("Kasus yang langkahnya dihapus:", "Cases whose step is gone:")
FATES = {
    "stay": Text("tetap di versi lama", "stay on their version"),
    "map": Text("dipindahkan ke {to}", "are moved to {to}"),
    "close": Text("ditutup dengan alasan", "are closed with a reason"),
    "drop": Text("cabangnya dihentikan", "have this branch ended"),
}
BY_PLAN = Text(" (rencana {plan})", " (plan {plan})")
DECIDE = Text(
    "{state} (versi {version}), {count} kasus: {why}; putuskan dengan --impact {state}=stay, {state}=close:ALASAN atau"
    " {state}=map:LANGKAH",
    "{state} (version {version}), {count} cases: {why}; decide with --impact {state}=stay, {state}=close:REASON or"
    " {state}=map:STATE",
)
COUNTS_ALREADY = Text("teks ini sudah berlaku sebagai versi {number}", "this text counts already as version {number}")
WOULD_BE = Text(
    "akan menjadi versi {number}; kasus berjalan tetap pada aturannya",
    "would become version {number}; running cases keep their rules",
)
NOT_WRITTEN = Text("Belum ada yang ditulis; untuk menerbitkan: {options}", "Nothing was written; to publish: {options}")
NOTHING_NEW = Text("Teks ini sudah berlaku; tidak ada yang ditulis.", "This text counts already; nothing was written.")
DONE = Text("versi {number} ({version})", "version {number} ({version})")
NEXT = Text("Untuk menjalankan keputusan itu: {command}", "To carry the decisions out: {command}")
NO_REASON = Text("menerbitkan memerlukan --reason", "publishing needs --reason")


def decision_lines(decisions: Decisions, language: str) -> Iterator[str]:
    """What becomes of cases whose step is gone, one line each."""
    lines = []
    for each in decisions.kept:
        fate = FATES[each["decision"]].into(language).format(to=each["to"])
        plan = BY_PLAN.into(language).format(plan=each["plan"]) if each["plan"] else ""
        lines.append(f"{each['state']} ({each['version']}): {each['count']} · {fate}{plan}")
    yield from _listed(GONE, lines, language, len(lines))


def missing_lines(definition: Definition, decisions: Decisions, language: str) -> Iterator[str]:
    """What still has to be decided, with the options that do."""
    for each in decisions.missing:
        count = told(definition, each.standing, {})["count"]
        yield DECIDE.into(language).format(
            state=each.state, version=each.standing.version, count=count, why=each.why.into(language)
        )
