"""One rule's verdict: plain numbers and words, never a value of a person."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RuleResult:
    """One rule's verdict: the figure seen, the limit it was held against, both plain numbers."""

    gate: str
    suite: str
    rule: str
    severity: str
    figure_name: str
    figure: float
    limit_text: str
    passed: bool

    def sentence(self) -> str:
        """Say the verdict in one line."""
        verdict = "passed" if self.passed else "tripped"
        return f"suite {self.suite}, rule {self.rule} ({self.severity}) {verdict}: {self.figure_name} = {self.figure:g}, limit {self.limit_text}"  # noqa: E501
