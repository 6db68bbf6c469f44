"""What every command says when its own surroundings fail: one sentence, one exit code."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from commands.console import guarded, say, say_json, write_out


@pytest.mark.parametrize("speaks", [lambda: say("66,25"), lambda: say_json([]), lambda: write_out(None, [b"a,b\n"])])
def test_a_disk_that_is_full_is_the_environments_fault(speaks: Callable[[], None], capsys: pytest.CaptureFixture[str]):
    with Path("/dev/full").open("wb", buffering=0) as device:
        full = io.TextIOWrapper(device, write_through=True)
        with redirect_stdout(full), pytest.raises(SystemExit) as left:
            guarded(speaks)()
        full.detach()
    assert left.value.code == 4
    assert capsys.readouterr().err == "alur: stdout: No space left on device\n"
