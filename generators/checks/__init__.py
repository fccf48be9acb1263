"""The checks by code: what a question must stand before anyone trusts it. The list is `generators.checks.catalog`."""
