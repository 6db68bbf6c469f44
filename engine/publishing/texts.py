"""Which files make up one case type: what a version is the digest of, gathered from a tree of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.definitions.library import Library, is_of_another_region, read_library
from engine.definitions.load import Loaded, load_tree, read_tree
from engine.definitions.mail_texts import template_variables
from engine.definitions.model import Definition
from engine.definitions.problems import Problems
from engine.definitions.source import TEXT
from engine.definitions.tree import Grove, TreeFile
from engine.definitions.vocabulary_protocol import VocabularyLike
from engine.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Gathered:
    """One case type's ``files`` by path, ready to be published, and the ``region`` its overlay is for (None: all)."""

    case_type: str
    region: str | None
    files: Mapping[str, str]


def gather(
    path: Path, cwd: Path, templates: Path, vocabulary: VocabularyLike, region: str | None = None
) -> tuple[Gathered | None, Loaded]:
    """The files of the workflow (or overlay) at ``path``: itself, the forms it names, the overlays of its region (of
    ``region``, where a base is published for one), its older versions and mail texts.

    ``templates`` is the folder of mail texts. None comes back when the file has findings of level error; they are in
    ``Loaded.problems``. Raises InvalidInput when there is no such file or it holds no workflow.
    """
    if not path.is_file():
        said = "is a folder; name the workflow's own file" if path.is_dir() else "there is no such file"
        raise InvalidInput(f"{path}: {said}.")
    tree = read_tree([path], cwd)
    loaded = load_tree(tree, vocabulary, template_names(templates))
    if any(problem.is_error for problem in loaded.problems):
        return None, loaded
    asked = next(file for grove in tree.groves for file in grove.files if file.is_asked)
    name = next((name for name, file in loaded.files.items() if file == asked.shown), None)
    if name is None:
        raise InvalidInput(f"{path}: holds no workflow that could be published.")
    definition = loaded.definitions[name]
    texts = {
        file.inside: file.content.decode("utf-8")
        for grove in tree.groves
        for file in _of_region(grove, region or definition.region, definition.case_type)
        if file.content is not None and (not file.is_history or _is_history_of(file.inside, definition.case_type))
    }
    return Gathered(definition.case_type, definition.region, {**texts, **_mails(definition, templates)}), loaded


def _of_region(grove: Grove, region: str | None, case_type: str) -> list[TreeFile]:
    """The files of a tree without those of regions and case types this version is not for."""
    library = read_library(grove, Problems())
    regions = library.regions_of(region)
    others = _of_other_case_types(library, case_type)
    return [file for file in grove.files if file.shown not in others and not is_of_another_region(file.inside, regions)]


def _of_other_case_types(library: Library, case_type: str) -> set[str]:
    """Files, as shown, of other workflows, of overlays on them, and of forms this case type nowhere names."""
    own = library.overlays_of(case_type)
    others = {root.file for name, root in library.workflows.items() if name != case_type}
    others |= {overlay.root.file for overlay in library.workflow_overlays.values() if overlay not in own}
    roots = [library.workflows[case_type], *(overlay.root for overlay in own)]
    roots += [root for (kind, name, _), root in library.older.items() if (kind, name) == ("workflow", case_type)]
    named = {node.value for root in roots for node in root.walk() if node.kind == TEXT}
    unused = library.forms.keys() - named
    others |= {library.forms[form].file for form in unused}
    for overlay in library.form_overlays.values():
        chain = library.chain(overlay)
        if chain and chain[0].base in unused:
            others.add(overlay.root.file)
    return others


def _is_history_of(inside: str, case_type: str) -> bool:
    """Whether an older version is one of this case type: its scenarios may begin there, and migrations come from it."""
    return inside.startswith(("forms_config/history/", f"workflows/history/{case_type}/"))


def template_names(templates: Path) -> Mapping[str, frozenset[str]]:
    """The mail texts a definition may name, each with the variables it uses."""
    return template_variables(templates)


def _mails(definition: Definition, templates: Path) -> dict[str, str]:
    named = {notification.template for notification in definition.notifications.values() if notification.template}
    return {
        f"templates/{name}/{file.name}": file.read_text(encoding="utf-8")
        for name in sorted(named)
        for file in sorted((templates / name).glob("*.txt"))
    }
