"""The simulator's own reading of the rule catalogue: which rules a document breaks, told without any SQL.

`docs/rules.md` defines the words. Rules of one document are answered here; those across documents need the whole
province (`rule_oracle_across`).
"""

from include.simulation import rule_oracle_families, rule_oracle_persons
from include.simulation.rule_oracle_families import broken_by_family
from include.simulation.rule_oracle_persons import broken_by_person
from include.simulation.rule_reading import Document

FAMILY_PAGE = 0

ERROR_RULES = frozenset([*(f"F{n:02d}" for n in (*range(1, 12), *range(20, 24))), *(f"P{n:02d}" for n in range(1, 13))])
FAMILY_RULES = frozenset([*rule_oracle_families.RULES, "C08", "C10", "C13"])
PERSON_RULES = frozenset([*rule_oracle_persons.RULES, "N06"])
RULES = FAMILY_RULES | PERSON_RULES


def severity(rule: str) -> str:
    """`error` holds the document, `warning` holds nothing."""
    return "error" if rule in ERROR_RULES else "warning"


def broken_by(document: Document) -> list[tuple[int, str]]:
    """Person line (FAMILY_PAGE of the document itself) and rule, of each rule that one document alone can break."""
    of_family = [(FAMILY_PAGE, rule) for rule in broken_by_family(document)]
    if document.is_unreached:
        return of_family
    return of_family + [(p.line, rule) for p in document.persons for rule in broken_by_person(p, document)]
