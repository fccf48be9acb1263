"""The scripts here run in the environment that `setup.sh` makes; they are no tests of this one."""

collect_ignore_glob = ["read_*.py", "kernels.py", "towers.py"]
