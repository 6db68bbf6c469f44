"""A filter by one of some values; what they are is asked when the page is drawn, in its language and region."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_admin.contrib.sqla.filters import FilterEqual


class Chosen(FilterEqual):
    """``choices`` gives (value, words) pairs; ``convert`` makes the text of the address a value of the column."""

    def __init__(
        self,
        column: Any,
        title: Any,
        choices: Callable[[], Iterable[tuple[object, object]]],
        convert: Callable[[str], Any] = str,
    ) -> None:
        super().__init__(column, "chosen")
        self.column_title = title
        self.choices = choices
        self.convert = convert

    def validate(self, value: str) -> bool:
        """Whether the value is one of the choices; anything else in an address is left out."""
        return value in {str(known) for known, _words in self.choices()}

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:
        """Only rows with the chosen value."""
        return query.filter(self.get_column(alias) == self.convert(value))
