# The product's door. Every target sets itself up: a fresh clone needs Python 3.11, git and make, and no root.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SPARK_STAMP := $(VENV)/.installed-spark
VAR := $(CURDIR)/var

# The embedded stack: Airflow on SQLite, DuckDB, local folders. The environment wins where it already says something.
# Random keys are written only where nobody names a keys file of their own.
KEYS := $(if $(filter undefined,$(origin REGSOSEK_KEYS_FILE)),--make-keys)
export REGSOSEK_KEYS_FILE ?= $(VAR)/keys.json
export REGSOSEK_LANDING ?= $(VAR)/landing
export REGSOSEK_RAW ?= $(VAR)/raw
export REGSOSEK_WAREHOUSE ?= $(VAR)/regsosek.duckdb
export REGSOSEK_PUBLISHED ?= $(CURDIR)/published
export REGSOSEK_STATE ?= $(VAR)/state
export REGSOSEK_SCRATCH ?= $(VAR)/scratch
export PYTHONPATH := $(CURDIR)
export AIRFLOW_HOME ?= $(VAR)/airflow
export AIRFLOW__CORE__DAGS_FOLDER := $(CURDIR)/dags
export AIRFLOW__CORE__LOAD_EXAMPLES := False
export AIRFLOW__CORE__UNIT_TEST_MODE := False
export AIRFLOW__USAGE_DATA_COLLECTION__ENABLED := False
export AIRFLOW__LOGGING__LOGGING_LEVEL ?= WARNING
export DO_NOT_TRACK := 1
export PATH := $(CURDIR)/$(BIN):$(PATH)

ENUMERATORS ?= 60
DAYS ?= 3
SEED ?= 7
FIRST_DAY ?= 2022-10-15

.PHONY: help install run night nights shock rollback mirror housekeeping simulate fit-pmt test prove chromium java spark-wheels site lint docs bench up clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(STAMP): requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "needs $(PYTHON) on the PATH (or make PYTHON=/path/to/python3.11)"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements.txt
	@touch $@

# Spark is 400 MB that only its own tests need; Java comes from Debian where we may install it.
$(SPARK_STAMP): requirements-spark.txt $(STAMP) | java
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements.txt -r requirements-spark.txt
	@touch $@

java:
	@command -v java >/dev/null || [ "$$(id -u)" != 0 ] || { apt-get update -qq && apt-get install -y -qq openjdk-17-jre-headless; }
	@command -v java >/dev/null || { echo "the spark tests need Java 17"; exit 2; }

# Spark downloaded and built into uv's cache, not into .venv: tests that run meanwhile must not see half a package.
spark-wheels: $(STAMP) java
	@mkdir -p $(VAR) && folder=$$(mktemp -d -p $(VAR)) && trap "rm -rf $$folder" EXIT && \
		$(BIN)/uv pip install --quiet --no-deps --python $(BIN)/python --target $$folder -r requirements-spark.txt

install: $(STAMP) ## install what is missing into .venv

run: $(STAMP) ## simulate a small province and run three nights through Airflow
	@$(BIN)/python -m local_stack.first_look --enumerators $(ENUMERATORS) --days $(DAYS) --seed $(SEED) --first-day $(FIRST_DAY) $(KEYS)

# Airflow's libraries warn about each other; what a night has to say is in its own lines.
run night nights shock: export PYTHONWARNINGS := ignore

night: $(STAMP) ## one night: make night DAY=2022-10-17
	@$(BIN)/python -m local_stack.nights --from $(DAY) $(KEYS)

nights: $(STAMP) ## several nights in order: make nights FROM=2022-10-15 TO=2022-10-17
	@$(BIN)/python -m local_stack.nights --from $(FROM) --to $(TO) $(KEYS)

shock: $(STAMP) ## who is hit by an event of landing/events, published over what is live: make shock EVENT=flood-01
	@$(BIN)/python -m local_stack.shock --event $(EVENT)

rollback: $(STAMP) ## make live again what was live as of a day: make rollback TO=2022-10-16 (or a snapshot's name)
	@$(BIN)/python -m include.publication.rollback "$(TO)"

mirror: $(STAMP) ## bring the mirror of REGSOSEK_PUBLISHED_MIRROR to what is live
	@$(BIN)/python -m include.publication.mirror

housekeeping: $(STAMP) ## take away old snapshots and what kills left
	@$(BIN)/python -m include.housekeeping_steps

simulate: $(STAMP) ## a synthetic landing zone: make simulate OUT=… ENUMERATORS=… DAYS=… SEED=… DEFECTS=1
	@$(BIN)/python -m include.simulation --out $(OUT) --enumerators $(ENUMERATORS) --days $(DAYS) --seed $(SEED) --first-day $(FIRST_DAY) $(if $(DEFECTS),--defects)

fit-pmt: $(STAMP) ## weights of the welfare score from a survey: make fit-pmt DATA=… OUT=… WEIGHT=… CLUSTER=… (docs/pmt_fitting.md)
	@$(BIN)/python -m include.welfare_model --data "$(DATA)" --out "$(or $(OUT),$(VAR)/welfare_model)" \
		$(if $(WEIGHT),--weight "$(WEIGHT)") $(if $(CLUSTER),--cluster "$(CLUSTER)") $(if $(MAPPING),--mapping "$(MAPPING)") \
		$(if $(VERSION),--version "$(VERSION)") $(if $(VALID_FROM),--valid-from "$(VALID_FROM)") $(if $(INSTALL),--install) \
		$(if $(SOURCE),--source "$(SOURCE)") $(if $(LICENCE),--licence "$(LICENCE)") $(if $(APPROVED_BY),--approved-by "$(APPROVED_BY)")

test: $(STAMP) ## every test but the marked ones
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

prove: $(STAMP) $(if $(filter spark,$(or $(MARK),spark)),$(SPARK_STAMP)) $(if $(filter browser,$(or $(MARK),browser)),chromium) ## the marked tests: make prove, or make prove MARK=fault CASE=short
	$(BIN)/python -m pytest -m "$(or $(MARK),browser or spark or stack or fault or bench)" $(if $(CASE),-k "$(CASE)")

# The browser of the browser tests; from Debian where we may install it, never a download of its own.
chromium:
	@command -v chromium >/dev/null || [ "$$(id -u)" != 0 ] || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; }
	@command -v chromium >/dev/null || { echo "the browser tests need chromium on the PATH"; exit 2; }

site: $(STAMP) ## the report site again, from the live open snapshot into var/site
	@$(BIN)/python -m include.report --out $(VAR)/site

SQL ?= dbt_project/models
lint: $(STAMP) ## linters, as the pre-commit hooks run them; make lint SQL=… lints that SQL alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	REGSOSEK_WAREHOUSE=:memory: $(BIN)/sqlfluff lint -p 2 $(SQL)

# uv takes the pins of the file it writes for preferences, so that adding one package raises no other.
LOCK := $(BIN)/uv pip compile --quiet --python-version 3.11 --no-header
lock: $(STAMP) ## resolve requirements.in into requirements.txt, raising no pin that need not move
	cp requirements.txt lock.new && $(LOCK) requirements.in -o lock.new
	{ sed -n "/^#/!q;p" requirements.txt; cat lock.new; } > lock.whole && mv lock.whole requirements.txt
	cp requirements-spark.txt lock.new && $(LOCK) --constraint requirements.txt requirements-spark.in -o lock.new
	{ sed -n "/^#/!q;p" requirements-spark.txt; cat lock.new; } > lock.whole && mv lock.whole requirements-spark.txt
	rm lock.new

bench: $(STAMP) ## benchmarks, with their floors
	$(BIN)/python -m benchmarks.intake --enumerators 7350
	$(BIN)/python -m benchmarks.nights --enumerators 500 --days 6
	$(BIN)/python -m benchmarks.shock --families 1837500
	$(BIN)/python -m benchmarks.site
	$(BIN)/python -m benchmarks.whole_field --nights 10 90 --cache $(VAR)/bench/field --work $(VAR)/bench
	$(BIN)/python -m benchmarks.reading --published $(VAR)/bench/night-90/published

up: ## the production stack (needs Docker and .env)
	docker compose up --build --detach

clean: ## forget everything the embedded stack made
	rm -rf $(VAR) published
