"""What publishing would do and has done, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from engine.definitions.problems import Problem
from engine.errors import DefinitionError
from engine.publishing.kinds import Built

Model = TypeVar("Model", bound=Built)


@dataclass(frozen=True, slots=True)
class Proposal(Generic[Model]):
    """What publishing would do. ``failures`` are what ``prove`` found; ``number`` the version would get or has.

    ``replaces`` is the digest that counts now, or None; ``is_known`` tells whether this text was published before.
    ``is_change`` tells that cases of the region take another version so far: then it needs a second person.
    """

    case_type: str
    region_id: int | None
    definition: Model | None
    problems: tuple[Problem, ...]
    failures: tuple[Any, ...]
    number: int
    replaces: str | None
    is_known: bool
    is_change: bool

    @property
    def is_good(self) -> bool:
        """Whether it may be published: no finding of level error and every scenario passes."""
        return self.definition is not None and not self.failures and not any(one.is_error for one in self.problems)

    @property
    def changes_nothing(self) -> bool:
        """Whether this very text already counts."""
        return self.definition is not None and self.definition.digest == self.replaces

    @property
    def needs_two(self) -> bool:
        """Whether publishing it takes a second person."""
        return self.is_change and not self.changes_nothing


@dataclass(frozen=True, slots=True)
class Published:
    """A version that counts. ``is_new`` is False when the same text counted already and nothing was written."""

    digest: str
    number: int
    version: str
    is_new: bool


class NotPublishable(DefinitionError):
    """The definition has errors or a scenario fails; ``proposal`` says which."""

    def __init__(self, proposal: Proposal[Any]) -> None:
        errors = sum(problem.is_error for problem in proposal.problems)
        super().__init__(
            f"'{proposal.case_type}' cannot be published: {errors} findings of level error, "
            f"{len(proposal.failures)} failed scenarios."
        )
        self.proposal = proposal
