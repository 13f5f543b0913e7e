# Everything a developer or a pilot user calls. The work is done by docker/native/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo stop clean test lint i18n bench import-check year ledger

help: ## show this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## make the environment under .run (Odoo, Python, PostgreSQL)
	@docker/native/setup

demo: ## fill a database, start Odoo, say how to log in (CR_PORT=8070 for another port)
	@docker/native/demo

stop: ## stop Odoo and PostgreSQL
	@docker/native/stop

clean: ## remove .run with all databases (asks first; FORCE=1 does not)
	@docker/native/clean

test: ## run all checks and tests; ARGS="-k callback" only the addons' tests that match
	@docker/native/test $(ARGS)

lint: ## run the linters
	@docker/native/setup
	@docker/native/lint

i18n: ## write the .pot files and bring the Chinese translations up to them
	@docker/native/i18n

bench: ## measure speed and size (ARGS go to tests/bench/run.py)
	@docker/native/bench $(ARGS)

import-check: ## try the export files in DIR=<folder> in a scratch database
	@docker/native/import-check "$(DIR)"

year: ## play a year of the care plans; ARGS="--cars 300 --seed 5"
	@docker/native/year $(ARGS)

ledger: ## have writers post to one points ledger; ARGS="--operations 100000 --writers 8 --seed 5"
	@docker/native/ledger $(ARGS)
