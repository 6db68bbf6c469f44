"""Control signs are left out of what arrives: PostgreSQL keeps no zero sign, mails and documents none of the others."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

_CONTROL_SIGNS = dict.fromkeys(set(range(32)) - {*map(ord, "\t\n\r")} | {127})


class Written(ImmutableMultiDict[str, Any]):
    """Names and texts of an address or a form as somebody can have written them; files pass as they are."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = MultiDict(mapping).items(multi=True)
        super().__init__([(_readable(name), _readable(value)) for name, value in pairs])


class WrittenRequest(Request):
    """A request whose files stay in memory: one for a sealed case must not lie readable in a temporary folder."""

    parameter_storage_class = Written

    def _get_file_stream(self, *_about: Any, **_of_the_file: Any) -> IO[bytes]:
        return BytesIO()


def install(app: Flask) -> None:
    """Read requests so; an address whose path has such signs does not exist."""
    app.request_class = WrittenRequest

    @app.before_request
    def refuse_paths_nobody_writes() -> None:
        if request.path != _readable(request.path):
            abort(404)


def _readable(value: Any) -> Any:
    return value.translate(_CONTROL_SIGNS) if isinstance(value, str) else value
