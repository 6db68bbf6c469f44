"""A year of an invented regency, played through pages in a browser without scripts."""

from __future__ import annotations

from tests.journeys.year.conftest import Begin
from tests.journeys.year.whole_year import play
from tests.journeys.year.without_scripts import WithoutScripts


def test_a_regency_gets_from_its_tree_to_the_next_year_s_predicate_without_scripts(begin: Begin) -> None:
    play(begin(WithoutScripts))
