"""The pages of performance accountability; `install` is all the application knows of them."""

from __future__ import annotations

from flask import Blueprint, Flask

from web.performance import agreement_document, tree, tree_draft, tree_edit, tree_link, tree_paste, whatif

__all__ = ["PAGES", "agreement_document", "install"]

PAGES: tuple[Blueprint, ...] = (whatif.bp, tree.bp, tree_draft.bp, tree_edit.bp, tree_link.bp, tree_paste.bp)


def install(app: Flask) -> None:
    """Add every page of this part."""
    for page in PAGES:
        app.register_blueprint(page)
