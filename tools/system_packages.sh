#!/bin/sh
# Installs programs that only this system's own packages have, as root on Debian; elsewhere says what is missing.
# Each word is the program and its package: /usr/bin/chromium=chromium
set -eu
missing=""
for each; do
  [ -x "${each%%=*}" ] || missing="$missing ${each##*=}"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "==> from this system's packages:$missing"
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
else
  echo "Not installed:$missing. On Debian, as root: apt-get install$missing"
  exit 1
fi
