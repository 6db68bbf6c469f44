"""Configurations on disk: as read, only for this program and key, and never in the way."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from config import ROOT
from engine.definitions.problems import Problems
from sakip.configuration.cache import ConfigurationCache
from sakip.configuration.folder import Configuration, load
from sakip.configuration.kept_form import to_text

KEY = b"k" * 32
REGIONS = (None, "kab_serdang_bedagai", "kab_tasikmalaya", "kota_bandung")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "sakip_config", tmp_path / "sakip_config"))


@pytest.fixture
def cache(tmp_path: Path) -> ConfigurationCache:
    return ConfigurationCache(tmp_path / "compiled", KEY)


def said(configuration: Configuration) -> list[bytes]:
    """Everything a configuration holds, as data."""
    files = (
        *configuration.all_levels, *configuration.measurements, *configuration.evaluations, *configuration.whatifs,
    )  # fmt: skip
    return [to_text(file.model) for file in files]


def is_kept(configuration: Configuration) -> bool:
    try:
        return configuration.all_levels[0].root is None
    except LookupError:
        return True


@pytest.mark.parametrize("region", REGIONS)
def test_what_is_kept_comes_back_as_it_was_read(region: str | None, folder: Path, cache: ConfigurationCache):
    plain = load(folder, region, Problems())
    first, second = cache.load(folder, region, Problems()), cache.load(folder, region, Problems())
    assert (is_kept(first), is_kept(second)) == (False, True)
    assert said(plain) == said(first) == said(second) and second.region == region
    assert second.evaluation(2025).head.digest == plain.evaluation(2025).head.digest
    criteria = second.evaluation(2025).components["planning"].sub_components["use"].criteria.values()
    assert len({id(each.scale) for each in criteria if each.scale.key == "a_to_e"}) <= 1  # one object again


def test_a_changed_file_is_read_again_and_a_region_s_own(folder: Path, cache: ConfigurationCache):
    cache.load(folder, None, Problems())
    assert not is_kept(cache.load(folder, "kota_bandung", Problems()))
    file = folder / "measurement.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("cap: null", "cap: 110"), encoding="utf-8")
    found = cache.load(folder, None, Problems())
    assert not is_kept(found) and found.measurement(2025).cap == 110


def test_a_configuration_with_errors_is_told_every_time(folder: Path, cache: ConfigurationCache):
    file = folder / "measurement.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("mode: half_up", "mode: down"), encoding="utf-8")
    for _ in range(2):
        problems = Problems()
        assert not is_kept(cache.load(folder, None, problems))
        assert [each.code for each in problems.sorted()] == ["WF012"]


def test_what_somebody_changed_is_as_if_it_were_not_there(
    folder: Path, cache: ConfigurationCache, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    cache.load(folder, None, Problems())
    (kept,) = [path for path in (tmp_path / "compiled").rglob("*") if path.is_file()]
    kept.write_bytes(kept.read_bytes().replace(b"half_up", b"half_ev"))
    with caplog.at_level(logging.WARNING, "alur.definitions"):
        assert not is_kept(cache.load(folder, None, Problems()))
    assert "changed by somebody else" in caplog.text


def test_another_key_and_another_program_find_nothing(folder: Path, cache: ConfigurationCache, tmp_path: Path):
    cache.load(folder, None, Problems())
    for other in (
        ConfigurationCache(tmp_path / "compiled", b"o" * 32),
        ConfigurationCache(tmp_path / "compiled", KEY, program="next"),
    ):
        assert not is_kept(other.load(folder, None, Problems()))


def test_a_folder_that_cannot_be_made_is_no_reason_to_stop(folder: Path, tmp_path: Path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    cache = ConfigurationCache(tmp_path / "file" / "compiled", KEY)
    for _ in range(2):
        assert cache.load(folder, None, Problems()).measurement(2025) is not None
