"""An application behind a real server, on a port of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.web.evaluation_pages import Pages


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        pass


@contextmanager
def served(app: Flask, *, is_silent: bool = False) -> Iterator[str]:
    """The address it answers at. A reporter's pages keep no access log, so neither does their server here."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent if is_silent else None)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def signed_in(
    chromium: Browser, pages: Pages, address: str, name: str, width: int, *, scripts: bool
) -> BrowserContext:  # fmt: skip
    """A browser of somebody of an office; addresses may be given without the host."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, base_url=address, java_script_enabled=scripts
    )
    context.add_cookies([{"name": "alur", "value": pages.token(name), "url": address}])
    return context
