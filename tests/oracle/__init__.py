"""A second reading of the docs: the marts of progress, targeting and shocks in plain Python, from the landing zone on.

Nothing here reads the warehouse or shares SQL with it. Which document speaks for a family is told by the simulator's
own oracle (``_truth``); weights, eligibility rules and holidays are data (seeds).
"""
