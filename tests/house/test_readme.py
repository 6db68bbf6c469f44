"""What the README shows is what the project holds: the example lints, and it is the file it says it is."""

import re
import tomllib
from pathlib import Path

import pytest

from engine import vocabulary
from engine.cases.walk import Walk
from engine.definitions.load import load_tree, read_tree

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "workflows" / "leave_request.yaml"


@pytest.mark.parametrize("name", ["README.md", "README.en.md"])
def test_the_example_in_the_readme_is_the_file(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert f"```yaml\n{EXAMPLE.read_text(encoding='utf-8')}```" in text


PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def _prose(page: Path) -> str:
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def _headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    titles = re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", _prose(page)) if "://" not in link]
    for link in links:
        path, _, heading = link.partition("#")
        led_to = page.parent / path if path else page
        assert led_to.exists(), link
        assert not heading or heading in _headings(led_to), link


def test_the_architecture_names_the_layers_the_contract_holds() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    held = next(one["layers"] for one in contracts if one.get("containers") == ["engine"])
    page = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    told = page.partition("engine: ")[2].partition("```")[0].split("→")
    assert [" ".join(layer.split()) for layer in told] == [layer for layer in held if layer != "all_models"]


def test_the_example_is_clean_and_can_be_walked() -> None:
    loaded = load_tree(read_tree([ROOT / "docs" / "examples"], ROOT), vocabulary.load())
    assert loaded.problems == []
    given = {"initiator": "sari", "users": {"superior": ["budi"]}, "data": {"days": 3}}
    walk = Walk(loaded.definitions["leave_request"], given)
    assert walk.step({"as": "sari", "do": "submit"})["states"] == ["review"]
    assert walk.step({"as": "sari", "do": "approve"})["refused"] == "not_candidate"
    assert walk.step({"as": "budi", "do": "approve"})["ended"] is True
