#!/usr/bin/env bash
# Runs the tests of every npm workspace. What failed is said once more at the end, where somebody looks for it in a long log.
set -uo pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT
npm test --workspaces --if-present 2>&1 | tee "$log" && exit
echo "==> Failed:"
grep -aE -A 1 '(^|[^[:alnum:]])FAIL[^[:alnum:]]|has exceeded|npm error command sh' "$log" | awk '!seen[$0]++' | cut -c 1-200 | tail -n 20
exit 1
