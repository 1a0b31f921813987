"""Metadata of Satu Data Indonesia that travel with every snapshot: activity, variables, indicators."""
