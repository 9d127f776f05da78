#!/bin/sh
# run.sh [WORD...] - plant the faults of faults.py one by one in a copy of the
# tree, build the test that has to notice each, and run it. WORDs: only faults
# whose name has one of them. Exit 1: one was not noticed.
set -eu
cd "$(dirname "$0")/../.."
exec "${PYTHON:-/usr/bin/python3}" tests/mutants/mutants.py "$@"
