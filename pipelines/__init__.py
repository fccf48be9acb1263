"""The stages: thin Beam transforms around the pure functions, the workspace, export formats, the command line."""
