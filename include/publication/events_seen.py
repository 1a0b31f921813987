"""Events come at any hour: what a publication was made from is compared with what is true when it becomes live."""

from collections.abc import Callable
from dataclasses import dataclass, field


class OvertakenError(RuntimeError):
    """What a publication was made from changed while it was made. Made anew, it holds both; nothing is wrong."""


@dataclass(frozen=True)
class EventsSeen:
    """Digests of the raw events by partition: those the marts were built with, and how to ask for today's."""

    built_with: dict[str, str] = field(default_factory=dict)
    on_file: Callable[[], dict[str, str]] = dict

    def require_current(self) -> None:
        """Let pass marts that know every event on file.

        Raises:
            OvertakenError: an event came, changed or went since they were built.
        """
        if self.on_file() != self.built_with:
            raise OvertakenError("an event came, changed or went since the marts were built")
