"""Flask-Admin's idea of a database, led back to the one session of the request."""

from __future__ import annotations

from typing import Any

from flask import Flask, g
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session

from engine.database import Base
from web.installation import here
from web.transaction import db as request_session


class RequestDatabase(SQLAlchemy):
    """What Flask-Admin asks for, without an engine, a session or a commit of its own.

    ``session`` is the session of ``web/transaction.py``: reading for pages, writing for changes, committed once there.
    """

    def _make_scoped_session(self, options: dict[str, Any]) -> scoped_session[Any]:  # noqa: ARG002
        def _of_request(**arguments: Any) -> Session:  # noqa: ARG001
            return request_session()

        return scoped_session(_of_request, scopefunc=lambda: id(g._get_current_object()))

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:  # noqa: ARG002
        with app.app_context():
            return here().database.engine


database = RequestDatabase(metadata=Base.metadata)


def install(app: Flask) -> None:
    """Tell Flask-Admin where the rows are."""
    app.config.setdefault("SQLALCHEMY_DATABASE_URI", here_url(app))
    database.init_app(app)


def here_url(app: Flask) -> str:
    """The address of the database, with its password, as Flask-SQLAlchemy wants it in the configuration."""
    with app.app_context():
        return here().database.engine.url.render_as_string(hide_password=False)
