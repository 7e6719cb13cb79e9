#!/usr/bin/env bash
# usage: eng/e2e.sh [smoke | check] [OPTIONS_OF_THE_TEST_PROGRAM...]
# Installs the shipped images by the shipped chart on a real Kubernetes, runs the quickstart there, breaks things, and prints a table of
# what came of it: tests/Ppma.EndToEnd. 'smoke' is one run and three faults. 'check' only says what this machine lacks. Options choose
# tests, such as -class 'Ppma.EndToEnd.Faults.*'; CONFIGURATION is Release or Debug.
#
# The cluster:
#   without KUBECONFIG  a node of its own (eng/node.sh): Linux, root, and what eng/setup.sh --e2e installs. Nothing of it is left after.
#   with KUBECONFIG     that one, as it is. Tests that stop its parts or signal its processes are skipped. Two things are yours to see to:
#                       PPMA_HOST, the address of this machine as its pods see it (kind: the gateway of docker's network,
#                         docker network inspect kind --format '{{(index .IPAM.Config 0).Gateway}}'), with no firewall between;
#                       the images on its nodes: a kind cluster that is the current context is given them (kind load image-archive);
#                         for others, eng/images.sh writes artifacts/images/{operator,worker}.tar: import them on every node, then call
#                         this with PPMA_IMAGES=there.
# With PPMA_IMAGES=there a node of its own is given artifacts/images as they are, too.
# Results, and all that was known of what failed, are in artifacts/e2e.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "e2e: $*" >&2; }

configuration=${CONFIGURATION:-Release}
project=tests/Ppma.EndToEnd
program=$project/bin/$configuration/net10.0/Ppma.EndToEnd
images=(artifacts/images/operator.tar artifacts/images/worker.tar)
mode=all
case "${1:-}" in
    smoke | check | in-cluster) mode=$1; shift ;;
esac

# --- what it needs

kind_cluster() { # the name of the kind cluster that is the current context
    local context
    context=$(kubectl config current-context 2>/dev/null) || return 1
    [[ $context == kind-* ]] && command -v kind >/dev/null && echo "${context#kind-}"
}

lacks() { # what is missing, one a line
    local program
    if [[ -n ${KUBECONFIG:-} ]]; then
        command -v kubectl >/dev/null || echo "kubectl: https://kubernetes.io/docs/tasks/tools/"
        ! command -v kubectl >/dev/null || kubectl get --raw /readyz >/dev/null 2>&1 ||
            echo "the cluster of KUBECONFIG=$KUBECONFIG: it does not answer (try: kubectl get nodes); without KUBECONFIG a node is made here"
        [[ -n ${PPMA_HOST:-} ]] || echo "PPMA_HOST: the address of this machine as the cluster's pods see it (eng/e2e.sh's first lines say more)"
        [[ ${PPMA_IMAGES:-} == there ]] || kind_cluster >/dev/null ||
            echo "the images on the cluster's nodes: eng/images.sh writes them to artifacts/images; import them, then set PPMA_IMAGES=there"
    else
        eng/node.sh check 2>&1 | sed -n 's/^node: missing: //p'
    fi
    for program in node:nodejs npm:npm prometheus:prometheus promtool:prometheus; do
        command -v "${program%:*}" >/dev/null || echo "${program%:*}: eng/setup.sh --e2e installs it (package ${program#*:})"
    done
    [[ -d tests/Ppma.Testing/azurite/node_modules ]] || echo "Azurite: eng/setup.sh --e2e installs it"
    eng/helm.sh --cached >/dev/null 2>&1 || echo "helm: eng/setup.sh --e2e gets it"
    [[ -n ${KUBECONFIG:-} ]] || eng/kubernetes.sh --with-node --cached >/dev/null 2>&1 || echo "Kubernetes: eng/setup.sh --e2e gets it"
    if [[ -z ${KUBECONFIG:-} || ${PPMA_IMAGES:-} != there ]]; then
        docker info >/dev/null 2>&1 || command -v buildah >/dev/null || echo "docker or buildah, to build the images: eng/setup.sh --e2e installs buildah"
    fi
}

check() {
    local missing line
    missing=$(lacks)
    [[ -z $missing ]] && return
    while IFS= read -r line; do say "missing: $line"; done <<<"$missing"
    return 1
}

# --- on the cluster

run_tests() { # OPTIONS...
    if [[ -n ${PPMA_NODE:-} ]]; then
        eng/node.sh load "${images[@]}"
    fi
    exec "$program" -noColor -noLogo "$@"
}

if [[ $mode == in-cluster ]]; then
    run_tests "$@"
fi
check || exit 1
[[ $mode != check ]] || exit 0

[[ ${PPMA_IMAGES:-} == there ]] || eng/images.sh operator worker
dotnet build "$project" --configuration "$configuration" --verbosity quiet --nologo
PATH=$(dirname "$(eng/helm.sh --cached)"):$PATH
export PATH
[[ $mode == all ]] || set -- -trait 'Smoke=*' "$@"

if [[ -n ${KUBECONFIG:-} ]]; then
    if [[ ${PPMA_IMAGES:-} != there ]]; then
        for image in "${images[@]}"; do
            kind load image-archive "$image" --name "$(kind_cluster)"
        done
    fi
    # Else it would tell tests that they may stop parts of this cluster. In the shell of a node (eng/node.sh run -- bash) they may.
    [[ $KUBECONFIG == "${PPMA_NODE:-none}"/* ]] || unset PPMA_NODE
    run_tests "$@"
fi
exec eng/node.sh run --name "e2e-$$" -- eng/e2e.sh in-cluster "$@"
