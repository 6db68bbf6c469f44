"""Chapter III of the printed report: achievement by objective, then budget (PermenPANRB 53/2014, annex II)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sakip.reporting.lkjip_parts import (
    NONE,
    Cell,
    Part,
    across,
    cell,
    day,
    heading,
    judged,
    note,
    paragraphs,
    percent,
    sentence,
    span,
    table,
    words,
)
from sakip.reporting.lkjip_words import number

Values = Mapping[str, Any]
ANALYSIS = (
    ("drivers", "Faktor pendorong"), ("obstacles", "Faktor penghambat"), ("remedies", "Upaya perbaikan"),
)  # fmt: skip
MADE_OF = {  # what a figure of a unit or region is the mean of
    "units": ", dihitung dari semua perangkat daerah",
    "goals": ", dihitung dari semua sasaran dalam pohon kinerjanya",
    "indicators": ", dihitung dari semua indikator dalam pohon kinerjanya",
}
PROPOSAL = "Usulan dari laporan pengukuran, belum disunting."


def chapter_3(values: Values) -> list[Part]:
    """Its parts in their order."""
    parts = [heading("A. Capaian kinerja"), *_in_general(values), *paragraphs(values["narrative"]["accountability"])]
    for at, objective in enumerate(values["objectives"], 1):
        parts += _objective(values, objective, at)
    return [*parts, heading("B. Realisasi anggaran"), *_budget(values)]


def source_of(values: Values) -> str:
    """By which rules and from which day the figures of a table are."""
    rules = values["rules"]
    by = "" if rules is None else f" · aturan pengukuran {rules['digest'][:12]}"
    return f"Data per {day(values['data_per'])}{by}"


def _in_general(values: Values) -> list[Part]:
    result = values["result"]
    count = sum(len(one["indicators"]) for one in values["objectives"])
    said = f"tidak {sentence(result)[6:]}" if result.get("shown") is None else (
        f"{number(result['shown'])} % ({words(result['band_title'])})"
    )  # fmt: skip
    told = f"Tahun {values['year']} memuat {len(values['objectives'])} sasaran dengan {count} indikator. "
    lines = [[one["statement"], str(len(one["indicators"])), *judged(one["result"])] for one in values["objectives"]]
    return [
        {"kind": "text", "text": f"{told}Capaian {values['name']}{MADE_OF.get(result.get('of'), '')}: {said}."},
        table(
            "Ikhtisar capaian menurut sasaran", ["Sasaran", "Indikator", "Capaian", "Kategori"], lines,
            [4.2, 1.1, 1.9, 1.6], centre=[1], right=[2], source=source_of(values),
            instead="Belum ada sasaran dengan indikator untuk tahun ini.",
        ),
    ]  # fmt: skip


def _objective(values: Values, objective: Values, at: int) -> list[Part]:
    return [
        heading(f"Sasaran {at}: {objective['statement']}", 3),
        _against_target(values, objective, at),
        *_against_past(values, objective, at),
        *_against_plan(values, objective, at),
        *_against_nation(values, objective, at),
        *_analysis(objective),
        *_money(objective, values),
    ]


def _name(indicator: Values) -> Cell:
    marks = " · ".join(one for one in (
        "indikator kinerja utama" if indicator["is_key"] else "", words(indicator["unit_title"]),
    ) if one)  # fmt: skip
    return cell(indicator["name"], small=marks)


def _against_target(values: Values, objective: Values, at: int) -> Part:
    lines = [
        [_name(one), words(one.get("target")), words(one.get("realisation")), *judged(one)]
        for one in objective["indicators"]
    ]
    result = objective["result"]
    lines.append([cell("Capaian sasaran", is_strong=True), "", "", *judged(result)])
    return table(
        f"Target dan realisasi {values['year']}, sasaran {at}",
        ["Indikator", "Target", "Realisasi", "Capaian", "Kategori"], lines, [3.3, 1.15, 1.15, 1.45, 1.95],
        right=[1, 2, 3], source=source_of(values),
    )  # fmt: skip


def _against_past(values: Values, objective: Values, at: int) -> list[Part]:
    years = sorted({line["year"] for one in objective["indicators"] for line in one["history"]})
    if not years:
        return [note(f"Belum ada capaian tahun sebelum {values['year']} untuk dibandingkan.")]
    lines, breaks = [], []
    for one in objective["indicators"]:
        by_year = {line["year"]: line for line in one["history"]}
        lines.append([_name(one), *(_past(by_year.get(year)) for year in years), _reached(one), _change(one)])
        breaks += [
            f"{one['name']}: tahun {line['year']} diukur dengan cara lain ({line['break']['id']}), sehingga tidak "
            "dibandingkan." for line in one["history"] if "break" in line
        ]  # fmt: skip
    width = 1.35
    made = table(
        f"Perbandingan dengan tahun-tahun sebelumnya, sasaran {at}",
        ["Indikator", *map(str, years), str(values["year"]), "Selisih"], lines,
        [2.6, *([width] * len(years)), width, 1.05], right=list(range(1, len(years) + 3)), source=source_of(values),
    )  # fmt: skip
    return [made, *(note(one) for one in breaks)]


def _past(line: Values | None) -> Cell:
    if line is None:
        return NONE
    if "break" in line:
        return cell(words(line.get("realisation")), small="cara lain", is_quiet=True)
    return _reached(line)


def _reached(figure: Values) -> Cell:
    if figure.get("shown") is None:
        return cell(words(figure.get("sentence")), is_quiet=True)
    return cell(words(figure.get("realisation")), small=f"{number(figure['shown'])} %")


def _change(indicator: Values) -> Cell:
    """The difference from the last year that can be compared."""
    lines = [line for line in indicator["history"] if line.get("change") is not None]
    if not lines:
        return NONE
    change = lines[-1]["change"]
    sign = "" if str(change["value"]).startswith("-") or change["value"] == "0" else "+"
    return cell(f"{sign}{change['id']}", small=f"dari {lines[-1]['year']}")


def _against_plan(values: Values, objective: Values, at: int) -> list[Part]:
    lines = []
    for one in objective["indicators"]:
        if (plan := one["plan"]) is not None:
            reached = words(one.get("realisation"))
            lines.append([_name(one), str(plan["year"]), words(plan["target"]), reached, percent(plan)])
    if not lines:
        return []
    return [table(
        f"Realisasi {values['year']} terhadap target akhir jangka menengah, sasaran {at}",
        ["Indikator", "Tahun akhir", "Target akhir", f"Realisasi {values['year']}", "Tingkat kemajuan"], lines,
        [3.2, 1.1, 1.35, 1.35, 1.7], centre=[1], right=[2, 3, 4], source=source_of(values),
    )]  # fmt: skip


def _against_nation(values: Values, objective: Values, at: int) -> list[Part]:
    lines = []
    for one in objective["indicators"]:
        if (nation := one["national"]) is not None:
            said = cell(nation["text"], small=nation["source"])
            lines.append([_name(one), said, words(one.get("realisation")), percent(nation)])
    if not lines:
        return [note("Tidak ada angka nasional yang dicantumkan sebagai pembanding.")]
    return [table(
        f"Perbandingan dengan angka nasional, sasaran {at}",
        ["Indikator", "Angka nasional", f"Realisasi {values['year']}", "Terhadap nasional"], lines,
        [3.2, 2.0, 1.4, 1.7], right=[2, 3], source=source_of(values),
    )]  # fmt: skip


def _analysis(objective: Values) -> list[Part]:
    parts: list[Part] = []
    for one in objective["indicators"]:
        said = [(title, one["analysis"][name].strip()) for name, title in ANALYSIS if one["analysis"][name].strip()]
        if said:
            mark = [note(PROPOSAL)] if one["is_proposal"] else []
            pairs = [[title, text] for title, text in said]
            parts += [{"kind": "lead", "text": one["name"]}, *mark, {"kind": "rows", "rows": pairs}]
    if not parts:
        return [note("Penyebab dan upaya perbaikan belum diuraikan.")]
    return [heading("Penyebab keberhasilan atau kegagalan dan upaya perbaikan", 4), *parts]


def _money(objective: Values, values: Values) -> list[Part]:
    """Sparing use of resources, and the programmes that support the objective."""
    written = [one["analysis"]["efficiency"].strip() for one in objective["indicators"]]
    parts = [heading("Penghematan sumber daya", 4)]
    efficiency = objective["efficiency"]
    if efficiency is not None:
        said = sentence(efficiency) if efficiency["shown"] is None else (
            f"{number(efficiency['shown'])} ({words(efficiency['band_title'])})"
        )  # fmt: skip
        parts.append({"kind": "text", "text": f"Efisiensi sasaran ini (capaian dikurangi penyerapan): {said}."})
    parts += [{"kind": "text", "text": text} for text in dict.fromkeys(written) if text]
    if len(parts) == 1:
        parts.append(note("Penghematan sumber daya belum diuraikan."))
    return [*parts, heading("Program yang menopang", 4), *_programmes(objective, values)]


def _programmes(objective: Values, values: Values) -> list[Part]:
    named = dict.fromkeys(
        line.strip() for one in objective["indicators"] for line in one["analysis"]["programmes"].split("\n")
    )
    budgeted = [one["title"] for one in values["budget"]["programmes"] if objective["key"] in one["supports"]]
    items = [one for one in dict.fromkeys((*budgeted, *named)) if one]
    return [{"kind": "list", "items": items}] if items else [note("Program yang menopang belum dicantumkan.")]


def _budget(values: Values) -> list[Part]:
    budget = values["budget"]
    lines: list[Sequence[Cell]] = []
    unit = None
    for one in budget["programmes"]:
        if one["unit"] is not None and one["unit"] != unit:  # a region's are told unit by unit
            unit = one["unit"]
            lines.append([span(unit)])
        lines.append([cell(one["title"], small=one["code"]), words(one["budget"]), *_spent(one)])
    if lines:
        lines.append([cell("Jumlah", is_strong=True), words(budget["total"]), *_spent(budget)])
    made = table(
        f"Anggaran dan realisasi {values['year']} menurut program (rupiah)",
        ["Program", "Anggaran", "Realisasi", "Penyerapan"], lines, [3.6, 2.0, 2.0, 1.5], right=[1, 2, 3],
        source=f"Data per {day(values['data_per'])}", instead="Anggaran program belum dicatat.",
    )  # fmt: skip
    return [made, *paragraphs(values["narrative"]["budget_note"])]


def _spent(line: Values) -> list[Cell]:
    """What was spent, in rupiah and percent; one cell across both where nobody knows."""
    if line["absorbed"] is None:
        return [across(words(line["sentence"]))]
    if line["percent"] is None:
        return [words(line["absorbed"]), cell(words(line["sentence"]), is_quiet=True)]
    return [words(line["absorbed"]), cell(f"{number(line['percent'])} %", is_strong=True)]
