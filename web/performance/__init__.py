"""The pages of performance accountability; `install` is all the application knows of them."""

from __future__ import annotations

from flask import Blueprint, Flask

from web.performance import agreement_document

__all__ = ["PAGES", "agreement_document", "install"]

PAGES: tuple[Blueprint, ...] = ()


def install(app: Flask) -> None:
    """Add every page of this part."""
    for page in PAGES:
        app.register_blueprint(page)
