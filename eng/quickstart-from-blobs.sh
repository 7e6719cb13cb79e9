#!/usr/bin/env bash
# usage: eng/quickstart-from-blobs.sh FOLDER [MANIFESTS]
# Packs rendered videos twice, into a folder and into an Azurite of its own, runs the manifests (examples/quickstart) from both,
# and compares: data sets, loss curves and results have to be the same to the last byte. FOLDER gets everything.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
configuration=${CONFIGURATION:-Release}
ppma="$root/jobs/Ppma.Cli/bin/$configuration/net10.0/ppma"
sets=(context synthetic actions)

stop() {
    echo "quickstart-from-blobs: $*" >&2
    exit 1
}

unpack() { # SET: its videos in a folder, and a list "path;label" for each split
    local from="rendered/$1" to="videos/$1"
    mkdir -p "$to" lists
    for shard in "$from"/*.tar; do
        tar -xf "$shard" -C "$to"
    done
    "$ppma" dataset ls "$from" | sed -n 's/^classes  *[0-9]*: //p' | sed 's/, /\n/g' >"lists/$1.classes"
    for split in $("$ppma" dataset ls "$from" | sed -n 's/^split  *\([a-z]*\):.*/\1/p'); do
        (cd "$to" && grep -o '"label":[0-9]*' "$1-$split"-*.json) | sed 's/\.json:"label":/.mp4;/' >"lists/$1-$split.txt"
    done
    rm "$to"/*.json
}

pack() { # SET OUT [OPTION...]
    local set=$1 out=$2 humans=Synthetic lists=()
    shift 2
    [[ "$set" == context ]] && humans=Removed
    for list in lists/"$set"-*.txt; do
        lists+=(--list "$list:$(basename "$list" .txt | sed "s/^$set-//")")
    done
    "$ppma" dataset pack "videos/$set" --out "$out" --name "$set" --humans "$humans" --licence CC0-1.0 --classes "lists/$set.classes" "${lists[@]}" "$@"
}

compare() { # what must be equal in both runs
    local different=0 files=0 file
    while read -r file; do
        files=$((files + 1))
        cmp "runs-files/$file" "runs-blobs/$file" || different=1
    done < <(cd runs-files && find . -name curve.jsonl -o -name '*.safetensors' | sort)
    ((files > 0)) || stop "the runs left no curves to compare"
    # The report's first table has the results; another one has seconds.
    for runs in runs-files runs-blobs; do
        awk '/^\|/ { table = 1; print } table && !/^\|/ { exit }' "$runs/report.md" >"$runs.table"
    done
    cmp runs-files.table runs-blobs.table || different=1
    ((different == 0)) || stop "the run from blobs is another one than the run from files"
    echo "$files curves and models are the same to the last byte, and so is the table:"
    cat runs-blobs.table
}

if [[ "${1:-}" != --inside ]]; then
    (($# >= 1)) || stop "usage: eng/quickstart-from-blobs.sh FOLDER [MANIFESTS]"
    mkdir -p "$1"
    manifests=$(realpath "${2:-$root/examples/quickstart}")
    cd "$1"
    [[ -d rendered ]] || "$ppma" dataset synth --out rendered
    for set in "${sets[@]}"; do
        [[ -d "videos/$set" ]] || unpack "$set"
        pack "$set" "files/$set"
    done
    "$ppma" run -f "$manifests" --data files --out runs-files
    exec "$root/tests/Ppma.Testing/bin/$configuration/net10.0/Ppma.Testing" azurite "$(IFS=,; echo "${sets[*]}")" "$root/eng/quickstart-from-blobs.sh" --inside "$manifests"
fi

# Beside Azurite, in the folder.
manifests=$2
mkdir -p credentials/storage manifests cache
(umask 077 && printf '%s' "$AZURITE_CONNECTION_STRING" >credentials/storage/connection)
for set in "${sets[@]}"; do
    pack "$set" "$AZURITE_BLOBS/$set/packed" --credentials credentials/storage/connection
    cmp <("$ppma" dataset ls "files/$set" | grep ^digest) <("$ppma" dataset ls "$AZURITE_BLOBS/$set/packed" --credentials credentials/storage/connection | grep ^digest) ||
        stop "the data set '$set' packed into blobs has another digest than the one in files"
done
for manifest in "$manifests"/*.yaml; do
    sed "s|uri: file:\(.*\)|uri: $AZURITE_BLOBS/\1/packed\n  credentials: {secret: {name: storage, key: connection}}|" "$manifest" >"manifests/$(basename "$manifest")"
done
"$ppma" run -f manifests --out runs-blobs --cache cache --cache-bytes 1GiB --credentials credentials
compare
