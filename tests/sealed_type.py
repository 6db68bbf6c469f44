"""A small sealed case type and an ordinary one that would open a case of it, published for all regions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.all_models import metadata
from engine.publishing.publish import publish
from engine.vocabulary import load

SECRET = "kas-pasar-dibawa-pulang"

REPORT = """\
schema: casework/1
case_type: report
version: 1.0.0
title: {id: Laporan rahasia, en: Secret report}
legal_basis: ["SE MenPANRB 08/M.PAN-RB/06/2012"]
confidentiality: sealed
roles:
  reporter: {title: {id: Pelapor, en: Reporter}, resolve: initiator}
  reader: {title: {id: Pembaca, en: Reader}, resolve: {group: planning}}
lifecycle:
  initial: writing
  states:
    writing:
      title: {id: Menulis, en: Writing}
      task: {candidates: [reporter], form: report, fields: {story: edit}}
      transitions: {submit: {title: {id: Kirim, en: Send}, to: reading}}
    reading:
      title: {id: Membaca, en: Reading}
      task: {candidates: [reader], excluded: [reporter], form: report}
      transitions: {close: {title: {id: Tutup, en: Close}, to: done}}
    done: {title: {id: Selesai, en: Done}, type: final}
fixtures:
  people: {clock: 2026-03-02, initiator: sari, users: {reader: [gita]}, data: {story: kas}}
scenarios:
  read_and_closed:
    given: {uses: people}
    steps:
      - {as: sari, do: submit, expect: {state: reading, candidates: [gita]}}
      - {as: gita, do: close, expect: {state: done, ended: true}}
"""
FORM = """\
schema: casework-form/1
form: report
version: 1.0.0
title: {id: Laporan rahasia, en: Secret report}
fields:
  story: {type: paragraph, title: {id: Cerita, en: Story}}
sections:
  all: {order: 10, title: {id: Semua, en: All}, fields: {story: {order: 10}}}
"""
REQUEST = """\
schema: casework/1
case_type: request
version: 1.0.0
title: {id: Permohonan, en: Request}
legal_basis: ["SE MenPANRB 08/M.PAN-RB/06/2012"]
roles:
  reporter: {title: {id: Pelapor, en: Reporter}, resolve: initiator}
lifecycle:
  initial: asking
  states:
    asking:
      title: {id: Meminta, en: Asking}
      task: {candidates: [reporter], form: request, fields: {words: edit}}
      transitions:
        pass_on:
          title: {id: Teruskan, en: Pass on}
          to: passed
          effects: {open: {open_case: {case_type: report, answers: {story: case.words}, link: report}}}
    passed: {title: {id: Diteruskan, en: Passed on}, type: final}
"""
REQUEST_FORM = """\
schema: casework-form/1
form: request
version: 1.0.0
title: {id: Permohonan, en: Request}
fields:
  words: {type: paragraph, title: {id: Kata, en: Words}}
sections:
  all: {order: 10, title: {id: Semua, en: All}, fields: {words: {order: 10}}}
"""
FILES: Mapping[str, Mapping[str, str]] = {
    "report": {"workflows/report.yaml": REPORT, "forms_config/report.yaml": FORM},
    "request": {"workflows/request.yaml": REQUEST, "forms_config/request.yaml": REQUEST_FORM},
}


def publish_both(session: Session, now: datetime) -> None:
    """The sealed type ``report`` and the ordinary type ``request``, a month old."""
    for case_type, files in FILES.items():
        publish(session, files, case_type, reason="Uji", by=None, region=None, vocabulary=load(),
                now=now - timedelta(days=30), prove=lambda definition: ())  # fmt: skip


def rows_with(session: Session, marker: str, *, without: frozenset[str] = frozenset()) -> list[str]:
    """The tables in which any row holds ``marker``, in whatever column."""
    found = []
    for table in metadata.sorted_tables:
        rows = session.execute(select(text("*")).select_from(table))
        if table.name not in without and any(marker in repr(row) for row in rows):
            found.append(table.name)
    return found
