"""What the logical framework and `needs` do to a worksheet, in words for page, document and command line (§7.7)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.model import Text
from sakip.configuration.evaluation import Evaluation
from sakip.score import Scored
from sakip.shares import Share
from sakip.worksheet import Section

_LIMITED = Text("dihitung {counted} dari {raw}: dibatasi {title}", "counted {counted} of {raw}: limited by {title}")
_REFUSED = Text(
    "dihitung {counted} dari {raw}: dibatasi {title}; tahap ini belum dapat dikunci",
    "counted {counted} of {raw}: limited by {title}; this tier cannot be locked yet",
)
_WARNED = Text(
    "{raw} lebih tinggi daripada {title} yang mendasarinya; tetap dihitung penuh",
    "{raw} is higher than {title} that it rests on; it counts in full",
)
_NEEDS = Text(
    "lebih tinggi daripada kriteria yang mendasarinya: {title}", "higher than the criterion it rests on: {title}"
)


def framework_sentences(evaluation: Evaluation, sections: tuple[Section, ...], found: Scored) -> Mapping[str, Text]:
    """A sentence for everything that is limited or warned of, by path in the order of the worksheet."""
    subs = {section.sub.path: section.sub.title for section in sections}
    questions = {one.path: one for section in sections for one in section.questions}
    said: dict[str, Text] = {}
    for section in sections:
        share = found.shares.get(section.sub.path)
        if share is not None and (share.limited_by or share.warned_by):
            said[section.sub.path] = _of_share(evaluation, share, subs[share.limited_by or share.warned_by or ""])
        for one in section.questions:
            if one.path in found.warned and one.needs is not None and one.path not in said:
                said[one.path] = _filled(_NEEDS, Text("", ""), Text("", ""), questions[one.needs].title)
    return said


def _of_share(evaluation: Evaluation, share: Share, title: Text) -> Text:
    template = _REFUSED if share.is_refused else _LIMITED if share.limited_by else _WARNED
    counted, raw = (evaluation.rounding.printed(one, 2) for one in (share.counted, share.raw))
    return _filled(template, _number(counted), _number(raw), title)


def _number(printed: str) -> Text:
    return Text(printed.replace(".", ","), printed)


def _filled(template: Text, counted: Text, raw: Text, title: Text) -> Text:
    return Text(
        template.id.format(counted=counted.id, raw=raw.id, title=title.id),
        template.en.format(counted=counted.en, raw=raw.en, title=title.en),
    )
