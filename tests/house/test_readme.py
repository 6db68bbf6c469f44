"""What the README shows is what the project holds: the example lints, and it is the file it says it is."""

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


@pytest.mark.parametrize("name", ["README.md", "README.en.md", "docs/README.md", "CONTRIBUTING.md"])
def test_every_link_of_a_page_leads_somewhere(name: str) -> None:
    page = ROOT / name
    links = [part.split(")")[0] for part in page.read_text(encoding="utf-8").split("](")[1:]]
    missing = [link for link in links if "://" not in link and not (page.parent / link.split("#")[0]).exists()]
    assert missing == []


def test_the_example_is_clean_and_can_be_walked() -> None:
    loaded = load_tree(read_tree([ROOT / "docs" / "examples"], ROOT), vocabulary.load())
    assert loaded.problems == []
    given = {"initiator": "sari", "users": {"superior": ["budi"]}, "data": {"days": 3}}
    walk = Walk(loaded.definitions["leave_request"], given)
    assert walk.step({"as": "sari", "do": "submit"})["states"] == ["review"]
    assert walk.step({"as": "sari", "do": "approve"})["refused"] == "not_candidate"
    assert walk.step({"as": "budi", "do": "approve"})["ended"] is True
