"""x."""

SOURCES = {}
