#!/bin/sh
# Makes this checkout ready to run: dependencies and build; with --test also the Debian packages that the suites need.
# It asks nothing and leaves alone what is current.
set -eu
cd "$(dirname "$0")/.."
say() { printf 'ready: %s\n' "$*"; }

debian_packages() {
  missing=''
  for need in buildah:buildah podman:podman runc:runc mmdebstrap:mmdebstrap newuidmap:uidmap curl:curl java:default-jre-headless nsenter:util-linux ps:procps zsh:zsh fish:fish chromium:chromium slurmctld:slurm-wlm munged:munge; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "${need%:*}" >/dev/null || missing="$missing ${need#*:}"
  done
  # the first python3 may be one without numpy; Debian's numpy belongs to Debian's
  for python in python3 /usr/bin/python3; do
    "$python" -c 'import numpy' 2>/dev/null && break
  done || missing="$missing python3-numpy"
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
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
}

# a client is generated for Python; the fuzzer is written in it
python_packages() {
  if [ ! -f .venv/.installed ] || [ test/contract/requirements.txt -nt .venv/.installed ]; then
    say 'installing what a client for Python needs (pip install)'
    python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check -r test/contract/requirements.txt
    : > .venv/.installed
  fi
}

# what is fetched and what is built go on beside each other; whatever of it fails, none outlives this script
system='' build=''
trap wait EXIT
if [ "${1:-}" = --test ]; then
  { debian_packages; python_packages; } & system=$!
fi

# npm writes this file last
installed=node_modules/.package-lock.json
if [ ! -f $installed ] || [ package-lock.json -nt $installed ]; then
  say 'installing the dependencies (npm ci)'
  npm ci --no-audit --no-fund --loglevel=error
fi

# a folder is newer when a file in it was added or removed
built=dist/.built
if [ ! -f $built ] || [ -n "$(find src tsconfig.json package-lock.json openapi.yaml scripts/build.mjs scripts/reader.mjs -newer $built)" ]; then
  say 'building (npm run build)'
  npm run --silent build & build=$!
fi

if [ -n "$system" ]; then
  wait "$system"
  generator=node_modules/@openapitools/openapi-generator-cli/versions
  if [ -z "$(find $generator -name '*.jar' 2>/dev/null)" ]; then
    say 'fetching the generator of clients (openapi-generator-cli)'
    npm exec --no -- openapi-generator-cli --openapitools test/contract/openapitools.json version >/dev/null
  fi
fi
[ -z "$build" ] || wait "$build"
