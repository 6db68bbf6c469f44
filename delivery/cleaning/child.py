"""The confined process: a file comes in as standard input, its cleaned copy leaves by standard output.

Its answer is one line of JSON, {"refused": code} or {"size": bytes, "notes": [codes]}, and then the copy. It writes
nothing else anywhere: a message of an error could carry a piece of the file.
"""

from __future__ import annotations

import importlib
import json
import mmap
import os
import sys
import warnings
from typing import Any

from delivery.cleaning.confinement import close_doors, limit_costs
from delivery.cleaning.job import Job
from delivery.cleaning.kinds import KINDS, require_one_kind
from delivery.cleaning.unfit import Unfit


def main(arguments: list[str]) -> int:
    """Clean standard input as the options say: a JSON object of Limits' numbers and the extension. Returns 0."""
    options = json.loads(arguments[0])
    limit_costs(options["memory"], options["cpu_seconds"])
    try:
        header, copy = _answer(options)
    except Unfit as unfit:
        header, copy = {"refused": unfit.code}, b""
    except (MemoryError, RecursionError):
        header, copy = {"refused": "too_much_inside"}, b""
    except Exception:
        header, copy = {"refused": "damaged"}, b""
    _write(json.dumps(header).encode() + b"\n")
    _write(copy)
    return 0


def _answer(options: dict[str, Any]) -> tuple[dict[str, object], bytes]:
    kind = KINDS[options["extension"]]
    module = importlib.import_module(f"delivery.cleaning.{kind.family}")
    warnings.simplefilter("ignore")  # a strange file is not yet a bad one; what is bad is raised
    module.prepare()
    size = os.fstat(0).st_size
    with mmap.mmap(0, size, access=mmap.ACCESS_READ) as mapped:
        close_doors()
        content = mapped[:]
    require_one_kind(kind, content)
    limits = {name: options[name] for name in ("pixels", "pages", "parts", "inflated")}
    job = Job(content, kind, **limits)
    copy = module.cleaned(job)
    return {"size": len(copy), "notes": sorted(job.notes)}, copy


def _write(content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(1, view) :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
