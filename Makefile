# Two commands matter: `make demo` and `make test`. Each sets up all it needs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# An installation never resolves: the files are closed, and `pip check` says so.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps
CHECK := $(BIN)/python -m pip check --disable-pip-version-check
DEMO ?= --size 6000 --seed 2011
SIZE_ARGS ?=

.PHONY: demo test databases databases-long keys spark wheel coverage lint format types long bench serve requirements docs clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.users: requirements/analysis.txt pyproject.toml | $(BIN)/python
	@echo "Installing (hash-pinned wheels) ..."
	$(PIP) --require-hashes --only-binary :all: -r requirements/analysis.txt
	$(PIP) --no-build-isolation -e .
	$(CHECK)
	@touch $@

$(VENV)/.development: requirements/development.txt pyproject.toml | $(BIN)/python
	@echo "Installing (hash-pinned wheels) ..."
	$(PIP) --require-hashes --only-binary :all: -r requirements/development.txt
	$(PIP) --no-build-isolation -e .
	$(CHECK)
	@touch $@ $(VENV)/.users

demo: $(VENV)/.users
	$(BIN)/corroborate demo demo $(DEMO)

serve: $(VENV)/.users
	$(BIN)/corroborate serve --vault demo/hub --passphrase-file demo/passphrase.txt

test: $(VENV)/.development
	@sh tests/system_packages.sh
	$(BIN)/python -m pytest -q -m "not long and not spark" -n auto --dist loadfile $(TESTS)

# Spark comes as source (no wheel), and is large: its tests run apart. The options have Java compile less, since
# the tests ask much of it and little each.
$(VENV)/.spark: requirements/spark.txt $(VENV)/.development
	@echo "Installing Spark (hash-pinned source, 450 MB) ..."
	$(PIP) --require-hashes --no-build-isolation -r requirements/spark.txt
	$(CHECK)
	@touch $@

spark: $(VENV)/.spark
	@sh tests/system_packages.sh
	JDK_JAVA_OPTIONS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" $(BIN)/python -m pytest -q -m spark tests/linkage/test_spark.py

# The promises, who may do what, search, and lists that come again, on a PostgreSQL that the tests start: the same tests
# as on a file, about four minutes on two cores. `make databases-long` asks the other rooms too.
ON_POSTGRESQL = CORROBORATE_TEST_DATABASE=postgresql $(BIN)/python -m pytest -q -m "not long and not spark and not browser" -n auto --dist loadfile

databases: $(VENV)/.development
	@sh tests/system_packages.sh
	$(ON_POSTGRESQL) tests/databases tests/coalition/test_supporters.py tests/promises tests/finding tests/security/test_roles.py tests/importing/test_again.py tests/rooms/test_records.py tests/rooms/test_search.py

databases-long: $(VENV)/.development
	@sh tests/system_packages.sh
	$(ON_POSTGRESQL) tests/rooms tests/importing tests/recording tests/review tests/words tests/estimation_page tests/import_page tests/http_api tests/consent tests/stores tests/coalition tests/site tests/package tests/private tests/keeping tests/custody tests/inquiry tests/access
	CORROBORATE_TEST_DATABASE=postgresql $(BIN)/python -m pytest -q -m "not long" tests/browser/test_round_of_46.py

# The life of keys played ten thousand times: sixteen minutes of a core, halved on two.
keys: $(VENV)/.development
	$(BIN)/python -m pytest -q -m long -n auto tests/custody/test_life_of_keys.py

# What people install: a wheel in an environment that holds nothing of this folder runs the whole chain.
wheel: $(VENV)/.development
	rm -rf build/wheel && mkdir -p build/wheel
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w build/wheel .
	$(PYTHON) -m venv build/wheel/venv
	build/wheel/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes --only-binary :all: -r requirements/analysis.txt
	build/wheel/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps build/wheel/*.whl
	build/wheel/venv/bin/python -m pip check --disable-pip-version-check
	cd build/wheel && venv/bin/corroborate demo demo --no-serve --size 600 --seed 2011

long: $(VENV)/.development
	$(BIN)/python -m pytest -q -m "long and not spark"

# The tests of the log and of packages that need no vault but to pack from: vaults take their time to open.
COVERING = $(addprefix tests/custody/test_,$(addsuffix .py,archives notes parsers policy recovery life_of_keys members_and_keys storage tampering times tree witness)) \
  $(addprefix tests/package/test_,$(addsuffix .py,bad_bytes containers dishonest_member formats keys one_reading packing proofs_alone sealed_files tamper_matrix timestamps waiting)) \
  tests/conformance/test_tlog.py

coverage: $(VENV)/.development
	$(BIN)/python -m pytest -q -m "not long" -n 2 $(COVERING) --cov=corroborate.custody --cov-branch --cov-report=
	$(BIN)/python -m coverage report --fail-under=98

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.development
	$(BIN)/python -m corroborate_cli.reference > docs/reference/commands.md
	$(BIN)/python -m corroborate_cli.reference --api > docs/reference/api.json

bench: $(VENV)/.development
	$(BIN)/python bench/run.py

requirements:
	@for made in "users --group build" \
	    "analysis --extra analysis --extra c2pa --extra postgresql --extra s3 --group build" \
	    "development --extra analysis --extra c2pa --extra postgresql --extra s3 --group dev --group build"; do \
	  set -- $$made; name=$$1; shift; \
	  uv pip compile pyproject.toml "$$@" --quiet --no-config --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	    --only-binary :all: -o requirements/$$name.txt || exit 1; \
	done
	@$(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['spark'])" \
	  | uv pip compile - --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links -o requirements/spark.txt

clean:
	rm -rf demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
