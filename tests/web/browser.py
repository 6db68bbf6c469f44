"""Somebody's browser without a browser: gets pages, posts forms with the token the page gave."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """Somebody's browser: gets pages, and posts forms with the token the page gave."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self._token = ""

    def get(self, address: str, **values: Any) -> TestResponse:
        answer = self._client.get(address, buffered=True, **values)
        found = TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        self._token = found[1] if found else self._token
        return answer

    def post(self, address: str, data: dict[str, Any] | None = None, **values: Any) -> TestResponse:
        """A form of the page looked at last; without one, of the sign-in page or the profile."""
        for page in ("/sign-in", "/profile"):
            if not self._token:
                self.get(page)
        answer = self._client.post(address, data={"csrf_token": self._token, **(data or {})}, **values)
        found = TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        self._token = found[1] if found else self._token
        return answer

    def forget_cookie(self, name: str) -> None:
        self._client.delete_cookie(name)

    def cookie(self, name: str) -> str:
        """The value it holds, to be given to a real browser."""
        found = self._client.get_cookie(name)
        assert found is not None, name
        return found.value

    def set_cookie(self, name: str, value: str) -> None:
        self._client.set_cookie(name, value)
