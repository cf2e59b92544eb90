#!/bin/sh
# Sees to it that tests have the programs they run: two browsers, nginx, PostgreSQL. Installs
# Debian's or Ubuntu's own where that can be done without asking, and otherwise says what is
# missing. It takes no time when they are there.
set -eu

have() {
  for name in "$@"; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

missing=
have "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome ||
  missing="chromium"
have "${FIREFOX:-}" firefox-esr firefox firefox-developer-edition firefox-nightly ||
  missing="$missing firefox-esr"
have "${NGINX:-}" nginx /usr/sbin/nginx ||
  missing="$missing nginx-light"
# Debian keeps these off the PATH.
have postgres || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 ||
  missing="$missing postgresql"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests:$(printf ' %s' $missing)"
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  # shellcheck disable=SC2086 # one word a package
  if { apt-get -qq update && apt-get -qq install --yes --no-install-recommends $missing; } \
    >"$log" 2>&1; then
    exit 0
  fi
  cat "$log" >&2
fi

cat >&2 <<EOT
The tests need Chromium, Firefox, nginx and PostgreSQL, and these were not found:$(printf ' %s' $missing)
  Debian, Ubuntu:  sudo apt-get install $(echo $missing)
  elsewhere:       install them; CHROMIUM, FIREFOX and NGINX may say where they are, and
                   PostgreSQL's programs have to be on the PATH
EOT
exit 1
