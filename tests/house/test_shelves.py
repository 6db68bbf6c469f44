"""Every thing on a shelf is documented, and its docstring's example works: the manual cannot lie."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
import yaml

from engine.definitions.expressions import compile_expression
from engine.definitions.load import build
from engine.effects import SHELF as EFFECTS
from engine.field_types import FIELD_TYPES
from engine.functions import FUNCTIONS
from engine.shelf import Shelf, ShelfError
from engine.vocabulary import load

ROOT = Path(__file__).resolve().parents[2]
SHELVES = {"effects": EFFECTS, "field_types": FIELD_TYPES, "functions": FUNCTIONS}
EVERYTHING = [(shelf, name) for shelf, found in SHELVES.items() for name in found.items()]
FUNCTION_NAMES = (
    "count sum min max average any all filled in_state was_in_state round abs year month date days_between "
    "working_days_between add_days add_working_days lower starts_with"
)
FIELD_TYPE_NAMES = (
    "text paragraph integer decimal percent money measure date month year yes_no choice choices list table person unit "
    "position reference file files signature scale heading"
)

WORKFLOW = """
schema: casework/1
case_type: example
version: 1.0.0
title: Example
legal_basis: [Perpres 29/2014]
roles:
  drafter: {title: Drafter, resolve: initiator, external: true}
lifecycle:
  initial: drafting
  states:
    drafting:
      task: {candidates: [drafter], form: example}
      transitions: {submit: {to: revision}}
    revision:
      task: {candidates: [drafter], form: example}
      transitions: {close: {to: closed}}
    closed: {type: final}
"""
FORM = """
schema: casework-form/1
form: example
version: 1.0.0
title: Example
scales:
  sakip_predicate: {D: 1, C: 2, CC: 3, B: 4, BB: 5, A: 6, AA: 7}
"""
# What the examples of functions speak of.
FIELDS = """
fields:
  goals:
    type: table
    title: Goals
    columns:
      name: {type: text, title: Name}
      indicators:
        type: table
        title: Indicators
        columns: {weight: {type: percent, title: Weight}, is_key: {type: yes_no, title: Key}}
  programmes: {type: table, title: Programmes, columns: {budget: {type: money, title: Budget}}}
  scores: {type: table, title: Scores, columns: {value: {type: decimal, title: Value}}}
  checklist: {type: table, title: Checklist, columns: {is_done: {type: yes_no, title: Done}}}
  unit_budget: {type: money, title: Budget}
  offered: {type: money, title: Offered, required: true}
  estimated: {type: money, title: Estimated, required: true}
  planned: {type: decimal, title: Planned, required: true}
  realised: {type: decimal, title: Realised, required: true}
  period: {type: year, title: Year, required: true}
  starts_on: {type: date, title: From, required: true}
  ends_on: {type: date, title: To, required: true}
  signed_on: {type: date, title: Signed on, required: true}
  received_on: {type: date, title: Received on, required: true}
  plan:
    type: table
    title: Plan
    columns:
      code: {type: text, title: Code}
      kind: {type: text, title: Kind}
      target: {type: decimal, title: Target}
      q1: {type: decimal, title: Q1}
      q2: {type: decimal, title: Q2}
  reported_person: {type: person, title: Reported}
  reported_others: {type: list, of: person, title: Others reported}
  reported_aliases: {type: list, of: text, title: Other names}
  office: {type: text, title: Office}
  code: {type: text, title: Code}
sections:
  all: {order: 10, title: All, fields: {goals: {order: 10}}}
"""


def form_with(example: str) -> str:
    """A form that asks exactly what the example of a field type says."""
    key = example.partition(":")[0]
    beside = "" if key == "unit" else "  unit: {type: choice, title: Unit, options_from: units_of_measure}\n"
    sections = f"sections:\n  all: {{order: 10, title: All, fields: {{{key}: {{order: 10}}}}}}\n"
    return f"{FORM}fields:\n{textwrap.indent(example, '  ')}\n{beside}{sections}"


@pytest.mark.parametrize(("shelf", "name"), EVERYTHING)
def test_every_item_has_one_sentence_and_an_example_in_yaml(shelf: str, name: str) -> None:
    item = SHELVES[shelf].items()[name]
    assert re.fullmatch(r"[A-Z].{6,140}[.:]", item.summary), item.summary
    assert isinstance(yaml.safe_load(item.example), dict)


@pytest.mark.parametrize("name", FIELD_TYPES.items())
def test_the_example_of_a_field_type_loads_without_a_finding_of_level_error(name: str) -> None:
    example = FIELD_TYPES.items()[name].example
    files = {"workflows/example.yaml": WORKFLOW, "forms_config/example.yaml": form_with(example)}
    definition, problems = build(files, "example", load())
    assert definition is not None, problems
    field = definition.fields[example.partition(":")[0]]
    assert field.type == name


@pytest.mark.parametrize("name", FIELD_TYPES.items())
def test_the_documented_options_of_a_field_type_are_the_real_ones(name: str) -> None:
    written = (ROOT / "docs/reference/forms.md").read_text(encoding="utf-8")
    row = next(line for line in written.splitlines() if line.startswith("|") and f"`{name}`" in line.split("|")[1])
    cell = row.split("|")[2]
    options = FIELD_TYPES.values()[name].options
    assert "the same" in cell or set(re.findall(r"[a-z_]+", cell.replace(" or ", " "))) == set(options)


@pytest.mark.parametrize("name", FUNCTIONS.items())
def test_the_example_of_a_function_is_a_valid_expression_that_calls_it(name: str) -> None:
    files = {"workflows/example.yaml": WORKFLOW, "forms_config/example.yaml": FORM + FIELDS}
    definition, problems = build(files, "example", load())
    assert definition is not None, problems
    environment = load().environment(fields=definition.fields, states=tuple(definition.states))
    ((key, text),) = yaml.safe_load(FUNCTIONS.items()[name].example).items()
    expected = {"guard": "boolean", "visible_when": "boolean", "at": "date"}.get(key)
    expression, findings = compile_expression(text, environment, expected)
    assert expression is not None, findings
    assert f"{name}(" in text


def test_the_shelves_hold_what_the_language_names() -> None:
    assert set(FUNCTIONS.items()) >= set(FUNCTION_NAMES.split())
    assert set(FIELD_TYPES.items()) == set(FIELD_TYPE_NAMES.split())


def test_every_function_is_in_the_reference() -> None:
    written = (ROOT / "docs/reference/expressions.md").read_text(encoding="utf-8")
    assert [name for name in FUNCTIONS.items() if f"`{name}(" not in written] == []


def test_every_item_stands_in_a_file_of_its_name() -> None:
    for shelf, name in EVERYTHING:
        module = SHELVES[shelf].items()[name].module.rpartition(".")[2]
        assert module in (name, f"{name}_answer"), module


def test_a_name_used_twice_is_refused() -> None:
    shelf: Shelf[int] = Shelf("engine.functions")
    shelf.add("count", 1, "engine.functions.count")
    with pytest.raises(ShelfError, match=r"engine\.functions\.count and again in engine\.functions\.sum"):
        shelf.add("count", 2, "engine.functions.sum")


def test_a_module_without_a_docstring_is_refused() -> None:
    shelf: Shelf[int] = Shelf("engine.functions")
    with pytest.raises(ShelfError, match="docstring"):
        shelf.add("nothing", 1, "engine.definitions")
