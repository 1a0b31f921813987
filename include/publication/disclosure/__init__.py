"""Counts by an attribute, released so that nobody can work out a small one (docs/adr/0014)."""
