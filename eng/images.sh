#!/usr/bin/env bash
# usage: eng/images.sh [operator] [worker]
# Builds the images (both where none is named) as ppma-cloud/NAME:dev, and for a node artifacts/images/NAME.tar. What has not
# changed since is left as it is. The worker is the one for CPUs; TORCH=cuda makes the one for NVIDIA GPUs.
# With docker where an engine answers, else with buildah (as root). Where the official base images cannot be pulled, on bases that
# eng/base-images.sh makes; PPMA_BASES=official or local says which, and SDK_IMAGE and BASE_IMAGE name others.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=artifacts/images
common=(Directory.Build.props Directory.Packages.props global.json .dockerignore eng/*.targets eng/*.cs eng/*.globalconfig eng/BannedSymbols*.txt)
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
own_limit_mb=80 whole_limit_mb=120 # of the operator: uncompressed, and compressed with its base

say() { echo "images: $*" >&2; }

stop() {
    say "$*"
    exit 1
}

dockerfile() { [[ $1 == operator ]] && echo operator/Dockerfile || echo Dockerfile.gpu; }

# --- with what, and on what

choose_bases() {
    bases=${PPMA_BASES:-}
    if [[ -z $bases ]]; then
        curl --silent --fail --output /dev/null --connect-timeout 5 --max-time 10 https://mcr.microsoft.com/v2/ 2>/dev/null && bases=official || bases=local
    fi
    [[ $bases == official || $bases == local ]] || stop "PPMA_BASES is '$bases'; it is official or local."
}

choose_engine() {
    # Local bases lie in buildah's store.
    if [[ $bases == official ]] && docker info >/dev/null 2>&1; then
        engine=docker
    else
        engine=buildah
        command -v buildah >/dev/null || stop "no Docker engine answers and there is no buildah. On Debian and Ubuntu: apt-get install buildah, or eng/setup.sh --e2e"
        [[ $EUID -eq 0 ]] || stop "no Docker engine answers, and buildah needs root here. Start docker, or run this as root."
    fi
}

base_of() { # NAME: the image below it
    if [[ -n ${BASE_IMAGE:-} ]]; then
        echo "$BASE_IMAGE"
    elif [[ $bases == local ]]; then
        [[ $1 == operator ]] && eng/base-images.sh aspnet || eng/base-images.sh debian
    elif [[ $1 == worker && $torch == cpu ]]; then
        echo docker.io/library/ubuntu:24.04
    else
        sed -n 's/^ARG BASE_IMAGE=//p' "$(dockerfile "$1")"
    fi
}

sdk_image() {
    if [[ -n ${SDK_IMAGE:-} ]]; then
        echo "$SDK_IMAGE"
    elif [[ $bases == local ]]; then
        eng/base-images.sh sdk
    else
        sed -n 's/^ARG SDK_IMAGE=//p' operator/Dockerfile
    fi
}

# --- whether something changed

inputs() { # NAME: the files that it is made from
    local -a sources=(operator/Ppma.Api)
    [[ $1 == operator ]] && sources+=(operator/Ppma.Controllers operator/Ppma.Operator) ||
        sources+=(jobs/Ppma.Datasets jobs/Ppma.Learning jobs/Ppma.Video jobs/Ppma.Worker)
    printf '%s\n' "${common[@]}" "${sources[@]}" "$(dockerfile "$1")"
}

revision() { # NAME: the last commit that changed it
    local -a paths
    mapfile -t paths < <(inputs "$1")
    local commit
    commit=$(git log -1 --format=%H -- "${paths[@]}" 2>/dev/null || true)
    [[ -z $(git status --porcelain -- "${paths[@]}" 2>/dev/null) ]] || commit+=-dirty
    echo "${commit:-unknown}"
}

state() { # NAME WHAT-ELSE...: a hash of all that decides its content
    local name=$1
    shift
    local -a paths
    mapfile -t paths < <(inputs "$name")
    {
        printf '%s\n' "$@"
        git ls-files --cached --others --exclude-standard -z -- "${paths[@]}" | xargs -0 sha256sum 2>/dev/null || true
    } | sha256sum | cut -d' ' -f1
}

# --- building

build() { # NAME SDK BASE REVISION: prints the image's id
    local name=$1 iid
    iid=$(mktemp)
    local -a arguments=(--file "$(dockerfile "$name")" --iidfile "$iid"
        --build-arg "SDK_IMAGE=$2" --build-arg "BASE_IMAGE=$3" --build-arg "REVISION=$4" --build-arg "VERSION=$version"
        --build-arg "SOURCE=$(git config --get remote.origin.url || echo unknown)")
    [[ $name == operator ]] || arguments+=(--build-arg "TORCH=$torch")
    if [[ $engine == docker ]]; then
        DOCKER_BUILDKIT=1 docker build "${arguments[@]}" . >&2
    else
        # One time stamp for all files: what is the same in two builds is then the same layer. The machine's own packages are
        # laid beside, so that nothing is fetched twice.
        local packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
        mkdir -p "$packages"
        buildah build --isolation chroot --layers --format docker --timestamp 0 "${arguments[@]}" \
            --volume "$packages:/nuget:ro" --build-arg NUGET_FALLBACK_PACKAGES=/nuget . >&2
    fi
    cat "$iid"
    rm -f "$iid"
}

save() { # NAME ID: tags and writes the archive, whole or not at all
    local archive=$folder/$1.tar image=docker.io/ppma-cloud/$1:dev
    rm -f "$archive.part"
    if [[ $engine == docker ]]; then
        docker tag "$2" "$image"
        docker save --output "$archive.part" "$image"
    else
        buildah tag "$2" "$image"
        buildah push --quiet "$2" "docker-archive:$archive.part:$image"
    fi
    mv -f "$archive.part" "$archive"
}

make_image() { # NAME
    local name=$1 sdk base revision now log id
    sdk=$(sdk_image) base=$(base_of "$name") revision=$(revision "$name")
    now=$(state "$name" "$sdk" "$base" "$torch" "$version" "$revision")
    if [[ -s $folder/$name.tar && $(cat "$folder/$name.state" 2>/dev/null) == "$now" ]]; then
        say "$name is as it was: $folder/$name.tar"
        return
    fi
    rm -f "$folder/$name.state"
    say "building $name ($engine, on $base)"
    log=$folder/$name.log
    id=$(build "$name" "$sdk" "$base" "$revision" 2>"$log") || { tail -n 30 "$log" >&2; stop "$name could not be built (its last lines are above, all of them in $log)"; }
    save "$name" "$id"
    report "$name" "$base"
    echo "$now" >"$folder/$name.state"
}

# --- sizes

layers_below() { # IMAGE: how many layers it has
    if [[ $engine == docker ]]; then
        docker image inspect --format '{{len .RootFS.Layers}}' "$1"
    else
        buildah inspect --type image --format '{{len .OCIv1.RootFS.DiffIDs}}' "$1"
    fi
}

report() { # NAME BASE: what it weighs; the operator's budget
    local name=$1 archive=$folder/$1.tar own=0 whole=0 count=0 below layer bytes
    below=$(layers_below "$2")
    while read -r layer; do
        bytes=$(tar -xOf "$archive" "$layer" | wc -c)
        ((++count <= below)) || own=$((own + bytes))
        [[ $name != operator ]] || whole=$((whole + $(tar -xOf "$archive" "$layer" | gzip | wc -c)))
    done < <(tar -xOf "$archive" manifest.json | grep -o '"Layers":\[[^]]*\]' | grep -o '"[^",:]*[^"]*"' | tr -d '"' | grep -v '^Layers$')
    own=$(((own + 999999) / 1000000)) whole=$(((whole + 999999) / 1000000))
    if [[ $name == operator ]]; then
        say "$name: own layers $own MB ($own_limit_mb), whole and compressed $whole MB ($whole_limit_mb)"
        ((own <= own_limit_mb && whole <= whole_limit_mb)) || stop "the operator's image is larger than it may be (in brackets)"
    else
        say "$name: own layers $own MB"
    fi
}

torch=${TORCH:-cpu}
[[ $torch == cpu || $torch == cuda ]] || stop "TORCH is '$torch'; it is cpu or cuda."
images=("$@")
((${#images[@]} > 0)) || images=(operator worker)
for image in "${images[@]}"; do
    [[ $image =~ ^(operator|worker)$ ]] || stop "'$image' is no image. Usage: eng/images.sh [operator] [worker]"
done
mkdir -p "$folder"
exec 9>"$folder/.lock"
flock 9
choose_bases
choose_engine
for image in "${images[@]}"; do
    make_image "$image"
done
