#!/usr/bin/env bash
# usage: gpu/run.sh [--build-only] [options of the benchmark `gpu`]
# Measures steps on this machine's NVIDIA GPU in turns with its PyTorch, whose libtorch TorchSharp uses too; prints Markdown.
#
# PYTHON    the Python that has the PyTorch; python3 by default.
# LIBTORCH  a folder with libtorch_cpu.so to use instead of that PyTorch's.
#
# There is no package of libtorch for CUDA here, and none is needed: the program is published without libtorch, so that the loader
# looks for it in LD_LIBRARY_PATH, and TorchSharp's own library (made for libtorch 2.10) finds PyTorch's. Where a machine has no .NET SDK,
# publish elsewhere with --build-only and carry the folder bin/gpu along: it is self-contained.
set -euo pipefail
cd "$(dirname "$0")/.."

program=bin/gpu/Ppma.Benchmarks
python=${PYTHON:-python3}

stop() {
    echo "gpu/run.sh: $*" >&2
    exit 69
}

if command -v dotnet >/dev/null; then
    dotnet publish Ppma.Benchmarks.csproj -c Release -r linux-x64 --self-contained -p:InstalledLibTorch=true \
        -o "$(dirname "$program")" -v quiet --nologo >&2
fi
[[ -x "$program" ]] || stop "$program is missing and there is no .NET SDK to publish it: run this with --build-only where there is one, and copy the folder bin/gpu here."
if [[ "${1:-}" == --build-only ]]; then
    exit
fi

if [[ -z "${LIBTORCH:-}" ]]; then
    LIBTORCH=$("$python" -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))') ||
        stop "$python cannot import torch: name a Python that can with PYTHON=…, or a libtorch with LIBTORCH=…."
    version=$("$python" -c 'import torch; print(torch.__version__)')
    [[ "$version" == 2.10.* ]] ||
        echo "gpu/run.sh: PyTorch is $version; TorchSharp 0.107 is made for 2.10, and the start-up self-test decides whether this one will do." >&2
    # PyTorch's wheels keep CUDA's libraries in packages of their own, beside torch.
    nvidia=$("$python" -c 'import glob, os, torch; print(":".join(glob.glob(os.path.join(os.path.dirname(torch.__file__), "..", "nvidia", "*", "lib"))))')
fi
[[ -e "$LIBTORCH/libtorch_cpu.so" ]] || stop "$LIBTORCH has no libtorch_cpu.so."

export PPMA_LIBTORCH="$LIBTORCH"
export LD_LIBRARY_PATH="$LIBTORCH${nvidia:+:$nvidia}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
exec "$program" gpu --python "$python" "$@"
