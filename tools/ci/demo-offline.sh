#!/usr/bin/env bash
# The demo as a newcomer runs it: a clean clone, no `npm install`, and no network but the loopback.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
git clone --quiet --no-local . "$folder/modelway"
cd "$folder/modelway"
test ! -e node_modules

run='npm run --silent demo -- --out "$PWD/../out"'
if unshare --net true 2>/dev/null; then
  # A network namespace of its own: its only interface is the loopback, which starts down.
  timeout 300 unshare --net bash -c "bash tools/ci/loopback-up.sh && $run"
elif unshare --user --map-root-user --net true 2>/dev/null; then
  timeout 300 unshare --user --map-root-user --net bash -c "bash tools/ci/loopback-up.sh && $run"
else
  echo 'This system allows no network namespace: the demo runs with the network on.' >&2
  [ "${CI:-}" != true ]
  timeout 300 bash -c "$run"
fi

for one in good bad; do
  test -s "../out/$one/report.html"
  test -s "../out/$one/comment.md"
  node dist/cli/index.js verify --statements "../out/$one/.modelway" > /dev/null
done
# One changed byte, and the record is refused.
node tools/ci/flip-byte.mjs ../out/good/model/model.json
if node dist/cli/index.js verify --statements ../out/good/.modelway > /dev/null; then
  echo 'verify did not see a changed model file' >&2
  exit 1
fi
