#!/usr/bin/env bash
# usage: eng/kubernetes.sh [--with-scheduler | --with-node] [--cached]
# Gets etcd, kube-apiserver and kube-controller-manager for tests and prints the folder that they are in, which is what
# KUBEBUILDER_ASSETS means to them; with --with-node also the scheduler, kubelet and kube-proxy that eng/node.sh needs,
# and kubectl where the PATH has none:
#     export KUBEBUILDER_ASSETS=$(eng/kubernetes.sh)
# In order: KUBEBUILDER_ASSETS where it has them all; what an earlier call left in the cache; the official release, against its
# published checksums; on Debian 12, Kubernetes 1.20.2 built from the distribution's source package (about six minutes on two cores,
# once). Needs no root and installs nothing: all is below ${XDG_CACHE_HOME:-~/.cache}/ppma/kubernetes, and may be deleted.
# --cached looks and gets nothing. Where it fails, the last line on stderr is the reason.
set -euo pipefail

release=v1.34.1
etcd_release=v3.6.4
debian_release=v1.20.2

programs=(etcd kube-apiserver kube-controller-manager)
cached_only=false
for argument in "$@"; do
    case "$argument" in
        --with-scheduler) programs+=(kube-scheduler) ;;
        --with-node)
            programs+=(kube-scheduler kubelet kube-proxy)
            command -v kubectl >/dev/null || programs+=(kubectl)
            ;;
        --cached) cached_only=true ;;
        *) echo "kubernetes: '$argument' is no option. Usage: eng/kubernetes.sh [--with-scheduler | --with-node] [--cached]" >&2; exit 2 ;;
    esac
done

cache=${XDG_CACHE_HOME:-$HOME/.cache}/ppma/kubernetes

say() { echo "kubernetes: $*" >&2; }

missing() { # FOLDER: the programs that it lacks, one a line
    local program
    for program in "${programs[@]}"; do
        [[ -x "$1/$program" ]] || echo "$program"
    done
}

finish_if_complete() { # FOLDER
    [[ -z $(missing "$1") ]] || return 0
    echo "$1"
    exit 0
}

keep() { # FILE FOLDER/PROGRAM: a program gets its name only when it is whole and runs
    chmod +x "$1"
    "$1" --version >/dev/null 2>&1 || "$1" version --client >/dev/null || return 1 # kubectl has it as a verb
    mv -f "$1" "$2"
}

# --- the official release

fetch() { # ADDRESS FILE
    curl --fail --silent --show-error --location --connect-timeout 5 --speed-limit 10000 --speed-time 30 --output "$2" "$1" 2>"$work/curl.log"
}

from_release() {
    local folder=$cache/$release program base archive
    why="the official release cannot be had"
    command -v curl >/dev/null || { why+=" (there is no curl)"; return 1; }
    mkdir -p "$folder"
    for program in $(missing "$folder"); do
        say "getting $program of the official release"
        if [[ $program == etcd ]]; then
            base=https://github.com/etcd-io/etcd/releases/download/$etcd_release archive=etcd-$etcd_release-linux-amd64.tar.gz
            fetch "$base/SHA256SUMS" "$work/sums" && fetch "$base/$archive" "$work/$archive" || { why+=" ($(tail -n1 "$work/curl.log"))"; return 1; }
            (cd "$work" && grep -F " $archive" sums | sha256sum --check --status) || { why+=" ($archive is not what $base/SHA256SUMS says)"; return 1; }
            tar -xzf "$work/$archive" -C "$work" --strip-components=1 "${archive%.tar.gz}/etcd"
        else
            base=https://dl.k8s.io/release/$release/bin/linux/amd64/$program
            fetch "$base.sha256" "$work/sum" && fetch "$base" "$work/$program" || { why+=" ($(tail -n1 "$work/curl.log"))"; return 1; }
            echo "$(<"$work/sum")  $work/$program" | sha256sum --check --status || { why+=" ($program is not what $base.sha256 says)"; return 1; }
        fi
        keep "$work/$program" "$folder/$program" || { why+=" ($program does not run here)"; return 1; }
    done
}

# --- Debian's source package

# apt's ordinary client with lists, cache and sources of its own: source packages are not in every machine's sources, and the
# machine's stay as they are. Signatures are checked as always.
private_apt() {
    apt-get -qq -o "Dir::Etc::SourceList=$work/sources.list" -o "Dir::Etc::SourceParts=$work/sources.list.d" \
        -o "Dir::State=$work/state" -o Dir::State::Status=/var/lib/dpkg/status -o "Dir::Cache=$work/cache" \
        -o "APT::Sandbox::User=$(id -un)" "$@"
}

debian_sources() { # the machine's own mirrors of this Debian, sources too
    local file
    mkdir -p "$work/sources.list.d" "$work/state/lists/partial" "$work/cache/archives/partial"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ ! -r $file ]] || sed -nE "/^deb (\[.*\] )?\S*debian\S* $1/{p;s/^deb /deb-src /p}" "$file"
    done >"$work/sources.list"
    for file in /etc/apt/sources.list.d/*.sources; do
        [[ ! -r $file ]] || awk -v RS= -v ORS='\n\n' -v suite="$1" '/(^|\n)URIs:[^\n]*debian/ && $0 ~ "(^|\n)Suites:[^\n]*" suite' "$file" |
            sed 's/^Types:.*/Types: deb deb-src/' >"$work/sources.list.d/$(basename "$file")"
    done
}

generate_openapi() { # what upstream's make would: the API server does not compile without
    local marked=(grep -rl --include='*.go' '+k8s:openapi-gen=' pkg cmd plugin staging/src/k8s.io) packages
    packages=$("${marked[@]}" | grep -vE '/(testdata|_examples)/|^staging/src/k8s.io/(code-generator|sample-)' | xargs -n1 dirname | sort -u |
        sed 's#^staging/src/#vendor/#; s#^#k8s.io/kubernetes/#' | paste -sd,)
    go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
    "$work/openapi-gen" -i "$packages" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
        -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r "$work/violations"
}

build_with_go() { # FOLDER, in the source's root
    local program package flags="-s -w"
    for package in component-base/version client-go/pkg/version; do
        flags+=" -X k8s.io/kubernetes/vendor/k8s.io/$package.gitVersion=$debian_release"
        flags+=" -X k8s.io/kubernetes/vendor/k8s.io/$package.gitMajor=1 -X k8s.io/kubernetes/vendor/k8s.io/$package.gitMinor=20"
    done
    for program in $(missing "$1"); do
        say "building $program"
        go build -trimpath -ldflags "$flags" -o "$work/$program" "./cmd/$program"
        keep "$work/$program" "$1/$program"
    done
}

from_debian() {
    local folder=$cache/$debian_release source ID="" VERSION_CODENAME="" log=$cache/build.log
    # shellcheck disable=SC1091
    [[ ! -r /etc/os-release ]] || . /etc/os-release
    [[ $ID == debian && $VERSION_CODENAME == bookworm ]] || { why+=", and only Debian 12 has a source package to build from"; return 1; }
    mkdir -p "$folder"
    say "$why; building Kubernetes $debian_release from Debian's source package (about six minutes on two cores, once; log: $log)"
    # In a subshell of its own, so that the first failure ends it: set -e does not reach into a function that is asked for its success.
    local code
    : >"$log"
    set +e
    (
        set -e
        debian_sources "$VERSION_CODENAME"
        cd "$work"
        private_apt update
        # Not only to save root: the compiler would stay on the machine.
        private_apt download golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev etcd-server
        for package in ./*.deb; do dpkg -x "$package" root; done
        [[ -x $folder/etcd ]] || keep root/usr/bin/etcd "$folder/etcd"

        private_apt source --download-only kubernetes
        source=$work/gopath/src/k8s.io/kubernetes
        mkdir -p "$source"
        tar -xzf kubernetes_1.20.5+really1.20.2.orig.tar.gz -C "$source" --strip-components=1
        cd "$source"
        # The vendored version crashes on the first custom resource when it is built with Go 1.18 or later.
        rm -r vendor/github.com/modern-go/reflect2
        cp -r "$work/root/usr/share/gocode/src/github.com/modern-go/reflect2" vendor/github.com/modern-go/
        export GOROOT=$work/root/usr/lib/go-1.19 PATH=$work/root/usr/lib/go-1.19/bin:$PATH
        export GOPATH=$work/gopath GOCACHE=$cache/go-build GOFLAGS='' GO111MODULE=off CGO_ENABLED=0
        generate_openapi
        build_with_go "$folder"
    ) >>"$log" 2> >(tee -a "$log" | grep --line-buffered '^kubernetes: ' >&2)
    code=$?
    set -e
    ((code == 0)) || { why+=", and the build from Debian's source failed ($(tail -n1 "$log"); all of it: $log)"; return 1; }
    # 1.5 GB that only a build that was cut short would have used again.
    rm -rf "$cache/go-build"
}

# --- which it is

[[ -z ${KUBEBUILDER_ASSETS:-} ]] || finish_if_complete "$KUBEBUILDER_ASSETS"
finish_if_complete "$cache/$release"
finish_if_complete "$cache/$debian_release"
if $cached_only; then
    cat "$cache/why-not" >&2 2>/dev/null || say "it is not there; get it with eng/kubernetes.sh"
    exit 1
fi
[[ "$(uname -s) $(uname -m)" == "Linux x86_64" ]] || { say "there are programs for Linux on x86-64 only; this is $(uname -s) on $(uname -m)"; exit 1; }

mkdir -p "$cache"
exec 9>"$cache/lock"
flock --nonblock 9 || { say "another process is getting it; waiting for that"; flock 9; }
finish_if_complete "$cache/$release"
finish_if_complete "$cache/$debian_release"

work=$(mktemp -d "$cache/.work-XXXXXX")
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
why=""
if from_release; then
    finish_if_complete "$cache/$release"
elif from_debian; then
    finish_if_complete "$cache/$debian_release"
fi
say "$why" 2>&1 | tee "$cache/why-not" >&2
exit 1
