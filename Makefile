# One gate for people, pre-commit and CI.
.PHONY: check test lint types layers docs

check: lint types layers test

lint:
	uv run ruff format --check .
	uv run ruff check .

types:
	uv run mypy

layers:
	uv run lint-imports

test:
	uv run pytest
