"""A report on its verifier's table: what was decided over what is stored, what changed since it was returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.cases.views import CasePage
from engine.errors import NotFound
from engine.field_types.table import ROW_KEY
from sakip.cycle import REPORTS
from sakip.verification_desk import ACCEPTED, RETURNED, VerificationDesk, decision_of, verification_desk
from web.officer.changes import differences
from web.officer.desk import Desk
from web.officer.form import desk_of
from web.performance.entry_work import ROWS, VERIFICATION, Report, report_on

LONGEST_NOTE = 2_000
SAID = {ACCEPTED: "true", RETURNED: "false"}  # as the form keeps them
Posted = MultiDict[str, str]


@dataclass(eq=False, slots=True)
class Verifying:
    """``rows`` are the verification's as typed, by indicator; ``returned`` notes of rows that were sent back before;
    ``changed`` what stood before in the columns that changed since, both by indicator."""

    report: Report
    desk: Desk
    rows: dict[str, dict[str, Any]]
    returned: Mapping[str, str]
    changed: Mapping[str, Mapping[str, str]]

    @property
    def page(self) -> CasePage:
        """The case."""
        return self.report.page

    def view(self) -> VerificationDesk:
        """The report as it stands, with what was decided. Raises NotFound where nothing is due."""
        entry = self.report.view()
        if entry is None:
            raise NotFound("Nothing is due in this report.")
        is_again = self.page.changed_since_return is not None
        return verification_desk(entry, self.rows, self.returned, self.changed, is_again=is_again)

    def keep(self, comment: str | None = None) -> None:
        """Keep what was decided as a draft."""
        self.desk.keep({**self.desk.raw, VERIFICATION: list(self.rows.values())}, comment)

    def take(self, posted: Posted) -> None:
        """Write what stands in the form into the rows that stood on the page."""
        for key in posted.getlist("row"):
            row = self.rows.get(key)
            if row is None:
                continue
            row["accepted"] = SAID.get(posted.get(f"decision:{key}", ""), "")
            if (note := posted.get(f"note:{key}")) is not None:
                row["note"] = note.replace("\r\n", "\n")[: LONGEST_NOTE + 1]

    def accept_together(self) -> None:
        """Accept every open row that did not change, jump or come back."""
        for check in self.view().acceptable():
            self.rows[check.item.key]["accepted"] = SAID[ACCEPTED]


def is_to_verify(page: CasePage) -> bool:
    """Whether the verification of this report is the reader's to fill in now. Raises NotFound for a case that is no
    report."""
    if page.facts.case_type not in REPORTS or page.sealed is not None:
        raise NotFound("This case is no report.")
    try:
        return VERIFICATION in desk_of(page).editable
    except NotFound:
        return False


def verifying(page: CasePage) -> Verifying:
    """The report of a case for its verifier. Raises NotFound for a case that is no report or not theirs to verify."""
    report, desk = report_on(page), desk_of(page)
    if VERIFICATION not in desk.editable:
        raise NotFound("This report is not to be verified by this person now.")
    stored = {str(row[ROW_KEY]): row for row in page.answers.get(VERIFICATION) or () if row.get(ROW_KEY)}
    changed, before = _changed(page), _before(page, stored)
    returned = {key: str(row.get("note") or "–") for key, row in before.items() if decision_of(row) == RETURNED}
    is_decided_now = any(before[key] != row for key, row in stored.items() if key in before)
    again = frozenset() if is_decided_now else frozenset((*changed, *returned))
    return Verifying(report, desk, _rows(report, desk, stored, again), returned, changed)


def _before(page: CasePage, stored: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """The rows of the verification as they stood when the report was returned; none where it never was."""
    back = page.changed_since_return
    if back is None:
        return {}
    keys = [str(row.get(ROW_KEY)) for row in page.answers.get(VERIFICATION) or ()]
    found = {key: dict(row) for key, row in stored.items()}
    for one in back.changes:
        field, _dot, rest = one.path.partition(".")
        place, _dot, column = rest.partition(".")
        if field == VERIFICATION and column and place.isdecimal() and int(place) < len(keys):
            found.setdefault(keys[int(place)], {})[column] = one.old
    return found


def _rows(
    report: Report, desk: Desk, stored: Mapping[str, Mapping[str, Any]], again: frozenset[str]
) -> dict[str, dict[str, Any]]:
    """One row an indicator of the report: as typed, as stored, or fresh. Those of ``again`` were decided before the
    report came back, and are looked at once more."""
    kept = desk.raw.get(VERIFICATION) if desk.draft is not None else None
    drafted = {str(row[ROW_KEY]): row for row in kept or () if isinstance(row, dict) and row.get(ROW_KEY)}
    found = {}
    for due in () if report.due is None else report.due.rows:
        key = due.indicator.key
        if key not in report.rows:
            continue
        row = stored.get(key) or {"row": due.name, ROW_KEY: key}
        typed = desk.boxes.typed(desk.form.fields[VERIFICATION], [row])[0]
        if key in again:
            typed |= {"accepted": "", "note": ""}
        found[key] = {**typed, **drafted.get(key, {}), "row": typed.get("row") or due.name, ROW_KEY: key}
    return found


def _changed(page: CasePage) -> dict[str, dict[str, str]]:
    """By indicator the columns that changed since the report was returned, with what stood there."""
    back = page.changed_since_return
    found: dict[str, dict[str, str]] = {}
    rows = page.answers.get(ROWS) or ()
    for one in differences(page, back, frozenset({ROWS})) if back is not None else ():
        field, _dot, rest = one.path.partition(".")
        place, _dot, column = rest.partition(".")
        if field == ROWS and place.isdecimal() and int(place) < len(rows):
            found.setdefault(str(rows[int(place)].get(ROW_KEY)), {})[column] = one.old
    return found
