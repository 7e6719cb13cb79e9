#!/usr/bin/env bash
# usage: eng/setup.sh [--tests | --e2e]
# Makes this machine able to build and run PPMA Cloud; with --tests also to test it, with --e2e also to test it end to end on a node of
# its own (eng/e2e.sh). Installs only what is missing; says nothing when nothing is.
# Without root it prints the one command that an administrator has to run, and exits 1.
set -euo pipefail
cd "$(dirname "$0")/.."

azurite=tests/Ppma.Testing/azurite
packages=()
dotnet_advice=""

need() { # PACKAGE REASON: note a missing distribution package
    packages+=("$1")
    echo "setup: $1 is missing: $2"
}

stop() { # one clear sentence, then the end
    echo "setup: $*" >&2
    exit 1
}

distribution() {
    local ID=unknown VERSION_ID=""
    # shellcheck disable=SC1091
    [[ -r /etc/os-release ]] && . /etc/os-release
    echo "$ID $VERSION_ID"
}

check_platform() {
    [[ "$(uname -s) $(uname -m)" == "Linux x86_64" ]] ||
        stop "libtorch's CPU package is built for Linux on x86-64; this machine is $(uname -s) on $(uname -m). Use a Linux x86-64 machine, container or virtual machine."
    local glibc
    glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2) || true
    [[ -n "$glibc" && "$(printf '2.34\n%s\n' "$glibc" | sort -V | head -n1)" == 2.34 ]] ||
        stop "TorchSharp's native library needs glibc 2.34 or later, found '${glibc:-none}'. Use Debian 12, Ubuntu 22.04 or later."
}

check_tools() {
    command -v make >/dev/null || need make "runs the project's commands"
    command -v git >/dev/null || need git "names the source revision in records, and the tests list the tracked files with it"
    if ! command -v cc >/dev/null; then
        need gcc "compiles the video decoder's C library (jobs/Ppma.Video/native)"
        need libc6-dev "has the C headers that the decoder's library includes"
    elif ! echo '#include <stdio.h>' | cc -E -x c - >/dev/null 2>&1; then
        need libc6-dev "has the C headers that the decoder's library includes"
    fi
    command -v ffmpeg >/dev/null || need ffmpeg "is the peer that the decode benchmark and some tests compare with"
}

check_libraries() {
    if ! command -v pkg-config >/dev/null; then
        need pkg-config "finds ffmpeg's headers for the build"
    fi
    local library
    for library in avformat avcodec avutil swscale; do
        pkg-config --exists "lib$library" 2>/dev/null || need "lib$library-dev" "ffmpeg's lib$library, which reads and writes video in process"
    done
}

check_dotnet() {
    if command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.'; then
        return
    fi
    local id version
    read -r id version < <(distribution)
    if apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1 || [[ "$id" == ubuntu && "$(printf '24.04\n%s\n' "$version" | sort -V | head -n1)" == 24.04 ]]; then
        need dotnet-sdk-10.0 "builds and runs the project (.NET 10)"
        return
    fi
    command -v curl >/dev/null || need curl "fetches the .NET SDK's installer"
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || need ca-certificates "lets curl and the .NET SDK know whom to trust"
    dotnet_advice="the .NET 10 SDK is missing, and ${id} ${version} has no package of it. Install it for your own user (no root needed) and try again:
    curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0
    export DOTNET_ROOT=\"\$HOME/.dotnet\" PATH=\"\$HOME/.dotnet:\$PATH\"
Other ways: https://learn.microsoft.com/dotnet/core/install/linux"
}

check_node() {
    command -v node >/dev/null || need nodejs "runs Azurite, the blob store that the tests read from"
    command -v npm >/dev/null || need npm "installs Azurite"
}

check_prometheus() {
    command -v promtool >/dev/null || need prometheus "has promtool, which tests the alerts' rules and reads metrics as a server would"
}

check_container_tools() {
    command -v containerd >/dev/null || need containerd "runs the node's containers"
    command -v runc >/dev/null || need runc "starts the node's containers"
    [[ -x /usr/lib/cni/bridge || -x /opt/cni/bin/bridge ]] || need containernetworking-plugins "connects the node's pods"
    command -v iptables >/dev/null || need iptables "leads the node's pods to Services"
    command -v ip >/dev/null || need iproute2 "makes the node's network"
    command -v curl >/dev/null || need curl "asks the node's parts for their health"
    command -v openssl >/dev/null || need openssl "makes the node's certificates"
    command -v pgrep >/dev/null || need procps "finds the node's first process"
    docker info >/dev/null 2>&1 || command -v buildah >/dev/null || need buildah "builds images where no Docker engine answers"
    command -v debootstrap >/dev/null || need debootstrap "makes base images where the official ones cannot be pulled"
}

# Programs are wanted of these packages, not their services.
leave_services_off() {
    [[ -d /run/systemd/system ]] || return 0
    local package
    for package in "${packages[@]}"; do
        case "$package" in
            prometheus | containerd) "$@" systemctl disable --now "$package" >/dev/null 2>&1 || true ;;
        esac
    done
}

install_packages() {
    local command="apt-get update && apt-get install -y --no-install-recommends ${packages[*]}"
    command -v apt-get >/dev/null ||
        stop "this system has no apt-get. Install what the lines above name with your own package manager and try again."
    local -a as_root=()
    if [[ $EUID -ne 0 ]]; then
        sudo -n true 2>/dev/null || stop "root is needed to install these packages. Run this once, then try again:
    sudo sh -c '$command'${dotnet_advice:+
setup: $dotnet_advice}"
        as_root=(sudo -n)
    fi
    echo "setup: installing ${packages[*]} with apt-get"
    local log
    log=$(mktemp)
    if ! { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        stop "apt-get failed (its last lines are above). Mend that, or run by hand: $command"
    fi
    rm -f "$log"
    leave_services_off "${as_root[@]}"
}

check_ffmpeg_version() {
    local major
    major=$(pkg-config --modversion libavformat | cut -d. -f1)
    ((major >= 59 && major <= 61)) ||
        stop "libavformat $(pkg-config --modversion libavformat) is installed; the decoder is written for ffmpeg 5 to 7 (libavformat 59 to 61), as Debian 12 and 13 and Ubuntu 24.04 have it."
}

install_azurite() {
    local installed=$azurite/node_modules/.installed-lock.json
    ! cmp --silent "$azurite/package-lock.json" "$installed" || return 0
    local version
    version=$(node --version)
    [[ "$(printf 'v18\n%s\n' "$version" | sort -V | head -n1)" == v18 ]] ||
        stop "node $version is installed; Azurite, the blob store that the tests read from, needs 18 or later (https://nodejs.org). Where a Docker engine runs, PPMA_TEST_AZURITE=container does without."
    echo "setup: installing Azurite, the blob store that the tests read from, with npm"
    npm ci --prefix "$azurite" --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null ||
        stop "npm could not install Azurite (its messages are above). Mend that, or run by hand: npm ci --prefix $azurite"
    cp "$azurite/package-lock.json" "$installed"
}

with_tests=false with_azurite=false with_e2e=false
case "${1:-}" in
    "") ;;
    --tests) with_tests=true with_azurite=true ;;
    --e2e) with_tests=true with_azurite=true with_e2e=true ;;
    *) stop "'$1' is no option. Usage: eng/setup.sh [--tests | --e2e]" ;;
esac
# Azurite comes as a container image then.
[[ "${PPMA_TEST_AZURITE:-}" != container ]] || with_azurite=false

check_platform
check_tools
check_libraries
check_dotnet
if $with_azurite; then
    check_node
fi
if $with_tests; then
    check_prometheus
fi
if $with_e2e; then
    check_container_tools
fi
if ((${#packages[@]} > 0)); then
    install_packages
fi
if [[ -n "$dotnet_advice" ]]; then
    stop "$dotnet_advice"
fi
check_ffmpeg_version
if $with_azurite; then
    install_azurite
fi
if $with_tests; then
    eng/helm.sh >/dev/null || echo "setup: without helm (the reason is above) the chart's tests are skipped"
    eng/kubernetes.sh >/dev/null || echo "setup: without Kubernetes (the reason is above) the tests that need an API server are skipped"
fi
