"""Parallel Tool Use."""
