"""``flask sakip tree``: the tree of goals on any day, what is wrong with it, and what a change would break."""

from __future__ import annotations

import sys
from datetime import date, datetime

import click
from sqlalchemy.orm import Session

from commands.console import FINDINGS, USAGE, format_option, guarded, language_option, leave, reading, say, say_json
from commands.sakip import sakip
from commands.sakip_measure import region_option
from commands.sakip_named import day_meant, region_meant, unit_named
from engine.errors import NotFound
from engine.organisation.models import Region, Unit
from sakip.facts.tree_facts import checked_region, checked_tree
from sakip.standing import configuration_of
from sakip.tree.check_words import words_of
from sakip.tree.checking import Checked
from sakip.tree.impact import impact
from sakip.tree.integrity import by_check
from sakip.tree.plain import in_order, plain_impact, plain_tree
from sakip.tree.store import tree_on, whole_tree_on
from sakip.tree.surroundings import around
from sakip.tree.values import Tree


@sakip.command("tree", short_help="The tree of goals, its findings, what a change would break.")
@region_option
@click.option("--unit", "unit_key", metavar="KEY", help="The tree of this unit; everything of the region if left out.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="As it stood on this day; today if left out.")
@click.option("--year", type=click.IntRange(2000, 2099), help="As it stands today or at the end of this fiscal year.")
@click.option("--check", "is_check", is_flag=True, help="What is wrong with it, instead of the tree.")
@click.option("--impact", "node", metavar="NODE", help="What changing or ending this node would break.")
@format_option
@language_option
@guarded
def tree_command(
    region_key: str | None, unit_key: str | None, day: datetime | None, year: int | None, is_check: bool,
    node: str | None, form: str, language: str,
) -> None:  # fmt: skip
    """The nodes of a tree as they stood on a day. With --check exits 1 when something counts as an error here."""
    if is_check and node is not None:
        leave(USAGE, "--check and --impact are two questions: ask one of them")
    if day is not None and year not in (None, day.year):
        leave(USAGE, "--on is no day of --year")
    with reading() as session:
        region = region_meant(session, region_key)
        on = day_meant(region, day, year)
        unit = unit_named(session, region.id, unit_key)
        if is_check:
            _check(_checked(session, region, unit, on), form, language)
        tree = whole_tree_on(session, region.id, on) if unit is None else tree_on(session, region.id, unit.id, on)
        if node is not None:
            _impact(session, region, tree, node, on, form)
        elif form == "json":
            say_json(plain_tree(tree))
        else:
            _show(tree)


def _checked(session: Session, region: Region, unit: Unit | None, on: date) -> Checked:
    found = (
        checked_region(session, region.id, on)
        if unit is None
        else checked_tree(session, region.id, unit.id, on, name=unit.key)
    )
    if found is None:
        raise NotFound(f"No levels are published that govern {on.year}.")
    return found


def _check(checked: Checked, form: str, language: str) -> None:
    found = by_check(checked.findings)
    for fault in checked.faults:
        found.setdefault(fault.code, []).append(fault.key)
    if form == "json":
        say_json({"findings": found})
    else:
        for check, keys in found.items():
            for key in keys:
                say(f"{key}: {check}: {words_of(check).into(language)}")
    sys.exit(FINDINGS if checked.stops else 0)


def _impact(session: Session, region: Region, tree: Tree, key: str, on: date, form: str) -> None:
    levels = configuration_of(session, region.id).levels(on.year)
    if key not in tree.nodes:
        leave(USAGE, f"There is no node '{key}' in this tree on {on.isoformat()}.")
    if levels is None:
        raise NotFound(f"No levels are published that govern {on.year}.")
    whole = whole_tree_on(session, region.id, on)
    reached = [tree.nodes[key], *whole.below([key])]
    found = plain_impact(impact(levels, whole, [key], around(session, region.id, reached, on.year)))
    if form == "json":
        say_json({"impact": found})
        return
    for name, things in found.items():
        if things and things != "0":
            told = things if isinstance(things, str) else ", ".join(_named(one) for one in things)
            say(f"{name}: {told}")


def _named(thing: object) -> str:
    return f"{thing['edge']} ({thing['partner']})" if isinstance(thing, dict) else str(thing)


def _show(tree: Tree) -> None:
    depth: dict[str, int] = {}
    for node in in_order(tree):
        depth[node.key] = depth.get(node.parent or "", -1) + 1
        indent = "  " * depth[node.key]
        say(f"{indent}{node.key} [{node.level}] {node.statement}")
        for one in node.indicators:
            say(f"{indent}  - {one.key} {one.name}")
