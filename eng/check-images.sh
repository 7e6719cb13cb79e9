#!/usr/bin/env bash
# usage: eng/check-images.sh [operator] [worker]
# Checks the images that eng/images.sh built: as whom and what they run, what they say of themselves, that they start with a read-only
# root, no network and no rights, that no program in them may raise its rights, and that code and libtorch are layers apart.
# Runs them with docker where an engine has them, else with runc (as root).
set -euo pipefail
cd "$(dirname "$0")/.."

failures=0

say() { echo "check-images: $*"; }

expect() { # WHAT EXPECTED FOUND
    if [[ $3 == "$2" ]]; then
        say "ok      $1"
    else
        say "FAILED  $1: expected '$2', found '$3'"
        ((++failures))
    fi
}

expect_like() { # WHAT PATTERN FOUND
    if [[ $3 =~ $2 ]]; then
        say "ok      $1: ${3%%$'\n'*}"
    else
        say "FAILED  $1: expected something like '$2', found '$3'"
        ((++failures))
    fi
}

# --- from the archive

file_of() { tar -xOf "$archive" "$1"; }

configuration() { jq -r "$1" <<<"$configuration"; }

layers() { jq -r '.[0].Layers[]' < <(file_of manifest.json); }

check_configuration() { # NAME ENTRYPOINT PORT
    expect "$1: user" 1654:1654 "$(configuration .config.User)"
    expect "$1: entry point" "$2" "$(configuration '.config.Entrypoint | join(" ")')"
    expect "$1: port" "$3/tcp" "$(configuration '.config.ExposedPorts | keys[-1]')"
    expect "$1: no diagnostics socket" DOTNET_EnableDiagnostics=0 "$(configuration '.config.Env[]' | grep ^DOTNET_EnableDiagnostics || true)"
    expect "$1: licence" Apache-2.0 "$(configuration '.config.Labels["org.opencontainers.image.licenses"]')"
    expect "$1: version" "$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)" "$(configuration '.config.Labels["org.opencontainers.image.version"]')"
    expect_like "$1: revision" '^[0-9a-f]{40}(-dirty)?$' "$(configuration '.config.Labels["org.opencontainers.image.revision"]')"
    expect_like "$1: source" . "$(configuration '.config.Labels["org.opencontainers.image.source"]')"
}

check_layers() { # a commit changes the last layer of files, and that one is small
    local layer torch="" ours="" names
    while read -r layer; do
        names=$(file_of "$layer" | tar -t)
        ! grep -q '^app/libtorch_cpu\.so$' <<<"$names" || torch=$layer
        ! grep -q '^app/ppma-worker\.dll$' <<<"$names" || ours=$layer
        ! { grep -q '^app/libtorch' <<<"$names" && grep -q '^app/[Pp]pma' <<<"$names"; } || torch="the layer of our own files"
    done < <(layers)
    expect_like "worker: libtorch in a layer of its own" '\.tar$|^blobs/' "$torch"
    expect_like "worker: megabytes that a commit pushes, at most 10" '^([0-9]|10)$' "$(($(file_of "$ours" | wc -c) / 1000000))"
}

# --- running

run() { # IMAGE ARGUMENTS...: the way a restricted pod would; prints what it says
    local image=$1
    shift
    if [[ $engine == docker ]]; then
        docker run --rm --read-only --network none --cap-drop ALL --security-opt no-new-privileges "$image" "$@" 2>&1 || true
        return
    fi
    jq --argjson entrypoint "$(configuration '.config.Entrypoint | tojson')" --argjson environment "$(configuration '.config.Env | tojson')" --arg root "$root" \
        --argjson arguments "$(printf '%s\n' "$@" | jq --raw-input . | jq --slurp .)" '
        .process.terminal = false | .process.args = $entrypoint + $arguments | .process.env = $environment
        | .process.user = {uid: 1654, gid: 1654} | .process.noNewPrivileges = true
        | .process.capabilities = {bounding: [], effective: [], permitted: []} | .root = {path: $root, readonly: true}' \
        "$work/spec.json" >"$work/config.json"
    runc --root "$work/runc" run --bundle "$work" "ppma-check-$$" 2>&1 </dev/null || true
}

open_root() { # IMAGE: its files at $root
    if [[ $engine == docker ]]; then
        root=""
        return
    fi
    container=$(buildah from --pull-never "$1")
    root=$(buildah mount "$container")
    rm -f "$work/config.json"
    runc spec --bundle "$work"
    mv "$work/config.json" "$work/spec.json"
}

close_root() {
    [[ -z $container ]] || buildah rm "$container" >/dev/null
    container=""
}

raising() { # IMAGE: programs that would run as somebody else
    if [[ $engine == docker ]]; then
        local exported
        exported=$(docker create "$1")
        docker export "$exported" | tar -tv | awk '$1 ~ /^-..[sS]|^-.....[sS]/ { print $NF }'
        docker rm "$exported" >/dev/null
    else
        find "$root" -xdev -type f -perm /6000 -printf '/%P\n'
    fi
}

check() { # NAME ENTRYPOINT PORT VERSION-PATTERN USAGE-PATTERN
    local name=$1 image
    archive=artifacts/images/$name.tar
    [[ -r $archive ]] || { say "there is no $archive; run eng/images.sh $name" >&2; exit 1; }
    # By its id: another clone on this machine may have taken the tag since.
    image=$(jq -r '.[0].Config' < <(file_of manifest.json))
    configuration=$(file_of "$image")
    image=${image##*/} image=${image%.json}
    check_configuration "$name" "$2" "$3"
    engine=buildah
    ! docker image inspect "$image" >/dev/null 2>&1 || engine=docker
    open_root "$image"
    expect_like "$name: starts with a read-only root" "$4" "$(run "$image" --version)"
    expect_like "$name: says how it is used" "$5" "$(run "$image" --help)"
    expect "$name: programs that may raise their rights" "" "$(raising "$image")"
    [[ $name != worker ]] || check_layers
    close_root
}

command -v jq >/dev/null || { say "there is no jq. On Debian and Ubuntu: apt-get install jq" >&2; exit 1; }
work=$(mktemp -d) container=""
trap 'close_root; rm -rf "$work"' EXIT
images=("$@")
((${#images[@]} > 0)) || images=(operator worker)
for image in "${images[@]}"; do
    case $image in
        operator) check operator /app/ppma-operator 8080 '^ppma-operator [0-9.]+\+[0-9a-f]{40}' ^usage ;;
        worker) check worker "/usr/bin/tini -- /app/ppma-worker" 9464 '^ppma-worker [0-9.]+\+[0-9a-f]{40}.*libtorch 2\.10.*FFmpeg [5-7]\.' ^usage ;;
        *) say "'$image' is no image. Usage: eng/check-images.sh [operator] [worker]" >&2; exit 1 ;;
    esac
done
((failures == 0)) || { say "$failures failed" >&2; exit 1; }
