#!/usr/bin/env bash
# Do the declared bounds hold? The fast tests with the newest and with the oldest of every dependency.
#
#   tests/dependencies.sh              both
#   tests/dependencies.sh lowest       the oldest alone
#   tests/dependencies.sh newest tests/unit
#
# Each is a copy of the committed tree in a folder of its own: neither lock nor environment changes.
set -euo pipefail
cd "$(git -C "$(dirname "$0")" rev-parse --show-toplevel)"

which="${1:-both}"
shift || true
tests=("$@")
[ ${#tests[@]} -gt 0 ] || tests=(tests -m "not browser and not slow")

tmp="$(mktemp -d)"
trap 'rm -rf "$tmp"' EXIT

with() { # a name, and what uv is told to resolve by
  local name="$1"
  shift
  printf '\n== %s: uv lock %s\n' "$name" "$*"
  mkdir -p "$tmp/$name/tree"
  git archive HEAD | tar -x -C "$tmp/$name/tree"
  (
    cd "$tmp/$name/tree"
    export UV_PROJECT_ENVIRONMENT="$tmp/$name/venv" NUMBA_CACHE_DIR="$tmp/$name/numba"
    # Only what is declared here takes its oldest version; what that needs is resolved as usual.
    uv lock --quiet "$@"
    uv sync --quiet --frozen
    uv run --frozen pytest -q "${tests[@]}" --basetemp="$tmp/$name/pytest"
  )
}

case "$which" in
both | newest) with newest --upgrade ;;&
both | lowest) with lowest --upgrade --resolution lowest-direct ;;
newest) ;;
*)
  echo "expected both, newest or lowest, got $which" >&2
  exit 2
  ;;
esac
