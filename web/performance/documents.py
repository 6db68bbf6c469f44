"""What cases of performance print: the agreement, the evaluation report (LHE), the performance report (LKjIP)."""

from __future__ import annotations

from typing import Any

from engine.cases.views import CasePage
from sakip.document import TEMPLATE as AGREEMENT
from sakip.reporting import lkjip_form
from sakip.reporting.of_cases import agreement_paper, evaluation_paper, report_paper
from web.documents import document
from web.transaction import db

LETTER = "inspectorate_letter"  # the typeset form of the inspectorate's letters and reports


@document(AGREEMENT)
def agreement_pages(page: CasePage, field: str, is_draft: bool) -> tuple[str, dict[str, Any]]:  # noqa: ARG001
    """The statement of both parties, and its annex."""
    return AGREEMENT, agreement_paper(db(), page, is_draft=is_draft)


@document("evaluation_report", is_silent_draft=True, is_in_word=True)
def evaluation_pages(page: CasePage, field: str, is_draft: bool) -> tuple[str, dict[str, Any]]:  # noqa: ARG001
    """Scores, findings and recommendations."""
    return LETTER, evaluation_paper(db(), page, is_draft=is_draft)


@document("performance_report", is_in_word=True)
def report_pages(page: CasePage, field: str, is_draft: bool) -> tuple[str, dict[str, Any]]:  # noqa: ARG001
    """The chapters of a year. Raises NotFound while the case does not say which."""
    return lkjip_form.FORM, report_paper(db(), page, is_draft=is_draft)
