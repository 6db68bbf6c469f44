"""Work that must end soon: an endless loop or an explosion is told, a busy machine is not."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails when what is done inside takes more than ``seconds`` of this process's own time.

    The garbage collector waits meanwhile: what it costs depends on everything other tests have left in memory.
    """
    gc.disable()
    began = time.process_time()
    try:
        yield
        assert time.process_time() - began < seconds
    finally:
        gc.enable()
