# For those whose fingers say `make`: every target is the command of run.py with the same name.
# make lab        make test ARGS="-k clock"        make lint        make setup        make lock
PYTHON ?= python3

.PHONY: lab test lint setup lock
lab test lint setup lock:
	@$(PYTHON) run.py $@ $(ARGS)
