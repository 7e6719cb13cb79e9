# `make quickstart` and `make test` are all that a fresh machine needs; the rest is for people who work on the code.
SHELL := /bin/bash
.DEFAULT_GOAL := help

CONFIGURATION ?= Release
PPMA := jobs/Ppma.Cli/bin/$(CONFIGURATION)/net10.0/ppma

# A .NET SDK that its own installer put in the home folder is not on the PATH of every shell.
ifeq ($(shell command -v dotnet),)
ifneq ($(wildcard $(HOME)/.dotnet/dotnet),)
export DOTNET_ROOT := $(HOME)/.dotnet
export PATH := $(HOME)/.dotnet:$(PATH)
endif
endif
export DOTNET_CLI_TELEMETRY_OPTOUT ?= 1
export DOTNET_NOLOGO ?= 1
# The SDK needs no ICU then; the product runs in the invariant culture anyway.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT ?= 1

.PHONY: help setup setup-tests setup-e2e build cli test e2e e2e-smoke quickstart quickstart-from-blobs mini-benchmark validate check-report crds metrics chart-snapshots images format clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what is missing (runs by itself before the targets below)
	@eng/setup.sh

quickstart: cli ## Pre-train four ways on rendered video and compare with random weights: under five minutes on two cores
	$(PPMA) dataset synth --out data
	$(PPMA) run -f examples/quickstart --data data --out runs/quickstart

setup-tests:
	@eng/setup.sh --tests

test: setup-tests build ## Build everything and run every test
	@eng/run-tests.sh $(CONFIGURATION)

setup-e2e:
	@eng/setup.sh --e2e

e2e: setup-e2e ## Everything on a real Kubernetes node, with faults (root; or the cluster of KUBECONFIG: eng/e2e.sh says how)
	@CONFIGURATION=$(CONFIGURATION) eng/e2e.sh

e2e-smoke: setup-e2e ## One run and three faults of it, in under eight minutes
	@CONFIGURATION=$(CONFIGURATION) eng/e2e.sh smoke

mini-benchmark: cli ## The quickstart with three pre-training seeds: the README's numbers
	$(PPMA) dataset synth --out data
	$(PPMA) run -f examples/mini-benchmark --data data --out runs/mini-benchmark

validate: cli ## Check manifests without running them: make validate F=FILE_OR_FOLDER (examples)
	@for manifests in $(or $(F),$(wildcard examples/*)); do $(PPMA) validate -f $$manifests || exit; done

quickstart-from-blobs: setup-tests build ## Pack rendered video into Azurite, run the quickstart from there and from files, compare every byte
	eng/quickstart-from-blobs.sh runs/from-blobs

build: setup ## Build the whole solution
	dotnet build PPMA.Cloud.sln --configuration $(CONFIGURATION) --verbosity quiet --nologo

cli: setup
	dotnet build jobs/Ppma.Cli/Ppma.Cli.csproj --configuration $(CONFIGURATION) --verbosity quiet --nologo

check-report: ## Look at a report in headless Chromium: make check-report R=REPORT.html
	@eng/check-report.sh $(R)

images: ## Build and check the images of operator and worker, with docker or buildah
	@eng/images.sh && eng/check-images.sh

crds: setup ## Write charts/ppma-cloud/files/crds and the pages of reasons from the C# types
	dotnet run eng/generate.cs .

chart-snapshots: setup-tests ## Write what is made from the chart: snapshots, charts/kustomize, the table in docs/reference/chart.md
	dotnet build tests/Ppma.Chart.Tests/Ppma.Chart.Tests.csproj --configuration $(CONFIGURATION) --verbosity quiet --nologo
	HELM=$$(eng/helm.sh) PPMA_REFRESH_SNAPSHOTS=true tests/Ppma.Chart.Tests/bin/$(CONFIGURATION)/net10.0/Ppma.Chart.Tests -noLogo

metrics: setup-tests ## Write the tables of docs/reference/metrics.md from the registries of operator and worker
	dotnet build tests/Ppma.Monitoring.Tests/Ppma.Monitoring.Tests.csproj --configuration $(CONFIGURATION) --verbosity quiet --nologo
	PPMA_REFRESH_SNAPSHOTS=true tests/Ppma.Monitoring.Tests/bin/$(CONFIGURATION)/net10.0/Ppma.Monitoring.Tests -noLogo -class '*MetricsPageTests'

format: setup ## Apply .editorconfig to the code
	dotnet format PPMA.Cloud.sln

clean: ## Remove build outputs (never data or runs)
	rm -rf artifacts */*/bin */*/obj
