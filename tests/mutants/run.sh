#!/bin/sh
# run.sh - plant the faults of faults.py one by one, build the test that has to
# notice each, and run it.
#
#   sh tests/mutants/run.sh [WORD...]   all, or those whose name has a WORD
#   sh tests/mutants/run.sh --suite     all but those whose tests run alone:
#                                       the test `mutants`
#
# A line for each: who noticed. Exit 1: one was not noticed, or its text stands
# no longer in its file.
set -eu
cd "$(dirname "$0")/../.."
exec "${PYTHON:-/usr/bin/python3}" tests/mutants/mutants.py "$@"
