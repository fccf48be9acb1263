"""The commands: each parses its options, calls one stage and says what came of it."""
