"""From the landing zone to the raw store: the contract's reader. Knows one arrival day at a time, and no other."""
