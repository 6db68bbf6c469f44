"""What was typed and ticked on a report, written into its rows; nothing is judged here, and nothing is lost."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from sakip.configuration.measurement import MILESTONES
from sakip.entry_desk import EntryDesk
from sakip.facts.realisations import TEXTS
from web.performance.entry_work import Report
from web.performance.evidence_choice import posted_numbers

LONGEST_VALUE, LONGEST_TEXT, LONGEST_MONEY = 500, 2_000, 60
NONE_DONE = ";"  # milestones were looked at, and none is reached
BETWEEN = "; "
Posted = MultiDict[str, str]


def take(report: Report, view: EntryDesk, posted: Posted) -> None:
    """Write what stands in the form into the rows that stood on the page."""
    shown = set(posted.getlist("row"))
    for item in view.items:
        if item.key not in shown:
            continue
        row = report.rows[item.key]
        given = posted.getlist(f"value:{item.key}")
        if item.unit is not None and item.unit.kind == MILESTONES:
            done = [one for one in given if one != NONE_DONE]
            row["value"] = BETWEEN.join(done)[:LONGEST_VALUE] if done else (NONE_DONE if given else "")
        elif given:
            row["value"] = given[-1][: LONGEST_VALUE + 1]
        row["not_issued"] = "true" if posted.get(f"not_issued:{item.key}") else "false"
        for name in TEXTS:
            if (text := posted.get(f"{name}:{item.key}")) is not None:
                row[name] = text.replace("\r\n", "\n")[: LONGEST_TEXT + 1]
        row["evidence"] = posted_numbers(posted, f"evidence:{item.key}")
    for key, programme in report.programmes.items():
        if (spent := posted.get(f"absorbed:{key}")) is not None:
            programme["absorbed"] = spent.strip()[:LONGEST_MONEY]
