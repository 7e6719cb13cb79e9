#!/usr/bin/env bash
# usage: eng/base-images.sh sdk|aspnet|debian
# Makes a base image for eng/images.sh where the official ones cannot be pulled, and prints its name:
#     sdk      this machine's distribution with this machine's .NET SDK, for the build stages
#     aspnet   the same with only the runtime, below the operator
#     debian   the distribution alone, below the worker
# Made with debootstrap from the package sources of this machine, in buildah's store, once for each content: a second call takes a
# second. For trying things on one machine; what is published is built on the official images. Needs root, buildah and debootstrap.
set -euo pipefail
cd "$(dirname "$0")/.."

repository=localhost/ppma-base
bundle=/etc/ssl/certs/ca-certificates.crt

say() { echo "base-images: $*" >&2; }

stop() {
    say "$*"
    exit 1
}

check() {
    [[ $EUID -eq 0 ]] || stop "root is needed (debootstrap makes device files and changes its root)."
    local program
    for program in buildah debootstrap flock; do
        command -v "$program" >/dev/null || stop "there is no $program. On Debian and Ubuntu: apt-get install buildah debootstrap util-linux, or eng/setup.sh --e2e"
    done
    [[ -r $bundle ]] || stop "$bundle is missing. On Debian and Ubuntu: apt-get install ca-certificates"
}

name_of() { # KIND WHAT-IT-IS-MADE-OF...
    local kind=$1
    shift
    echo "$repository/$kind:$({ cat "$0"; printf '%s\n' "$@"; } | sha256sum | cut -c1-12)"
}

exists() { buildah inspect --type image "$1" >/dev/null 2>&1; }

keep() { # CONTAINER NAME: the container becomes the image, whole or not at all
    buildah commit --quiet --rm "$1" "$2" >/dev/null
    say "made $2"
}

# --- the distribution

sources() { # DISTRIBUTION CODENAME: lines "deb ADDRESS SUITE COMPONENTS" of what this machine installs from
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' "Origin: ${1^}" |
        awk -v codename="$2" '$2 ~ "^" codename { key = "deb " $1 " " $2; if (!(key in parts)) order[++n] = key; if (!seen[key, $3]++) parts[key] = parts[key] " " $3 }
            END { for (i = 1; i <= n; i++) print order[i] parts[order[i]] }'
}

debian() {
    local VERSION_CODENAME="" ID=""
    # shellcheck disable=SC1091
    . /etc/os-release
    local list mirror name
    list=$(sources "$ID" "$VERSION_CODENAME")
    mirror=$(awk -v suite="$VERSION_CODENAME" '$3 == suite { print $2; exit }' <<<"$list")
    [[ -n $mirror ]] || stop "apt knows no source of $ID $VERSION_CODENAME. Run apt-get update, and look at /etc/apt/sources.list.d."
    name=$(name_of debian "$list" "$(sha256sum <"$bundle")")
    if ! exists "$name"; then
        local container root
        say "installing $ID $VERSION_CODENAME from $mirror"
        container=$(buildah from scratch)
        root=$(buildah mount "$container")
        debootstrap --variant=minbase --include=ca-certificates,libssl3,libstdc++6,zlib1g "$VERSION_CODENAME" "$root" "$mirror" >"$log" 2>&1 ||
            { buildah rm "$container" >/dev/null; tail -n 20 "$log" >&2; stop "debootstrap failed (its last lines are above)"; }
        # Whom this machine trusts, a build on it has to trust: there may be a proxy between them and the world.
        mkdir -p "$root/usr/local/share/ca-certificates"
        csplit --quiet --elide-empty-files --prefix "$root/usr/local/share/ca-certificates/machine-" --suffix-format %03d.crt "$bundle" \
            '/-----BEGIN CERTIFICATE-----/' '{*}'
        chroot "$root" update-ca-certificates >"$log" 2>&1 || { buildah rm "$container" >/dev/null; stop "update-ca-certificates failed: $(tail -n1 "$log")"; }
        echo "$list" >"$root/etc/apt/sources.list"
        rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/archives/*.deb "$root"/var/log/* "$root"/var/cache/debconf/*-old "$root"/usr/share/{doc,man,locale,info}/*
        find "$root" -xdev -type f -perm /6000 -exec chmod a-s {} +
        buildah config --cmd bash --label org.opencontainers.image.title="$ID $VERSION_CODENAME" "$container"
        keep "$container" "$name"
    fi
    echo "$name"
}

# --- the same with .NET

dotnet_root() {
    local program
    program=$(readlink -f "$(command -v dotnet || true)")
    [[ -x $program ]] || stop "there is no dotnet. eng/setup.sh installs it or says how."
    dirname "$program"
}

with_dotnet() { # KIND FOLDERS-OF-THE-INSTALLATION...
    local kind=$1 source base name container root
    shift
    source=$(dotnet_root)
    base=$(debian)
    name=$(name_of "$kind" "$base" "$(cd "$source" && ls -d sdk/* shared/*/*)" "$*")
    if ! exists "$name"; then
        container=$(buildah from --pull-never "$base")
        root=$(buildah mount "$container")
        mkdir -p "$root/usr/share/dotnet"
        (cd "$source" && cp -a --parents "$@" "$root/usr/share/dotnet/")
        ln -s ../share/dotnet/dotnet "$root/usr/bin/dotnet"
        groupadd --root "$root" --gid 1654 app
        useradd --root "$root" --uid 1654 --gid 1654 --create-home --shell /bin/false app
        buildah config --env APP_UID=1654 --env DOTNET_RUNNING_IN_CONTAINER=true --env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true "$container"
        [[ $kind == sdk ]] || buildah config --user 1654 "$container"
        keep "$container" "$name"
    fi
    echo "$name"
}

check
log=$(mktemp)
trap 'rm -f "$log"' EXIT
exec 8>/var/lock/ppma-base-images
flock 8
case "${1:-}" in
    sdk) with_dotnet sdk dotnet host sdk sdk-manifests packs shared templates ;;
    aspnet) with_dotnet aspnet host shared dotnet ;;
    debian) debian ;;
    *) stop "'${1:-}' is no base image. Usage: eng/base-images.sh sdk|aspnet|debian" ;;
esac
