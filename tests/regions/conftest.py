"""Regions to be founded by the tests of this folder."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from tests.regions.nine_regions import Towns


@pytest.fixture
def towns(session: Session, now: datetime) -> Towns:
    """Regions that are founded when a test first asks for them."""
    return Towns(session, now)
