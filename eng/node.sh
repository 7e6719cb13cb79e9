#!/usr/bin/env bash
# usage: eng/node.sh check                            says what this machine lacks for a node, and how to get it
#        eng/node.sh run [--name NAME] -- COMMAND...   brings up a Kubernetes node of its own, runs COMMAND inside, takes all of it down
#        eng/node.sh enter NAME COMMAND...            joins a running node, to look around
#   inside a node:
#        eng/node.sh load IMAGE.tar...                imports image archives into its containerd
#        eng/node.sh stop|start|restart PART          etcd kube-apiserver kube-controller-manager kube-scheduler containerd kubelet kube-proxy
#        eng/node.sh logs PART [TAIL_OPTIONS...]      all that it has said, or what tail makes of it (-f, -n 50)
# One real node in network, mount and PID namespaces of its own: etcd, the control plane, containerd, kubelet and kube-proxy with a CNI
# bridge. Whatever ends COMMAND (success, failure, Ctrl-C, kill -9 of this script), the kernel ends every process, mount and link of
# the node with it; its cgroups and its folder are removed right after. Nodes of different names run side by side.
# COMMAND has KUBECONFIG (an administrator's), PPMA_NODE (the node's folder), PPMA_HOST (this machine as pods see it) and a TMPDIR that
# goes with the node. There is no way out of its network, and no cluster DNS: pods reach Services by address only.
# KEEP=1 keeps the node's folder, with every part's log, until the next node of that name.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=eng/node/parts.sh
. "$eng/node/parts.sh"

say() { echo "node: $*" >&2; }
stop_here() { say "$*"; exit 1; }

# --- what it needs

lacks() { # what is missing, one a line
    [[ "$(uname -s) $(uname -m)" == "Linux x86_64" ]] || { echo "a Linux machine on x86-64: this is $(uname -s) on $(uname -m)"; return; }
    ((EUID == 0)) || echo "root: namespaces with bridges and containers need it; run as root, or with sudo --preserve-env"
    local program packages=()
    for program in containerd:containerd ctr:containerd runc:runc iptables:iptables ip:iproute2 openssl:openssl curl:curl cc:gcc \
        unshare:util-linux nsenter:util-linux setpriv:util-linux; do
        command -v "${program%:*}" >/dev/null || packages+=("${program#*:}")
    done
    cni_folder >/dev/null || packages+=(containernetworking-plugins)
    ((${#packages[@]} == 0)) || echo "the packages $(printf '%s\n' "${packages[@]}" | sort -u | xargs): eng/setup.sh --e2e installs them"
    ((EUID != 0)) || ! command -v ip >/dev/null || unshare --net --mount --pid --fork --mount-proc ip link add probe type bridge 2>/dev/null ||
        echo "namespaces: this machine lets root make none, or no bridge in them (a container needs --privileged)"
    [[ $(cgroup_roots) ]] || echo "cgroups: none is mounted below /sys/fs/cgroup that can be written"
}

check() {
    local missing
    missing=$(lacks)
    [[ -z $missing ]] && return
    while IFS= read -r line; do say "missing: $line"; done <<<"$missing"
    return 1
}

# --- outside

folder_of() { echo "${TMPDIR:-/tmp}/ppma-node-$1"; }

is_running() { [[ -r $1/init.pid && -d /proc/$(<"$1/init.pid") ]]; }

cgroup_roots() { # where a node's folder has to be made: each hierarchy of version 1, or the one of version 2
    local hierarchy
    if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
        echo /sys/fs/cgroup
    else
        for hierarchy in /sys/fs/cgroup/*/; do
            [[ ! -w $hierarchy/cgroup.procs || -L ${hierarchy%/} ]] || echo "${hierarchy%/}"
        done
    fi
}

make_cgroups() { # CGROUP: the kubelet wants its root to be there
    local root file
    if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
        mkdir -p "/sys/fs/cgroup$1"
        for file in /sys/fs/cgroup/cgroup.subtree_control "/sys/fs/cgroup$1/cgroup.subtree_control"; do
            for controller in cpuset cpu io memory pids hugetlb; do
                # Not every kernel has each; the kubelet names the one that it misses.
                echo "+$controller" 2>/dev/null >"$file" || true
            done
        done
        return
    fi
    while IFS= read -r root; do
        mkdir -p "$root$1"
        for file in cpuset.cpus cpuset.mems; do
            [[ ! -e $root/$file ]] || cat "$root/$file" >"$root$1/$file"
        done
    done < <(cgroup_roots)
}

remove_leftovers() { # FOLDER CGROUP
    local root tries
    while IFS= read -r root; do
        # The last processes may take a moment to be gone.
        for ((tries = 0; tries < 100; tries++)); do
            [[ -d $root$2 ]] || break
            find "$root$2" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
        done
        [[ ! -d $root$2 ]] || say "could not remove the control group $root$2; its processes: $(cat "$root$2"/cgroup.procs 2>/dev/null | xargs)"
    done < <(cgroup_roots)
    if [[ -n ${KEEP:-} ]]; then
        say "kept: $1 (logs: $1/log)"
        rm -f "$1/init.pid"
    else
        rm -rf "$1"
    fi
}

run() {
    local name=ppma
    while (($#)); do
        case "$1" in
            --name) name=${2:?a name}; shift 2 ;;
            --) shift; break ;;
            *) stop_here "'$1' is no option. Usage: eng/node.sh run [--name NAME] -- COMMAND..." ;;
        esac
    done
    (($#)) || stop_here "no command. Usage: eng/node.sh run [--name NAME] -- COMMAND..."
    [[ $name =~ ^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$ ]] || stop_here "'$name' is no name for a node: up to 32 of a-z, 0-9 and '-'"
    check || exit 1
    KUBE_PROGRAMS=$("$eng/kubernetes.sh" --with-node) || stop_here "no Kubernetes to run (the reason is above)"
    export KUBE_PROGRAMS PATH=$PATH:$KUBE_PROGRAMS

    local folder cgroup=/ppma-node-$name tries
    folder=$(folder_of "$name")
    ! is_running "$folder" || stop_here "a node '$name' is running already (eng/node.sh enter $name ...); take another --name"
    KEEP='' remove_leftovers "$folder" "$cgroup"
    mkdir -m 700 "$folder" # it holds an administrator's keys
    make_cgroups "$cgroup"

    # Its input ends when this script and every process of the node are gone, however that came.
    exec {alive}> >(
        trap '' INT TERM HUP
        cat >/dev/null
        remove_leftovers "$folder" "$cgroup"
    )
    local cleaner=$! node code=0
    export PPMA_NODE=$folder PPMA_NODE_NAME=$name PPMA_NODE_CGROUP=$cgroup
    # A background command would ignore Ctrl-C and have no standard input.
    env --default-signal=INT,QUIT setpriv --pdeathsig KILL \
        unshare --net --mount --pid --fork --kill-child --mount-proc bash "$eng/node.sh" init "$@" <&0 &
    node=$!
    # Ctrl-C reaches COMMAND by itself.
    trap : INT
    trap 'kill -TERM "$(cat "$folder/init.pid")" 2>/dev/null' TERM HUP
    for ((tries = 0; tries < 100; tries++)); do
        pgrep --parent "$node" >"$folder/init.pid" && break
        sleep 0.02
    done
    while kill -0 "$node" 2>/dev/null; do
        code=0
        wait "$node" || code=$?
    done
    wait "$node" || code=$?
    exec {alive}>&-
    wait "$cleaner" || true
    exit "$code"
}

enter() { # NAME COMMAND...
    (($# > 1)) || stop_here "usage: eng/node.sh enter NAME COMMAND..."
    local folder settings
    folder=$(folder_of "$1")
    is_running "$folder" || stop_here "no node '$1' is running here"
    [[ -e $folder/environment ]] || stop_here "the node '$1' is still being brought up"
    shift
    mapfile -t settings <"$folder/environment"
    exec nsenter --target "$(<"$folder/init.pid")" --net --mount --pid env --chdir="$PWD" "${settings[@]}" "$@"
}

# --- inside

init() { # COMMAND...: the node's first process, which inherits and buries every orphan
    local command="" code=0 settings
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    prepare_mounts
    prepare_network
    prepare_configuration
    pause_image
    start containerd etcd
    "$eng/node.sh" load "$PPMA_NODE/pause.tar" >/dev/null
    # An old one first waits five seconds for a docker that is not there: the API server comes up meanwhile.
    launch kubelet
    start kube-apiserver
    start kube-controller-manager kube-scheduler kubelet
    # It looks for its node in ever longer intervals.
    wait_until 180 kubelet "node '$PPMA_NODE_NAME'" node_is_known
    start kube-proxy
    wait_until 180 kubelet "node '$PPMA_NODE_NAME' ready" node_is_ready
    say "'$PPMA_NODE_NAME' is ready after $SECONDS s: Kubernetes $("$KUBE_PROGRAMS/kubelet" --version | cut -d' ' -f2), logs in $PPMA_NODE/log"
    environment >"$PPMA_NODE/environment.new"
    mv "$PPMA_NODE/environment.new" "$PPMA_NODE/environment"

    mapfile -t settings <"$PPMA_NODE/environment"
    env --default-signal=INT,QUIT "${settings[@]}" "$@" <&0 &
    command=$!
    # A command that does not end by itself soon is ended.
    trap 'give_up_on "$command" 20 &' INT
    trap 'kill -TERM "$command" 2>/dev/null; give_up_on "$command" 10 &' TERM HUP
    while kill -0 "$command" 2>/dev/null; do
        code=0
        wait "$command" || code=$?
    done
    wait "$command" || code=$?
    exit "$code"
}

give_up_on() { # PROCESS SECONDS
    sleep "$2"
    ! kill -KILL "$1" 2>/dev/null || say "the command did not end within $2 s of being asked to: killed"
}

environment() {
    echo "KUBECONFIG=$PPMA_NODE/admin.kubeconfig"
    echo "PPMA_NODE=$PPMA_NODE"
    echo "PPMA_NODE_NAME=$PPMA_NODE_NAME"
    echo "PPMA_NODE_CGROUP=$PPMA_NODE_CGROUP"
    echo "PPMA_HOST=$host"
    echo "KUBE_PROGRAMS=$KUBE_PROGRAMS"
    echo "PATH=$PATH"
    echo "TMPDIR=$PPMA_NODE/tmp"
    echo "CONTAINERD_ADDRESS=/run/containerd/containerd.sock"
    echo "CONTAINERD_NAMESPACE=k8s.io"
}

wait_until() { # SECONDS PART WHAT CONDITION...
    local seconds=$1 part=$2 what=$3 deadline=$((SECONDS + $1))
    shift 3
    until "$@" >/dev/null 2>&1; do
        is_up "$part" || stop_here "$part ended before there was a $what (its last words are above; all: $PPMA_NODE/log/$part.log)"
        if ((SECONDS >= deadline)); then
            last_words "$part"
            stop_here "no $what within $seconds s"
        fi
        sleep 0.1
    done
}

is_up() { [[ -e $PPMA_NODE/run/$1.pid ]] && kill -0 "$(<"$PPMA_NODE/run/$1.pid")" 2>/dev/null; }

last_words() { # PART
    say "$1 last said:"
    tail -n 15 "$PPMA_NODE/log/$1.log" | cut -c-400 | sed 's/^/    /' >&2
}

launch() { # PART: runs it in a session of its own, so that Ctrl-C does not reach it, and speaks up when it ends unasked
    local part=$1 arguments=()
    arguments_of "$part"
    (
        exec </dev/null >>"$PPMA_NODE/log/$part.log" 2>&1
        trap '' INT HUP
        setsid env --default-signal=INT,HUP "${arguments[@]}" &
        echo $! >"$PPMA_NODE/run/$part.pid"
        wait $! || code=$?
        if [[ $(cat "$PPMA_NODE/run/$part.pid" 2>/dev/null) == "$!" ]]; then
            rm "$PPMA_NODE/run/$part.pid"
            # The caller of 'start' may be long gone: the first process has the node's standard error.
            exec 2>>/proc/1/fd/2
            say "$part ended unasked (exit code ${code:-0})"
            last_words "$part"
        fi
    ) &
    until [[ -s $PPMA_NODE/run/$part.pid ]]; do sleep 0.02; done
}

start() { # PART...: together, then waits for each
    local part
    for part in "$@"; do
        is_up "$part" || launch "$part"
    done
    for part in "$@"; do
        wait_until 180 "$part" "healthy $part" is_healthy "$part"
    done
}

stop() { # PART
    local process tries
    is_up "$1" || return 0
    process=$(<"$PPMA_NODE/run/$1.pid")
    rm "$PPMA_NODE/run/$1.pid"
    kill -TERM "$process" 2>/dev/null || true
    for ((tries = 0; tries < 100; tries++)); do
        kill -0 "$process" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$process" 2>/dev/null || true
    while kill -0 "$process" 2>/dev/null; do sleep 0.02; done
}

load() { # IMAGE.tar...
    local archive
    for archive in "$@"; do
        [[ -r $archive ]] || stop_here "there is no image archive $archive (make images writes artifacts/images/*.tar)"
        ctr --address /run/containerd/containerd.sock --namespace k8s.io images import --snapshotter "$(<"$PPMA_NODE/snapshotter")" "$archive"
    done
}

require_inside() {
    [[ -n ${PPMA_NODE:-} && -d $PPMA_NODE/run ]] || stop_here "'$1' is for inside a node: eng/node.sh run -- COMMAND..., or eng/node.sh enter NAME COMMAND..."
}

require_part() {
    [[ " ${parts[*]} " == *" ${1:-} "* ]] || stop_here "'${1:-}' is no part of a node. The parts: ${parts[*]}"
}

verb=${1:-}
(($# == 0)) || shift
case "$verb" in
    check | run | enter) "$verb" "$@" ;;
    init) init "$@" ;;
    load) require_inside load; load "$@" ;;
    start | stop) require_inside "$verb"; require_part "${1:-}"; "$verb" "$1" ;;
    restart) require_inside restart; require_part "${1:-}"; stop "$1"; start "$1" ;;
    logs)
        require_inside logs
        require_part "${1:-}"
        part=$1
        shift
        (($#)) || set -- -n +1
        exec tail "$@" "$PPMA_NODE/log/$part.log"
        ;;
    *) sed -n '2,/^set -/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
