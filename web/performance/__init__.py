"""The pages of performance accountability; `install` is all the application knows of them."""

from __future__ import annotations

from flask import Blueprint, Flask

PAGES: tuple[Blueprint, ...] = ()


def install(app: Flask) -> None:
    """Add every page of this part."""
    for page in PAGES:
        app.register_blueprint(page)
