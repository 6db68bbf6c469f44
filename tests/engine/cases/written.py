# ruff: noqa: E501 - YAML as authors write it
"""Definitions written in tests as an author would write them."""

from __future__ import annotations

import textwrap

from engine.definitions.load import build
from engine.definitions.model import Definition
from engine.vocabulary import load

HEAD = """
schema: casework/1
case_type: sample
version: 1.0.0
title: {id: Contoh, en: Sample}
legal_basis: ["Perpres 29/2014"]
"""
CALENDAR = """
calendars:
  office: {timezone: Asia/Jakarta, working_days: [mon, tue, wed, thu, fri], holidays: []}
"""
FORM = """
schema: casework-form/1
form: sample
version: 1.0.0
title: {id: Contoh, en: Sample}
fields:
  text: {type: text, title: {id: Teks, en: Text}}
  amount: {type: money, title: {id: Jumlah, en: Amount}}
  count: {type: integer, title: {id: Hitungan, en: Count}, default: 0}
  day: {type: date, title: {id: Hari, en: Day}}
  people: {type: list, of: person, title: {id: Orang, en: People}}
  names: {type: list, of: text, title: {id: Nama, en: Names}, min_items: 2, max_items: 9}
  owner: {type: person, title: {id: Pemilik, en: Owner}}
  lines:
    type: table
    title: {id: Baris, en: Lines}
    columns:
      what: {type: text, title: {id: Apa, en: What}}
      who: {type: person, title: {id: Siapa, en: Who}}
sections:
  all:
    order: 10
    title: {id: Semua, en: All}
    fields: {text: {order: 1}, amount: {order: 2}, count: {order: 3}, day: {order: 4}, people: {order: 5}, names: {order: 6}, owner: {order: 7}, lines: {order: 8}}
"""
ROLES = """
roles:
  starter: {title: {id: Pembuka, en: Starter}, resolve: initiator}
  clerk: {title: {id: Petugas, en: Clerk}, resolve: {group: clerks}}
  head: {title: {id: Kepala, en: Head}, resolve: {group: heads}}
  finance: {title: {id: Keuangan, en: Finance}, resolve: {group: finance}}
  planning: {title: {id: Perencanaan, en: Planning}, resolve: {group: planning}}
  legal: {title: {id: Hukum, en: Legal}, resolve: {group: legal}}
"""


def define(written: str, *, form: str = FORM, roles: str = ROLES, calendar: str = CALENDAR) -> Definition:
    """The definition written below; it must have no errors."""
    text = HEAD + roles + calendar + textwrap.dedent(written)
    files = {"workflows/sample.yaml": text, "forms_config/sample.yaml": form}
    definition, problems = build(files, "sample", load())
    assert definition is not None, [f"{each.line}: {each.code} {each.message.en}" for each in problems]
    return definition
