"""Weights of the welfare score, fitted from a consumption survey (docs/pmt_fitting.md)."""
