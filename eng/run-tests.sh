#!/usr/bin/env bash
# usage: eng/run-tests.sh [CONFIGURATION]
# Runs every built test project, one after the other (each uses all cores itself), prints failures, skipped tests with their
# reasons and the time of each project, how many ran against which Kubernetes; then the short end-to-end tests, where the machine
# can make a node for them (else that is one skipped test, with the reason); and ends with "N passed, N failed, N skipped". Exits 1
# on a failed test, and on a project that ran none or broke off.
set -uo pipefail
cd "$(dirname "$0")/.."

configuration=${1:-Release}
passed=0 failed=0 skipped=0 on_server=0 server=none
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Where the API server's programs are; where they are not, the tests that need them give this reason for being skipped.
if KUBEBUILDER_ASSETS=$(eng/kubernetes.sh --cached 2>"$log"); then
    export KUBEBUILDER_ASSETS
else
    unset KUBEBUILDER_ASSETS
    PPMA_TEST_KUBERNETES_MISSING=$(tail -n 1 "$log" | sed 's/^kubernetes: //')
    export PPMA_TEST_KUBERNETES_MISSING
fi

# The same for the chart's.
if HELM=$(eng/helm.sh --cached 2>"$log"); then
    export HELM
else
    unset HELM
    PPMA_TEST_HELM_MISSING=$(tail -n 1 "$log" | sed 's/^helm: //')
    export PPMA_TEST_HELM_MISSING
fi

run() { # PROJECT COMMAND...: a program of tests, and counts what it counted
    local project=$1 start=$SECONDS code summary total right wrong omitted
    shift
    echo "== $project"
    "$@" </dev/null 2>&1 | tee "$log" |
        grep -vE '^ +(Discovering|Discovered|Starting|Finished): |^=== TEST EXECUTION SUMMARY|^ +[A-Za-z.]+ +Total: '
    code=${PIPESTATUS[0]}
    summary=$(grep -E '^ +[A-Za-z.]+ +Total: [0-9]+, Errors: ' "$log" | tail -n 1)
    if [[ "$summary" =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
        total=${BASH_REMATCH[1]} wrong=${BASH_REMATCH[3]} omitted=${BASH_REMATCH[4]}
        right=$((total - wrong - omitted - BASH_REMATCH[5]))
        wrong=$((wrong + BASH_REMATCH[2]))
        if ((total == 0 || (code != 0 && wrong == 0))); then
            echo "$project: FAILED: ran $total tests and exited with $code"
            wrong=$((wrong + 1))
        fi
    else
        echo "$project: FAILED: exit code $code, and no summary: it has no tests, or broke off"
        right=0 wrong=1 omitted=0
    fi
    echo "   $right passed, $wrong failed, $omitted skipped in $((SECONDS - start)) s"
    if [[ "$(grep -E '^ +[0-9]+ tests ran against Kubernetes ' "$log")" =~ ([0-9]+)\ tests\ ran\ against\ Kubernetes\ ([^[:space:]]+) ]]; then
        on_server=$((on_server + BASH_REMATCH[1])) server=${BASH_REMATCH[2]}
    fi
    passed=$((passed + right)) failed=$((failed + wrong)) skipped=$((skipped + omitted))
}

for folder in tests/*.Tests; do
    project=$(basename "$folder")
    program="$folder/bin/$configuration/net10.0/$project"
    if [[ -x "$program" ]]; then
        run "$project" "$program" -noColor -noLogo
    else
        echo "$project: FAILED: $program is not there; build first (make build)"
        ((failed++))
    fi
done

# On a node of its own, or not at all: a cluster that somebody works with is not for tests that were not asked for.
unset KUBECONFIG
if reason=$(eng/e2e.sh check 2>&1); then
    CONFIGURATION=$configuration run "Ppma.EndToEnd, smoke" timeout --kill-after=60 2400 eng/e2e.sh smoke
else
    printf '== Ppma.EndToEnd, smoke: skipped, as one test\n%s\n' "$reason"
    ((skipped++))
fi

echo
echo "$on_server tests ran against a Kubernetes API server (version: $server)"
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0))
