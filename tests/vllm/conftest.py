"""The scripts of this folder run in vLLM's environment, and import what is not here."""

collect_ignore = ["asking.py", "declare_operators.py", "vision_model.py"]
