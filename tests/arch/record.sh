# shellcheck shell=sh
# record.sh - sourced: holds a figure against record.txt.

# gate NAME BYTES: prints the figure and how far it is from the record. False
# if it is more than 3 % above, or above the ceiling.
gate() {
    awk -v name="$1" -v now="$2" '
        $1 == name {
            known = 1
            most = int($2 * 1.03)
            most = $3 < most ? $3 : most
            printf "figure: %s: %d bytes, record %d (%+d, %+.1f %%), at most %d\n",
                name, now, $2, now - $2, (now - $2) * 100 / $2, most
            if (now > most) {
                printf "FAIL: %s has more than %d bytes: raise its record in " \
                    "tests/arch/record.txt, or save\n", name, most
                exit 1
            }
        }
        END {
            if (!known) {
                printf "FAIL: tests/arch/record.txt has no %s\n", name
                exit 1
            }
        }' tests/arch/record.txt
}
