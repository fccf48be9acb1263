"""What the search needs is imported when there is a search: in vLLM's process it comes after the model."""

import subprocess
import sys


def test_generation_does_not_import_the_search_library() -> None:
    program = "import sys, pipelines.generation, generators.mining.lexical; sys.exit('bm25s' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
