"""One module a relation: RELATION, FIGURES (one SQL row of counts and shares), and the suite that judges them."""
