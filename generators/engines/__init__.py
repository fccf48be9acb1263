"""Engines: requests in, completions or failures out. `catalog.open_engine` opens one by its spec."""
