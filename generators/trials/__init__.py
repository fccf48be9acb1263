"""Trials: what an engine shows about a question that the code checks let through."""
