"""How a suite says a rule: a figure, the side its limit stands on, what tripping it means, and an id never reused."""

from collections.abc import Callable

import great_expectations.expectations as gxe
from great_expectations.expectations.metadata_types import FailureSeverity

CRITICAL, WARNING = FailureSeverity.CRITICAL, FailureSeverity.WARNING

Limit = Callable[[str], float]


def at_most(figure: str, limit: Limit, severity: FailureSeverity, rule: str) -> gxe.ExpectColumnMaxToBeBetween:
    """Expect a figure to be no larger than the limit ``<figure>_max``."""
    return gxe.ExpectColumnMaxToBeBetween(
        column=figure, max_value=limit(f"{figure}_max"), severity=severity, meta={"rule": rule}
    )


def at_least(figure: str, limit: Limit, severity: FailureSeverity, rule: str) -> gxe.ExpectColumnMinToBeBetween:
    """Expect a figure to be no smaller than the limit ``<figure>_min``."""
    return gxe.ExpectColumnMinToBeBetween(
        column=figure, min_value=limit(f"{figure}_min"), severity=severity, meta={"rule": rule}
    )
