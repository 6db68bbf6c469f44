"""Check files as the command line, an editor and a pipeline do: paths in, findings out; no database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from engine.definitions.load import Loaded, load_tree, read_tree
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


def mail_templates(cwd: Path) -> Collection[str] | None:
    """The folders of mail texts: the installation's and the current folder's; None when there is neither."""
    found: set[str] = set()
    for folder in {TEMPLATES, cwd.absolute() / "delivery" / "templates"}:
        if folder.is_dir():
            found.update(inner.name for inner in folder.iterdir() if inner.is_dir())
    return found or None
