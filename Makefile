# Hợp Lực. `make` alone lists what there is.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
# Side by side, a file's tests together: they may share a running stack.
SPREAD := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup run kafka-up demo test test-kafka unit lint types laws docs docs-check dashboards licences deploy-check audit sbom secrets prometheus-check watch browser office long failure failure-check bench check lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.dev ## a virtual environment with everything, locked by hash

run: $(VENV)/.run ## start the embedded stack on free ports and stay until Ctrl-C
	$(BIN)/python -m deploy.local up $(ARGS)

kafka-up: $(VENV)/.dev ## start Apache Kafka with TLS, logins and ACLs, stay until Ctrl-C (ARGS="--nodes 3")
	$(BIN)/python -m deploy.kafka up $(ARGS)

demo: $(VENV)/.run ## play the plan's first year, 2021, check every figure, stay up (ARGS=--once: exit)
	$(BIN)/python -m deploy.local.demo $(ARGS)

test: $(VENV)/.dev ## all tests that need only Python: unit, contract, property, journeys
	$(BIN)/python -m pytest $(SPREAD) -m "not kafka and not browser and not office and not deploy and not prometheus and not failure and not long" $(ARGS)

test-kafka: $(VENV)/.dev ## what goes through the broker once more, on Apache Kafka (Debian: default-jre-headless maven)
	BROKER=apache $(BIN)/python -m pytest $(SPREAD) -m "(kafka or broker) and not long" $(ARGS)

unit: $(VENV)/.dev ## the tests that start no server, in seconds
	$(BIN)/python -m pytest $(SPREAD) -m "not servers and not journey and not kafka and not browser and not office and not deploy and not prometheus and not long" $(ARGS)

long: $(VENV)/.dev ## journeys once more with other seeds
	$(BIN)/python -m pytest -n auto --maxprocesses 2 -m long $(ARGS)

failure: $(VENV)/.dev ## fail on purpose at seeded moments, and prove that nothing is lost (ARGS="--seed 7 --seeds 10")
	$(BIN)/python -m tests.failure $(ARGS)

failure-check: $(VENV)/.dev ## one short seed of it
	$(BIN)/python -m pytest -m failure $(ARGS)

lint: $(VENV)/.dev ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## mypy --strict
	$(BIN)/mypy

laws: $(VENV)/.dev ## import-linter: who may import whom
	$(BIN)/lint-imports

docs: $(VENV)/.dev ## write docs/events.md and docs/asyncapi.json anew from the contracts
	$(BIN)/python -m contracts events > docs/events.md
	$(BIN)/python -m contracts asyncapi > docs/asyncapi.json

dashboards: $(VENV)/.dev ## write Grafana's dashboards anew from deploy/grafana
	$(BIN)/python -m deploy.grafana

docs-check: $(VENV)/.dev ## fail if the generated documents are not what the contracts say
	$(BIN)/python -m contracts events | diff - docs/events.md
	$(BIN)/python -m contracts asyncapi | diff - docs/asyncapi.json

deploy-check: $(VENV)/.dev $(VENV)/.checks $(VENV)/.image ## judge image, compose.yaml and k8s/ with their own tools; run what the image holds
	$(BIN)/python -m pytest -m deploy $(ARGS)

prometheus-check: $(VENV)/.dev ## judge and test the alerts, and let the real Prometheus raise one (Debian: apt-get install prometheus)
	promtool check config deploy/prometheus/prometheus.yml
	promtool test rules deploy/prometheus/tests/*.yml
	amtool check-config deploy/prometheus/alertmanager.yml
	$(BIN)/python -m pytest -m prometheus $(ARGS)

watch: $(VENV)/.run ## Prometheus looking at a running stack (ARGS="--ready-file FILE", as make run was given)
	$(BIN)/python -m deploy.local.watch $(ARGS)

licences: $(VENV)/.dev ## write docs/licences.md anew from the locks
	$(BIN)/python -m deploy.licences > docs/licences.md

audit: $(VENV)/.dev $(VENV)/.checks ## ask for known vulnerabilities of what is locked, as far as a database answers
	$(BIN)/python -m deploy.audit requirements-image.lock requirements.lock

sbom: $(VENV)/.checks ## write out/sbom.json (CycloneDX): what the image is made of, with hashes
	mkdir -p out
	$(VENV)/checks/bin/cyclonedx-py requirements requirements-image.lock --output-reproducible --of JSON -o out/sbom.json

secrets: $(VENV)/.checks ## look for secrets in what git tracks and judge anew what is known to be none
	$(VENV)/checks/bin/detect-secrets scan --baseline .secrets.baseline
	$(VENV)/checks/bin/detect-secrets audit .secrets.baseline

browser: $(VENV)/.dev ## open the pages in Chromium (Debian: apt-get install chromium)
	$(BIN)/python -m pytest -m browser $(ARGS)

office: $(VENV)/.dev ## lay the documents out with LibreOffice and look at every page (Debian: as in .ci/run)
	$(BIN)/python -m pytest -m office $(ARGS)

bench: $(VENV)/.dev $(VENV)/.bench ## fold next to others on both brokers, freshness, summaries, start, memory (ARGS="fold")
	$(BIN)/python -m bench $(ARGS)

bench-intake: $(VENV)/.dev ## measure how fast events are taken in, as a ratio to the bare store
	$(BIN)/python -m bench.intake $(ARGS)

.PHONY: bench-intake bench-reporting proof properties

bench-reporting: $(VENV)/.dev ## measure reporting at 10 thousand, 100 thousand and a million events (eight minutes)
	$(BIN)/python -m bench.reporting $(ARGS)

proof: $(VENV)/.dev ## a year at ten times the demo's size, compared with plain arithmetic figure by figure
	$(BIN)/python -m bench.year $(ARGS)

properties: $(VENV)/.dev ## the property tests by name, with how many examples were run
	$(BIN)/python -m bench.properties $(ARGS)

check: ## exactly what CI runs (installs Chromium with apt-get where it is missing and may)
	.ci/run

lock: ## lock the dependencies anew (needs uv: pip install uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		requirements.in -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		-c requirements.lock requirements-image.in -o requirements-image.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		-c requirements.lock requirements-dev.in -o requirements-dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		requirements-checks.in -o requirements-checks.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		requirements-bench.in -o requirements-bench.lock

clean: ## remove the environment and everything generated
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)

# The development lock holds all of the other, so it serves both.
$(VENV)/.dev: requirements-dev.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $(VENV)/.dev $(VENV)/.run

$(VENV)/.run: requirements.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

# Environments of their own: the checks' tools want other versions than the services, and the image's must lack the rest.
$(VENV)/.checks: requirements-checks.lock | $(BIN)/python
	$(BIN)/python -m venv --clear $(VENV)/checks
	$(VENV)/checks/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

$(VENV)/.bench: requirements-bench.lock | $(BIN)/python
	$(BIN)/python -m venv --clear $(VENV)/bench
	$(VENV)/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

$(VENV)/.image: requirements-image.lock | $(BIN)/python
	$(BIN)/python -m venv --clear $(VENV)/image
	$(VENV)/image/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	touch $@
