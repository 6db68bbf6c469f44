"""What a performance report is about and what is agreed there: its unit, its objectives, their indicators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.organisation.models import Region, Unit
from engine.organisation.snapshot import Organisation, UnitRow, organisation
from engine.organisation.standing import is_valid
from sakip.configuration.levels import Levels
from sakip.facts.models import AgreementRow
from sakip.facts.published_reports import AGENCY, OF_REGION, Subject
from sakip.facts.rulebook import Rulebook
from sakip.facts.subjects import INDIVIDUAL
from sakip.tree.store import nodes_on, tree_on
from sakip.tree.values import Indicator, Node, Tree

REGION_HEAD, AGENCY_HEAD = "region_head", "agency_head"  # owners of `levels.yaml`
HEAD = "head"  # the kind of position that signs


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective of the report with its indicators, in their order."""

    node: Node
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """The subject at the end of its year: names, its tree, the agreements of the year and the objectives they name."""

    subject: Subject
    region: Region
    name: str
    level: str
    organisation: Organisation
    tree: Tree
    agreements: Sequence[AgreementRow]
    objectives: tuple[Objective, ...]

    @property
    def ends(self) -> date:
        """The last day of the year."""
        return date(self.subject.year, 12, 31)

    @property
    def indicators(self) -> list[str]:
        """The keys of every indicator, in their order."""
        return [one.key for objective in self.objectives for one in objective.indicators]

    def unit(self) -> UnitRow | None:
        """The unit; of the region the one at its top."""
        units = self.organisation.units
        if self.subject.unit_id is not None:
            return units.get(self.subject.unit_id)
        return next((one for one in units.values() if one.parent_id is None and one.level == OF_REGION), None)


def scene_of(session: Session, subject: Subject) -> Scene:
    """Read it. What the objectives are follows from the agreement of the head in force at the year's end, otherwise
    from the levels of the tree that give rows to one."""
    region = session.get_one(Region, subject.region_id)
    unit = None if subject.unit_id is None else session.get_one(Unit, subject.unit_id)
    ends = date(subject.year, 12, 31)
    tree = tree_on(session, subject.region_id, subject.unit_id, ends)
    agreements = _agreements(session, subject)
    standing = [one for one in agreements if one.ended_on is None or one.ended_on >= ends]
    keys = list(dict.fromkeys(one.indicator_key for one in standing))
    known = tree.nodes | nodes_on(session, subject.region_id, _missing(tree, standing), ends)
    rules = Rulebook(session, subject.region_id).levels(subject.year, ends)
    chosen = tuple(_chosen(known, keys)) if keys else ()
    return Scene(
        subject, region, f"Pemerintah {region.name}" if unit is None else unit.name,
        OF_REGION if unit is None else unit.level, organisation(session, subject.region_id), tree, agreements,
        chosen or tuple(_from_tree(tree, subject, unit, rules)),
    )  # fmt: skip


def _agreements(session: Session, subject: Subject) -> Sequence[AgreementRow]:
    """The rows of the head's agreements of the year, past ones too; of whoever else has one where the head has none."""
    query = select(AgreementRow).where(
        AgreementRow.region_id == subject.region_id, AgreementRow.year == subject.year,
        AgreementRow.unit_id.is_(None) if subject.unit_id is None else AgreementRow.unit_id == subject.unit_id,
        AgreementRow.kind != INDIVIDUAL,
        or_(AgreementRow.ended_on.is_(None), AgreementRow.ended_on >= AgreementRow.in_force_on),
    )  # fmt: skip
    rows = session.scalars(query.order_by(AgreementRow.id)).all()
    level = OF_REGION if subject.unit_id is None else AGENCY
    return [one for one in rows if one.kind == level] or rows


def _missing(tree: Tree, rows: Sequence[AgreementRow]) -> list[str]:
    return sorted({one.node_key for one in rows if one.node_key is not None} - tree.nodes.keys())


def _chosen(nodes: Mapping[str, Node], keys: Sequence[str]) -> Iterator[Objective]:
    """The nodes of some indicators with those of them that are agreed, in the order of the agreement."""
    order = {key: at for at, key in enumerate(keys)}
    found = []
    for node in nodes.values():
        agreed = [one for one in node.indicators if one.key in order]
        found.append(Objective(node, tuple(sorted(agreed, key=lambda one: order[one.key]))))
    yield from sorted((one for one in found if one.indicators), key=lambda one: order[one.indicators[0].key])


def _from_tree(tree: Tree, subject: Subject, unit: Unit | None, rules: Levels | None) -> Iterator[Objective]:
    own = OF_REGION if unit is None else unit.key
    nodes = [node for node in tree.nodes.values() if node.tree == own and node.indicators]
    annex = None if rules is None else rules.annex.get(REGION_HEAD if subject.unit_id is None else AGENCY_HEAD)
    usual = [node for node in nodes if annex is not None and node.level in annex.levels]
    for node in sorted(usual or nodes, key=lambda one: (one.place, one.key)):
        yield Objective(node, node.indicators)


def organisation_values(scene: Scene) -> list[dict[str, Any]]:
    """The units directly under the report's at the end of the year, with the position that heads each; no people."""
    top = scene.unit()
    if top is None:
        return []
    found = []
    for unit in sorted(scene.organisation.units.values(), key=lambda one: (one.name, one.id)):
        if unit.parent_id == top.id and is_valid(unit, scene.ends):
            heads = [
                one.title for one in scene.organisation.positions.values()
                if one.unit_id == unit.id and one.kind == HEAD and is_valid(one, scene.ends)
            ]  # fmt: skip
            found.append({"key": unit.key, "name": unit.name, "level": unit.level, "head": heads[0] if heads else None})
    return found


def signer_of(scene: Scene) -> str:
    """The position that signs the report."""
    top = scene.unit()
    titles = [] if top is None else [
        one.title for one in scene.organisation.positions.values()
        if one.unit_id == top.id and one.kind == HEAD and is_valid(one, scene.ends)
    ]  # fmt: skip
    return titles[0] if titles else f"Kepala {scene.name}"


def agreement_numbers(session: Session, rows: Sequence[AgreementRow]) -> dict[int, str]:
    """The number of each agreement's case."""
    ids = sorted({one.case_id for one in rows})
    return {row.id: row.number for row in session.execute(select(Case.id, Case.number).where(Case.id.in_(ids)))}
