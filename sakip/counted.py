"""A number with its English words, which one thing and several do not share."""


def counted(count: int, one: str, several: str) -> str:
    """``1 approval is waiting``, ``0 approvals are waiting``: the number and the words that fit it."""
    return f"{count} {one if count == 1 else several}"
