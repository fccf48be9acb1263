#!/bin/bash
# A Label Studio server of your own: bench/label_studio.sh FOLDER [PORT]
#
# Installs Label Studio (and Playwright, for the test that clicks) into an environment of its own under FOLDER, about
# 1 GB and three minutes, and starts it on this machine only, with SQLite, at http://127.0.0.1:PORT (8080). Everything
# that people do there lies in FOLDER/data, or in LABEL_STUDIO_DATA. `bench/label_studio.sh FOLDER install` only installs.
#
# The first account is LABEL_STUDIO_USERNAME with LABEL_STUDIO_PASSWORD; LABEL_STUDIO_USER_TOKEN is its token.
set -euo pipefail
folder=$(realpath -m "${1:?give a folder: bench/label_studio.sh FOLDER [PORT]}")
port=${2:-8080}
if [ ! -x "$folder/venv/bin/label-studio" ]; then
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install --quiet "label-studio>=1.23,<2" "playwright>=1.49"
fi
[ "$port" = install ] && exit 0
data=${LABEL_STUDIO_DATA:-$folder/data}
mkdir -p "$data/files"
export LABEL_STUDIO_BASE_DATA_DIR="$data" LABEL_STUDIO_HOST="http://127.0.0.1:$port"
export LABEL_STUDIO_USERNAME="${LABEL_STUDIO_USERNAME:-admin@example.org}"
: "${LABEL_STUDIO_PASSWORD:?choose a password for $LABEL_STUDIO_USERNAME and export it as LABEL_STUDIO_PASSWORD}"
: "${LABEL_STUDIO_USER_TOKEN:?choose a token (openssl rand -hex 20) and export it as LABEL_STUDIO_USER_TOKEN}"
export LABEL_STUDIO_PASSWORD LABEL_STUDIO_USER_TOKEN LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN=true
export LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=true LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT="$data/files"
export LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK=true COLLECT_ANALYTICS=false collect_analytics=false
export SENTRY_DSN= FRONTEND_SENTRY_DSN= LATEST_VERSION_CHECK=false
exec "$folder/venv/bin/label-studio" start --no-browser --internal-host 127.0.0.1 -p "$port" --enable-legacy-api-token
