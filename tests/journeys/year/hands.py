"""What somebody does with a page, whatever shows it: addresses, fields, buttons and links by the names they have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Hands(Protocol):
    """Somebody in front of one page at a time. Every call that finds nothing of the name fails the test."""

    def sign_in(self, token: str) -> None:
        """From now on the pages are those of whoever has this session."""

    def open(self, address: str) -> None:
        """Go to an address without its host; anything but a page that is there fails."""

    def fill(self, field: str, value: str) -> None:
        """Type into a field or choose from a list (its value or words), by the field's name, otherwise by its label."""

    def choose(self, choices: Mapping[str, str | bool]) -> None:
        """Many at once, by name: radios by their value, boxes by True or False, anything else as typed."""

    def press(self, button: str) -> None:
        """Press the first button of these words and see the page that comes."""

    def follow(self, link: str) -> None:
        """Follow the first link of these words."""

    def has(self, button: str) -> bool:
        """Whether there is a button of these words."""

    def fields(self) -> list[str]:
        """The names of the fields of the page's forms, in order, each once."""

    def options(self, field: str) -> dict[str, str]:
        """What a list offers: words to values."""

    @property
    def heading(self) -> str:
        """The heading of the page."""

    @property
    def text(self) -> str:
        """Everything the page says, on one line."""

    @property
    def address(self) -> str:
        """Where one is, without host."""
