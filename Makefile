# Everything is built below this folder; nothing is installed on the system.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

CARGO ?= cargo
GO ?= go
PROFILE ?= dev
TOOLS_DIR ?= $(CURDIR)/.tools
DEMO ?= clusters/prod-us.yaml clusters/prod-eu.yaml
CARGO_DENY_VERSION ?= 0.20.2
DENY_CHECKS ?= bans licenses sources
# What is pushed, and as which version: make push IMAGE=ghcr.io/OWNER/function-xcluster VERSION=v1.2.3
IMAGE ?=
VERSION ?=
# Of the image: its architecture, what builds it, and a static binary that exists already.
ARCH ?= $(if $(filter x86_64,$(shell uname -m)),amd64,arm64)
BUILDER ?=
BINARY ?=
XPKG = dist/function-xcluster-$(ARCH).xpkg

SCRIPTS := .ci/run setup.sh failover.sh $(wildcard bootstrap/*.sh bootstrap/lib/*.sh fleet/*.sh fleet/lib/*.sh tools/*.sh tools/*/*.sh tools/*/lib/*.sh tests/*/*.sh tests/*/*/*.sh)

# The servers that are tested: the release that the platform installs, and the next one.
CORES := $(addprefix $(TOOLS_DIR)/bin/,crossplane-core crossplane-core-next)
# What `crossplane composition render` needs, and what a whole control plane needs beside it.
RENDER_TOOLS := $(TOOLS_DIR)/bin/crossplane $(CORES)
KUBERNETES := $(addprefix $(TOOLS_DIR)/bin/,kube-apiserver kube-controller-manager kubectl)
# The kinds that Crossplane and Argo CD bring with them come with their source.
SHARE := $(addprefix $(TOOLS_DIR)/share/,crossplane crossplane-next argocd)
TOOLS := $(RENDER_TOOLS) $(KUBERNETES) $(addprefix $(TOOLS_DIR)/bin/,etcd argocd) $(SHARE)

# $(1): the folder in tools/, $(2): the binary, or the folder for its binaries.
define build-tools
@command -v $(GO) >/dev/null || { \
  echo "cannot build $(1): '$(GO)' is not installed. Install Go 1.26 or later, or set GO=/path/to/go." >&2; exit 1; }
@echo "building $(1) (some minutes when nothing is cached)"
@mkdir -p $(dir $(2))
cd tools/$(1) && GOWORK=off CGO_ENABLED=0 GOFLAGS="-buildvcs=false -trimpath" $(GO) build -ldflags "$$($(LDFLAGS))" -o $(2) tool
endef

# $(1): the folder in tools/, $(2): the Go module, $(3): the folders in it.
define copy-from-module
@rm -rf $@ && mkdir -p $@
@cd tools/$(1) && GOWORK=off $(GO) mod download $(2)
@source=$$(cd tools/$(1) && GOWORK=off $(GO) list -m -f '{{.Dir}}' $(2)) && \
  for folder in $(3); do cp -R "$$source/$$folder" $@/; done && chmod -R u+w $@
endef

# Crossplane refuses packages that want a version of it when it has none. It is the linker that says which it is.
LDFLAGS = true
$(CORES): LDFLAGS = $(GO) list -m \
  -f '-X github.com/crossplane/crossplane-runtime/v2/pkg/version.version={{.Version}}' github.com/crossplane/crossplane/v2

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: build
build: ## Build the function and the xcluster command
	$(CARGO) build --locked --profile $(PROFILE) --package function-xcluster --package xcluster-cli

.PHONY: release
release: PROFILE := release
release: build ## Build them optimized

# Static, and the same wherever it is built: messages of panics would name folders of the machine.
STATIC_FLAGS = -C target-feature=+crt-static --remap-path-prefix=$(CURDIR)=/function-xcluster \
  --remap-path-prefix=$${CARGO_HOME:-$$HOME/.cargo}=/cargo

# With --target the flags do not reach build scripts and procedural macros, which cannot be static.
.PHONY: static
static: ## Build the function as it ships: one static binary
	target=$$(rustc -vV | sed -n 's/^host: //p'); RUSTFLAGS="$(STATIC_FLAGS)" \
	  $(CARGO) build --release --locked --bin function-xcluster --target "$$target"

.PHONY: test-reproducible
test-reproducible: ## Build what ships twice, in different folders, and compare the two
	tools/reproducible.sh

# What is measured, how often, and beside what: make bench BENCH_ROUNDS=9 BENCH_PEERS="floor rust-sdk"
BENCH_ROUNDS ?= 5
BENCH_PEERS ?= floor rust-sdk python
BENCH_ARGS ?=

# All that is compiled is built in the same way, and on its own: in one build the function would get the peers' features.
.PHONY: bench
bench: static ## Measure the function beside others that do its work (BENCH_ROUNDS=5 BENCH_PEERS="floor rust-sdk python")
	target=$$(rustc -vV | sed -n 's/^host: //p'); RUSTFLAGS="$(STATIC_FLAGS)" \
	  $(CARGO) build --release --locked --package peers --target "$$target"
	@case " $(BENCH_PEERS) " in *" python "*) $(MAKE) --no-print-directory -C benches/peers/python install || true;; esac
	@binaries=target/$$(rustc -vV | sed -n 's/^host: //p')/release; \
	  "$$binaries/bench" --binaries "$$binaries" --rounds $(BENCH_ROUNDS) --peers $(BENCH_PEERS) $(BENCH_ARGS)

.PHONY: bench-docs
bench-docs: BENCH_ARGS = --markdown docs/performance.md --svg docs/performance.svg
bench-docs: bench ## Measure, and write the figures into docs/performance.md

# How fast anything is says nothing here: the programs are not optimized.
.PHONY: bench-stages
bench-stages: ## Measure decoding, planning and encoding apart, and compare with the last time
	$(CARGO) bench --locked --package peers --bench stages

# Instructions of a settled call, which are the same however busy the machine is.
COUNT_INSTRUCTIONS = target=$$(rustc -vV | sed -n 's/^host: //p'); export RUSTFLAGS="$(STATIC_FLAGS)"; \
  $(CARGO) run --release --locked --package peers --bin instructions --target "$$target" -- \
  --budget benches/peers/instructions.tsv

.PHONY: budget
budget: ## Write how many instructions a settled call takes into its budget
	$(COUNT_INSTRUCTIONS) --update

# The benchmark's programs, not optimized. With a target that needs what its tests need, they share all that is compiled.
BUILD_PEERS = $(CARGO) build --locked --package peers --bins --bench stages

.PHONY: test-bench
test-bench: build ## Test the benchmark's driver and servers, and a settled call's instructions against their budget
	$(COUNT_INSTRUCTIONS)
	$(CARGO) test --locked --package peers
	$(BUILD_PEERS)
	target/debug/bench --binaries target/debug --rounds 1 --phase 50 --peers floor rust-sdk --any-result

# As many calls as a replica gets in days, then 500 callers at once, then callers that give up.
SOAK_CALLS ?= 1000000
SOAK_CALLERS ?= 8

# The driver need not be fast: the server's clock and memory are read.
.PHONY: soak
soak: static ## Call the function for long and see that nothing grows (SOAK_CALLS=1000000 SOAK_CALLERS=8)
	$(BUILD_PEERS)
	target/debug/bench soak --binaries target/$$(rustc -vV | sed -n 's/^host: //p')/release \
	  --calls $(SOAK_CALLS) --callers $(SOAK_CALLERS)

# How many clusters, where chance begins, and what else: make fleet-sim CLUSTERS=5000 SEED=7 FLEET_ARGS="--burst 100"
FLEET_ARGS ?=
SEED ?= 1

# No figure depends on how fast the simulation itself is, so it need not be built as the function ships.
.PHONY: fleet-sim
fleet-sim: export CARGO_PROFILE_RELEASE_LTO = off
fleet-sim: export CARGO_PROFILE_RELEASE_CODEGEN_UNITS = 16
fleet-sim: ## Simulate fleets under Crossplane: calls, queues, cores, breakers (CLUSTERS="1000 10000" SEED=1)
	$(CARGO) run --release --locked --package fleetsim -- --clusters $(or $(CLUSTERS),1000 10000) --seed $(SEED) $(FLEET_ARGS)

.PHONY: fleet-sim-docs
fleet-sim-docs: FLEET_ARGS = --markdown docs/scale.md --svg docs/scale.svg
fleet-sim-docs: fleet-sim ## Simulate, and write the figures into docs/scale.md

.PHONY: test-fleet-sim
test-fleet-sim: ## Test the simulation of fleets, and small fleets with it
	$(CARGO) test --locked --package figures --package fleetsim

# In one build, so that what they share is compiled once.
.PHONY: programs
programs: ## Build what runs on and around a control plane: function, command, simulated clouds and DNS
	$(CARGO) build --locked --profile $(PROFILE) --package function-xcluster --package xcluster-cli \
	  --package cloudsim --package dnssim --features cloudsim/run,dnssim/run

.PHONY: demo
demo: build ## Show what two 12-line clusters become, without a cluster or a cloud account
	@for file in $(DEMO); do \
	  echo "\$$ xcluster render $$file"; \
	  $(CARGO) run --quiet --locked --profile $(PROFILE) --package xcluster-cli -- render $$file; \
	done

.PHONY: test
test: ## Run all tests that need only Rust and Python
	@if $(MAKE) --no-print-directory -C model-server can-install >/dev/null 2>&1; then \
	  tools/crds.sh >/dev/null 2>&1 || true; \
	  $(MAKE) --no-print-directory --jobs 2 --output-sync=line test-function test-model-server; \
	elif [ -n "$(REQUIRE_PYTHON)" ]; then \
	  $(MAKE) --no-print-directory -C model-server can-install; \
	else \
	  $(MAKE) --no-print-directory test-function; \
	  echo "NOT TESTED: the model server, which needs Python 3.11 or later with venv (Debian: apt install python3-venv)"; \
	fi

# All tests in one build, so that what they share is compiled once. `make test-bench` tests the benchmark, and
# `make test-providers` the providers.
TESTS = $(CARGO) test --locked --workspace --exclude peers --exclude providers

.PHONY: test-function
test-function: ## Run the tests of the function, the command, the simulations and all manifests (needs only Rust)
	@tools/with-crds.sh $(TESTS)

# The same seed and number of iterations try the same inputs. `make test-function` runs 100 of seed 1.
FUZZ_ITERATIONS ?= 5000
FUZZ_SEED ?= 1

.PHONY: fuzz
fuzz: ## Look for input that breaks something, longer than tests do (FUZZ_ITERATIONS=5000 FUZZ_SEED=1)
	FUZZ_ITERATIONS=$(FUZZ_ITERATIONS) FUZZ_SEED=$(FUZZ_SEED) $(TESTS) --test it fuzz:: -- --nocapture

.PHONY: test-model-server
test-model-server: ## Lint and test the model server (needs Python 3.11 or later)
	@XCLUSTER_TOOLS=$(TOOLS_DIR)/bin tools/with-crds.sh $(MAKE) --no-print-directory -C model-server test

# What links the providers' own code. Terraform's compute package alone takes the compiler minutes and 3 GB.
PROVIDER_GCP := $(TOOLS_DIR)/bin/provider-gcp

$(PROVIDER_GCP): $(wildcard tools/providers/gcp/*) $(wildcard tools/providers/drive/*)
	@command -v $(GO) >/dev/null || { \
	  echo "cannot build $(@F): '$(GO)' is not installed. Install Go 1.26 or later, or set GO=/path/to/go." >&2; exit 1; }
	@echo "building $(@F) (some minutes when nothing is cached)"
	@mkdir -p $(@D)
	cd tools/providers/gcp && GOWORK=off CGO_ENABLED=0 GOFLAGS="-buildvcs=false -trimpath" $(GO) build -ldflags "-s -w" -o $@ .

# What Google's APIs take: the discovery documents that come with Google's own client.
GOOGLE_APIS := cloudbilling cloudkms cloudresourcemanager compute container iam serviceusage

$(TOOLS_DIR)/share/google: tools/providers/gcp/go.mod
	@rm -rf $@ && mkdir -p $@
	@source=$$(cd tools/providers/gcp && GOWORK=off $(GO) mod download google.golang.org/api && \
	  GOWORK=off $(GO) list -m -f '{{.Dir}}' google.golang.org/api) && \
	  for api in $(GOOGLE_APIS); do install -m 644 "$$source/$$api/v1/$$api-api.json" $@/; done

.PHONY: test-providers
test-providers: test-providers-gcp test-providers-aws ## Drive both providers' own code (needs Go and Python)

.PHONY: test-providers-gcp
test-providers-gcp: $(PROVIDER_GCP) $(TOOLS_DIR)/share/google ## Drive provider-gcp's own code with all GKE examples (needs Go)
	XCLUSTER_TOOLS=$(TOOLS_DIR) $(CARGO) test --locked --package providers --lib --test gcp

# Its copy of Terraform's provider has the services alone that are composed: tools/providers/aws/prune.
PROVIDER_AWS := $(TOOLS_DIR)/bin/provider-aws
PROVIDER_AWS_SHARE := $(TOOLS_DIR)/share/provider-aws

$(PROVIDER_AWS): $(wildcard tools/providers/aws/* tools/providers/aws/prune/*) $(wildcard tools/providers/drive/*)
	@command -v $(GO) >/dev/null || { \
	  echo "cannot build $(@F): '$(GO)' is not installed. Install Go 1.26 or later, or set GO=/path/to/go." >&2; exit 1; }
	@echo "building $(@F) (ten minutes when nothing is cached)"
	@mkdir -p $(@D) $(PROVIDER_AWS_SHARE)
	cd tools/providers/aws && GOWORK=off $(GO) run ./prune $(PROVIDER_AWS_SHARE)
	cd tools/providers/aws && GOWORK=off CGO_ENABLED=0 GOFLAGS="-buildvcs=false -trimpath" \
	  $(GO) build -modfile $(PROVIDER_AWS_SHARE)/go.mod -ldflags "-s -w" -o $@ .

# What the simulated AWS is made of: moto and botocore.
PROVIDER_AWS_PYTHON := $(PROVIDER_AWS_SHARE)/venv/.installed

$(PROVIDER_AWS_PYTHON): tests/providers/aws/requirements.lock
	@$(MAKE) --no-print-directory -C model-server can-install
	@python3 -m venv --clear $(@D)
	@$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement $<
	@touch $@

.PHONY: test-providers-aws
test-providers-aws: $(PROVIDER_AWS) $(PROVIDER_AWS_PYTHON) ## Drive provider-aws' own code with all EKS examples (needs Go and Python)
	$(PROVIDER_AWS_SHARE)/venv/bin/ruff format --check --quiet tests/providers/aws
	$(PROVIDER_AWS_SHARE)/venv/bin/ruff check --quiet tests/providers/aws
	XCLUSTER_TOOLS=$(TOOLS_DIR) $(CARGO) test --locked --package providers --test aws

.PHONY: test-render
test-render: $(RENDER_TOOLS) crds ## Compare with the real crossplane command (needs Go)
	@tests=$$($(TESTS) --quiet --test it render_cli -- --list); \
	for name in render_cli_gives render_cli_accepts; do grep -q "$$name.*: test$$" <<<"$$tests" || { \
	  echo "no test is called $$name: nothing would be compared" >&2; exit 1; }; done
	XCLUSTER_TOOLS=$(TOOLS_DIR)/bin $(TESTS) --test it render_cli

# A kubeconfig counts only when it is named on the command line: nobody's current context is touched by accident.
ifeq ($(origin KUBECONFIG),command line)
export EXISTING_KUBECONFIG := $(KUBECONFIG)
CONTROL_PLANE_NEEDS := programs $(TOOLS_DIR)/bin/argocd $(TOOLS_DIR)/bin/kubectl $(SHARE)
else
CONTROL_PLANE_NEEDS := tools programs
endif

.PHONY: control-plane-up
control-plane-up: $(CONTROL_PLANE_NEEDS) ## Start a control plane with simulated clouds (SCOPE=…), or use KUBECONFIG=FILE
	@PACKAGE="$(PACKAGE)" tools/control-plane/up.sh

.PHONY: control-plane-down
control-plane-down: ## Stop what control-plane-up started and remove its state
	@tools/control-plane/down.sh

# The platform, on the management cluster that MANAGEMENT names: kind (unless set), eks, or local.
export MANAGEMENT CONTEXT SCOPE CLOUDS CLUSTERS YES CONFIRM
ifdef CHANNEL
export CHANNEL
endif
ifdef COMPOSITION
export COMPOSITION
endif
MANAGEMENT ?= kind

.PHONY: crossplane-up
crossplane-up: $(if $(filter local,$(MANAGEMENT)),control-plane-up) ## Make the management cluster (MANAGEMENT=kind, eks or local)
	@[ "$(MANAGEMENT)" = local ] || bootstrap/up.sh

.PHONY: deploy-clusters
deploy-clusters: ## Create prod-us and prod-eu there, or CLUSTERS="FILE…" (SCOPE=…)
	@fleet/deploy-clusters.sh

.PHONY: publish
publish: ## Publish the Composition in a channel of clusters (CHANNEL=stable or next; COMPOSITION=FILE)
	@fleet/publish.sh

.PHONY: check-clusters
check-clusters: ## Wait until all clusters are Ready; says what each waits for, and how to fix it
	@fleet/check-clusters.sh

.PHONY: deploy-apps
deploy-apps: $(if $(filter local,$(MANAGEMENT)),model-server) ## Deploy argocd/ and with it the service to every cluster
	@fleet/deploy-apps.sh

.PHONY: test-endpoints
test-endpoints: ## Ask the service of every cluster, and compare the answers
	@fleet/test-endpoints.sh

.PHONY: destroy
destroy: ## Delete the clusters in order, then the management cluster (CONFIRM="NAMES…")
	@fleet/destroy.sh

.PHONY: model-server
model-server: ## Install the model server, to run here (needs Python 3.11 or later)
	@$(MAKE) --no-print-directory -C model-server install

.PHONY: demo-fleet
demo-fleet: tools programs model-server ## Go through all of the platform here, with simulated clouds (needs Go and Python)
	@FAULT="$(FAULT)" KEEP="$(KEEP)" fleet/demo.sh

.PHONY: test-fleet
test-fleet: tools programs model-server ## Go through the demo with every fault it can seed, and test the commands (needs Go and Python)
	@tests/fleet/run.sh

.PHONY: drill
drill: tools programs model-server ## Fail over between two simulated clusters here, planned and not (needs Go and Python)
	@tests/drill/run.sh

# Measured with the binary that ships, which is in the package, too.
.PHONY: e2e
e2e: $(CONTROL_PLANE_NEEDS) $(if $(EXISTING_KUBECONFIG),,xpkg $(TOOLS_DIR)/bin/crane) ## Run the end-to-end tests, on a control plane of their own (needs Go)
	@tests/e2e/run.sh

.PHONY: image
image: ## Build the image of this architecture into dist/ (needs buildah, podman or docker)
	@. tools/package/lib.sh && [ "$$BUILDER" = docker ] || [ -n "$(BINARY)" ] || $(MAKE) static
	@tools/package/image.sh

.PHONY: xpkg
xpkg: image $(TOOLS_DIR)/bin/crossplane ## Build the Crossplane package of this architecture into dist/
	$(TOOLS_DIR)/bin/crossplane xpkg build --package-root package --examples-root examples --package-file $(XPKG) \
	  --embed-runtime-image-tarball dist/function-xcluster-$(ARCH).tar

.PHONY: push
push: $(TOOLS_DIR)/bin/crossplane ## Push the packages in dist/ as one index: IMAGE=… VERSION=v…
	@TOOLS_DIR=$(TOOLS_DIR) tools/package/push.sh "$(IMAGE)" "$(VERSION)"

.PHONY: test-package
test-package: xpkg $(TOOLS_DIR)/bin/crane ## Push the package to a registry, look at what arrived, run its image
	@TOOLS_DIR=$(TOOLS_DIR) tests/package/run.sh

.PHONY: golden
golden: ## Rewrite the golden files, then show which ones changed
	UPDATE_GOLDEN=1 tools/with-crds.sh $(TESTS) --test it
	@git status --short tests examples cost-analysis.md docs/cost.svg

.PHONY: lint
lint: ## Check format, clippy and docs
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --features cloudsim/run,dnssim/run --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked
	@! $(CARGO) tree --locked --edges normal --package function-xcluster --prefix none | grep -E '^(cloudsim|failover|hickory)' || { \
	  echo "the server is built with what only commands and tests need" >&2; exit 1; }
	@if command -v shellcheck >/dev/null; then shellcheck -x $(SCRIPTS); else echo "shellcheck is not installed: scripts are not checked"; fi

.PHONY: lint-actions
lint-actions: $(TOOLS_DIR)/bin/actionlint ## Check the workflows, and their scripts if shellcheck is there (needs Go)
	$(TOOLS_DIR)/bin/actionlint -color=false

# The command stands on all that ships: the function's library, and failover.
.PHONY: deny
deny: ## Check duplicates, licenses and sources of the dependencies
	$(CARGO) install --quiet --locked --debug --root $(TOOLS_DIR) --version $(CARGO_DENY_VERSION) cargo-deny
	$(TOOLS_DIR)/bin/cargo-deny --manifest-path cli/Cargo.toml check $(DENY_CHECKS)

.PHONY: tools
tools: $(TOOLS) ## Build the real clients that tests use (needs Go)

$(TOOLS_DIR)/bin/%: tools/%/go.mod tools/%/go.sum
	$(call build-tools,$*,$@)

$(KUBERNETES) &: tools/kubernetes/go.mod tools/kubernetes/go.sum
	$(call build-tools,kubernetes,$(@D)/)
	@touch $(KUBERNETES)

$(TOOLS_DIR)/share/crossplane%: tools/crossplane-core%/go.mod
	$(call copy-from-module,crossplane-core$*,github.com/crossplane/crossplane/v2,cluster/crds cluster/webhookconfigurations)

$(TOOLS_DIR)/share/crossplane: tools/crossplane-core/go.mod
	$(call copy-from-module,crossplane-core,github.com/crossplane/crossplane/v2,cluster/crds cluster/webhookconfigurations)

$(TOOLS_DIR)/share/argocd: tools/argocd/go.mod
	$(call copy-from-module,argocd,github.com/argoproj/argo-cd/v3,manifests/crds)

.PHONY: crds
crds: ## Fill .crds with the definitions of kinds that tests read (CRDS_FROM=FOLDER)
	@tools/crds.sh

.PHONY: clean
clean: ## Remove everything that was built or fetched
	$(CARGO) clean
	rm -rf $(TOOLS_DIR) .crds .state dist
