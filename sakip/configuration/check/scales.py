"""WF205: scales without answers, with two equal values, or whose best answer is not the full value."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from engine.definitions.source import MAP, Entry, Node
from sakip.configuration.check.around import Around
from sakip.configuration.check.findings import ANY, Findings, Path
from sakip.configuration.check.look import entries, number, shown


def check_grade_scales(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """The scales of `measurement.yaml`: grades as written with their values."""
    for key, scale in entries(root, "scales").items():
        if scale.value.kind == MAP:
            values = [(grade, entry.value) for grade, entry in entries(scale.value).items()]
            _check_values(key, scale.key, values, ("scales", key), found)


def check_answer_scales(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """The scales of an evaluation, those written in place among them."""
    for key, scale, path in _all_scales(root):
        answers = scale.value.entries.get("answers")
        if scale.value.kind != MAP or (answers is not None and answers.value.kind != MAP):
            continue
        values = [(name, entry.value.get("value")) for name, entry in entries(scale.value, "answers").items()]
        at = scale.key if answers is None else answers.key
        _check_values(key, at, [(answer, node) for answer, node in values if node is not None], path, found)
        full, known = scale.value.get("full"), [number(node) for _, node in values]
        best = max((value for value in known if value is not None), default=None)
        wanted = number(full)
        if full is not None and wanted is not None and None not in known and best is not None and best != wanted:
            found.add(
                "WF205",
                full,
                f'Nilai penuh skala "{key}" {shown(wanted)}, tetapi jawaban terbaiknya {shown(best)}.',
                f'The full value of scale "{key}" is {shown(wanted)}, but its best answer is {shown(best)}.',
                [(*path, "full"), (*path, "answers", ANY, "value")],
                shown(best),
            )


def _all_scales(root: Node) -> Iterator[tuple[str, Entry, Path]]:
    for key, scale in entries(root, "scales").items():
        yield key, scale, ("scales", key)
    for name, component in entries(root, "components").items():
        for part, sub in entries(component.value, "sub_components").items():
            inside: Path = ("components", name, "sub_components", part)
            written = sub.value.entries.get("scale")
            if written is not None and written.value.kind == MAP:
                yield f"{name}.{part}", written, (*inside, "scale")
            for key, criterion in entries(sub.value, "criteria").items():
                written = criterion.value.entries.get("scale")
                if written is not None and written.value.kind == MAP:
                    yield f"{name}.{part}.{key}", written, (*inside, "criteria", key, "scale")


def _check_values(key: str, at: Node, values: list[tuple[str, Node]], path: Path, found: Findings) -> None:
    if not values:
        found.add(
            "WF205",
            at,
            f'Skala "{key}" tidak punya jawaban.',
            f'Scale "{key}" has no answers.',
            [(*path, "answers", ANY)],
        )
    first: dict[Fraction, str] = {}
    for answer, node in values:
        value = number(node)
        if value is None:
            continue
        if value in first:
            found.add(
                "WF205",
                node,
                f'"{answer}" dan "{first[value]}" bernilai sama: {shown(value)}.',
                f'"{answer}" and "{first[value]}" have one value: {shown(value)}.',
                [(*path, "answers", answer, "value"), (*path, "answers", first[value], "value"), (*path, answer)],
            )
        first.setdefault(value, answer)
