"""One module a relation: RELATION, RULES' figures as one SQL row, and the suite that judges them."""
