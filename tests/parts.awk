# parts.awk - "SECONDS TEST" lines, added up by the folder that a test is of.
function folder(name) {
    if (name ~ /^test_promises/) return "prop"
    if (name ~ /^(test_tls|arena$|threads$|bundle_cost$)/) return "wire"
    if (name ~ /^test_/) return "unit"
    if (name == "torture") return "integration"
    if (name ~ /^dist/) return "integration/dist"
    sub(/_.*/, "", name)
    return name
}
{ seconds[folder($2)] += $1 }
END { for (part in seconds) printf "%.0f %s\n", seconds[part], part }
