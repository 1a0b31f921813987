"""A synthetic province that speaks the upload contract in full. Nobody in it exists."""

from include.simulation.plan import Plan, Summary
from include.simulation.province import simulate

__all__ = ["Plan", "Summary", "simulate"]
