"""Check files as the command line, an editor and a pipeline do: paths in, findings out; no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.definitions.load import Loaded, load_tree, read_tree
from engine.definitions.mail_texts import template_variables
from engine.definitions.problems import Problem
from engine.definitions.vocabulary_protocol import VocabularyLike

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "delivery" / "templates"


def lint(paths: Sequence[Path], vocabulary: VocabularyLike, cwd: Path | None = None) -> list[Problem]:
    """All findings in the files and folders of ``paths`` (none: the definitions of ``cwd``), sorted by place.

    Raises FileNotFoundError, naming the path, for one that is not there.
    """
    return load(paths, vocabulary, cwd).problems


def load(paths: Sequence[Path], vocabulary: VocabularyLike, cwd: Path | None = None) -> Loaded:
    """The definitions in ``paths`` with all findings; see ``lint``."""
    here = cwd or Path.cwd()
    tree = read_tree(paths, here)
    if tree.missing:
        raise FileNotFoundError(tree.missing[0])
    return load_tree(tree, vocabulary, mail_templates(here))


def mail_templates(cwd: Path) -> Mapping[str, frozenset[str]] | None:
    """The mail texts of the installation and of the current folder with their variables; None when there are none."""
    found = {**template_variables(TEMPLATES), **template_variables(cwd.absolute() / "delivery" / "templates")}
    return found or None
