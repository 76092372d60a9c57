#!/bin/sh
# Installs the browsers of the smoke runs where this machine can; where it cannot, says what is missing.
set -eu
missing=""
[ -x /usr/bin/firefox-esr ] || missing="$missing firefox-esr"
[ -x /usr/bin/WebKitWebDriver ] || missing="$missing webkit2gtk-driver"
[ -x /usr/bin/Xvfb ] || missing="$missing xvfb"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
else
  echo "Not installed:$missing. On Debian, as root: apt-get install$missing. What needs them is not run."
fi
