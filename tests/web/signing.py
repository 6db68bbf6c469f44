"""A small case type whose decisions require a second factor: on the case page, and on the page of a form."""

from __future__ import annotations

from datetime import datetime

from engine import vocabulary
from engine.cases.open import Opened, open_case
from engine.database import Database
from engine.publishing.publish import publish
from tests.web.region import Regency

WORKFLOW = """
schema: casework/1
case_type: letter
version: 1.0.0
title: {id: Surat keputusan, en: Decree}
legal_basis: ["PP 11/2017"]
roles:
  author: {title: {id: Penyusun, en: Author}, resolve: initiator}
  signer: {title: {id: Penanda tangan, en: Signer}, resolve: {superior_of: author}}
lifecycle:
  initial: drafting
  states:
    drafting:
      title: {id: Penyusunan, en: Drafting}
      task: {candidates: [author], form: letter, fields: {subject: edit}}
      transitions: {submit: {to: signing, title: {id: Ajukan, en: Submit}}}
    signing:
      title: {id: Penandatanganan, en: Signing}
      task: {candidates: [signer]}
      transitions:
        sign: {to: numbering, title: {id: Tanda tangani, en: Sign}, requires: [second_factor]}
        sign_with_file:
          to: numbering
          title: {id: Tanda tangani dengan lampiran, en: Sign with a file}
          requires: [attachment, second_factor]
        return: {to: drafting, title: {id: Kembalikan, en: Return}, requires: [comment]}
    numbering:
      title: {id: Penomoran, en: Numbering}
      task: {candidates: [signer], form: numbering, fields: {number: edit}}
      transitions: {seal: {to: sealed, title: {id: Sahkan, en: Seal}, requires: [second_factor]}}
    sealed: {type: final, title: {id: Sah, en: Sealed}}
"""
FORM = """
schema: casework-form/1
form: letter
version: 1.0.0
title: {id: Surat, en: Letter}
fields:
  subject: {type: text, title: {id: Hal, en: Subject}}
sections:
  main: {order: 10, title: {id: Isi, en: Content}, fields: {subject: {order: 10}}}
"""
NUMBERING = """
schema: casework-form/1
form: numbering
version: 1.0.0
title: {id: Penomoran, en: Numbering}
fields:
  number: {type: text, title: {id: Nomor, en: Number}, required: true}
sections:
  number: {order: 10, title: {id: Nomor, en: Number}, fields: {number: {order: 10}}}
"""


def a_letter(database: Database, regency: Regency, now: datetime) -> int:
    """Publishes the case type and opens sari's letter; gives the case's id. Budi signs."""
    files = {
        "workflows/letter.yaml": WORKFLOW,
        "forms_config/letter.yaml": FORM,
        "forms_config/numbering.yaml": NUMBERING,
    }
    with database.writing.begin() as session:
        publish(session, files, "letter", reason="Uji", by=None, region=None, vocabulary=vocabulary.load(), now=now,
                prove=lambda _: ())  # fmt: skip
    with database.writing.begin() as session:
        opened = open_case(
            session, region_id=regency.id, case_type="letter", person_id=regency.people["sari"],
            answers={"subject": "Pengangkatan"}, title="Surat keputusan pengangkatan", now=now,
        )  # fmt: skip
    assert isinstance(opened, Opened), opened
    return opened.case_id
