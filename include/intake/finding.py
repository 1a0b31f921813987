"""What intake finds wrong, in the contract's words. A finding names the place and the reason, never a value."""

from dataclasses import dataclass

# Findings that reject nothing; every other reason is one of the contract's.
BUNDLE_WARNINGS = ("UNKNOWN_COLUMN", "FUTURE_VISIT_DAY")
EXPORT_WARNINGS = ("UNKNOWN_COLUMN", "UNKNOWN_VALUE", "TOOL_ERROR", "IN_REVIEW")
WARNINGS = tuple(dict.fromkeys((*BUNDLE_WARNINGS, *EXPORT_WARNINGS)))


@dataclass(frozen=True)
class Finding:
    """One structural finding. ``reason`` is a bundle reason of the contract, or one of ``WARNINGS``.

    ``row_number`` counts data rows from 1. ``detail`` says what to look at, without any value of a person.
    """

    reason: str
    member: str | None = None
    row_number: int | None = None
    detail: str | None = None


class BundleRejected(Exception):  # noqa: N818 - named as the contract names the outcome
    """Reading cannot go on; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        """Keep the finding for the ledger."""
        super().__init__(finding.reason)
        self.finding = finding
