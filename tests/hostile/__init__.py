"""Hostile bundles: each one broken thing, with the first reason it must be rejected for, or what it is warned of."""
