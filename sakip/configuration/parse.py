"""Nodes of one file become its frozen value; reading goes on past every fault, so all are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.definitions.expand import substitute
from engine.definitions.parse_rules import parse_parameters
from engine.definitions.problems import Problems
from engine.definitions.reading import first_line
from engine.definitions.source import MAP, Node
from sakip.configuration.canonical import digest_of
from sakip.configuration.evaluation import Evaluation
from sakip.configuration.heads import EVALUATION, LEVELS, MEASUREMENT, WHATIF, Head
from sakip.configuration.levels import Levels
from sakip.configuration.measurement import Measurement
from sakip.configuration.parse_evaluation import EVALUATION_KEYS, EVALUATION_REQUIRED, parse_evaluation
from sakip.configuration.parse_head import own_keys, parse_head, required_keys
from sakip.configuration.parse_levels import LEVELS_KEYS, LEVELS_REQUIRED, parse_levels
from sakip.configuration.parse_measurement import MEASUREMENT_KEYS, MEASUREMENT_REQUIRED, parse_measurement
from sakip.configuration.parse_whatif import WHATIF_KEYS, WHATIF_REQUIRED, parse_whatif
from sakip.configuration.reading import FieldReader
from sakip.configuration.unsure import take_out
from sakip.configuration.whatif import WhatIf

Model = Levels | Measurement | Evaluation | WhatIf
_PARSERS: Mapping[str, tuple[Callable[[Node, Head, FieldReader], Model], Sequence[str], Sequence[str]]] = {
    LEVELS: (parse_levels, LEVELS_KEYS, LEVELS_REQUIRED),
    MEASUREMENT: (parse_measurement, MEASUREMENT_KEYS, MEASUREMENT_REQUIRED),
    EVALUATION: (parse_evaluation, EVALUATION_KEYS, EVALUATION_REQUIRED),
    WHATIF: (parse_whatif, WHATIF_KEYS, WHATIF_REQUIRED),
}


def parse(schema: str, root: Node, problems: Problems) -> Model | None:
    """The value of a file of ``schema`` (overlays merged, parameters not yet in place), None when it is no map.

    With findings of level error in ``problems`` the value is only good for looking for more of them.
    """
    found = parse_with_root(schema, root, problems)
    return None if found is None else found[0]


def parse_with_root(
    schema: str, root: Node, problems: Problems, reader: FieldReader | None = None
) -> tuple[Model, Node] | None:
    """The value as ``parse`` gives it, and the nodes with parameters in their places, to point at. ``reader`` is told
    of every map that is read; without one, one that reports to ``problems``."""
    reader = reader or FieldReader(problems)
    if root.kind != MAP:
        reader.wrong_kind(root, MAP)
        return None
    build, keys, required = _PARSERS[schema]
    plain, unsure = take_out(root, reader)
    reader.keys(first_line(plain), (*own_keys(schema), *keys), (*required_keys(schema), *required), whole_file=True)
    parameters = parse_parameters(plain, reader)
    values = {key: parameter.default for key, parameter in parameters.items()}
    known = plain.get("parameters")
    filled = substitute(plain, values, known.entries if known is not None else {}, reader)
    head = parse_head(schema, filled, parameters, unsure, digest_of(root), reader)
    return build(filled, head, reader), substitute(root, values, {}, FieldReader(Problems()))
