#!/bin/sh
# Makes this checkout ready to run: dependencies and build; with --test also the Debian packages that the suites need.
# It asks nothing and leaves alone what is current.
set -eu
cd "$(dirname "$0")/.."
say() { printf 'ready: %s\n' "$*"; }

# npm writes this file last
installed=node_modules/.package-lock.json
if [ ! -f $installed ] || [ package-lock.json -nt $installed ]; then
  say 'installing the dependencies (npm ci)'
  npm ci --no-audit --no-fund --loglevel=error
fi

# a folder is newer when a file in it was added or removed
built=dist/.built
if [ ! -f $built ] || [ -n "$(find src tsconfig.json package-lock.json scripts/build.mjs -newer $built)" ]; then
  say 'building (npm run build)'
  npm run --silent build
fi

if [ "${1:-}" = --test ]; then
  missing=''
  for need in buildah:buildah podman:podman runc:runc mmdebstrap:mmdebstrap newuidmap:uidmap curl:curl nsenter:util-linux ps:procps; do
    command -v "${need%:*}" >/dev/null || missing="$missing ${need#*:}"
  done
  # the first python3 may be one without numpy; Debian's numpy belongs to Debian's
  for python in python3 /usr/bin/python3; do
    "$python" -c 'import numpy' 2>/dev/null && break
  done || missing="$missing python3-numpy"
  if [ -n "$missing" ]; then
    say "installing what the tests need (apt-get install$missing)"
    if [ "$(id -u)" = 0 ]; then as_root=''
    elif sudo -n true 2>/dev/null; then as_root='sudo -n'
    else
      say "cannot: that needs root; install these and try again:$missing" >&2
      exit 1
    fi
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  fi
fi
