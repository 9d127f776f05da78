#!/usr/bin/python3
"""Endpoints against the AWS SDKs' cases, rule sets and partitions.

    CILP_CONFORMANCE_DATA=DATA conf_endpoint.py PROGRAM

PROGRAM is endpoint_case. In DATA/endpoints-ec2, for EC2 and STS:
endpoint-tests-1.json holds cases; endpoint-rule-set-1.json is run here by a
small interpreter for every Region of partitions.json and some of no list, in
every variant, and must come to the same host.
"""
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys

SKIP = 77
SERVICES = ("ec2", "sts")
# Regions that no list has; the first eight fit a partition's pattern each.
UNLISTED = ("us-new-7", "cn-new-7", "us-gov-new-7", "eusc-de-new-7",
            "us-iso-new-7", "us-isob-new-7", "eu-isoe-new-7", "us-isof-new-7",
            "us-gov2-east-1", "eusc-fr-east-1", "xx-east-1", "us-east-1a",
            "eu-iso-west-1", "nowhere")
CUSTOM = (None, "https://example.com", "https://example.com:8443",
          "http://localhost:4566")


def data_folder():
    root = os.environ.get("CILP_CONFORMANCE_DATA")
    folder = pathlib.Path(root or "/nonexistent") / "endpoints-ec2"
    if not folder.is_dir():
        print("endpoint: left out, CILP_CONFORMANCE_DATA has no endpoints-ec2")
        sys.exit(SKIP)
    return folder


def load(path):
    return json.loads(path.read_text("utf-8"))


class Rules:
    """As much of the endpoint rules language as these rule sets use."""

    def __init__(self, rules, partitions):
        self.rules = rules
        self.partitions = partitions

    def partition(self, region):
        for p in self.partitions:
            if region in p["regions"]:
                return p["outputs"]
        for p in self.partitions:
            if re.search(p["regionRegex"], region):
                return p["outputs"]
        return self.partitions[0]["outputs"]

    def value(self, expr, names):
        if not isinstance(expr, dict):
            return expr
        if "ref" in expr:
            return names.get(expr["ref"])
        args = [self.value(a, names) for a in expr["argv"]]
        return {
            "isSet": lambda a: a is not None,
            "not": lambda a: not a,
            "booleanEquals": lambda a, b: a is b,
            "stringEquals": lambda a, b: a == b,
            "getAttr": lambda a, b: a[b],
            "aws.partition": self.partition,
        }[expr["fn"]](*args)

    def holds(self, conditions, names):
        for condition in conditions:
            result = self.value(condition, names)
            if result is None or result is False:
                return False
            if "assign" in condition:
                names[condition["assign"]] = result
        return True

    def resolve(self, names, rules=None):
        """A URL, or None where the rules say that it is an error."""
        for rule in rules or self.rules:
            scope = dict(names)
            if not self.holds(rule["conditions"], scope):
                continue
            if rule["type"] == "tree":
                return self.resolve(scope, rule["rules"])
            if rule["type"] == "error":
                return None
            url = rule["endpoint"]["url"]
            if isinstance(url, dict):
                return self.value(url, scope)
            return re.sub(r"\{(\w+)(?:#(\w+))?\}",
                          lambda m: scope[m[1]][m[2]] if m[2] else scope[m[1]],
                          url)
        raise ValueError("no rule applies")


def left_out(params, want):
    """Why a case is none of ours, or None."""
    if want == "https://sts.amazonaws.com":
        return "STS's global endpoint is not offered"
    region = params.get("Region", "")
    if region and not params.get("Endpoint") and not region[-1].isdigit():
        return "no Regions (the last is no digit): refused, with the reason"
    if region.endswith("-global"):
        return "pseudo Regions are refused, with the reason"
    if want and not params.get("Region"):
        return "without a Region nothing can be signed: refused"
    return None


def listed_cases(folder, service):
    path = folder / service / "endpoint-tests-1.json"
    for case in load(path)["testCases"] if path.exists() else ():
        url = case["expect"].get("endpoint", {}).get("url")
        yield service, case.get("params", {}), url


def ruled_cases(folder, service):
    path = folder / service / "endpoint-rule-set-1.json"
    if not path.exists():
        return
    partitions = load(folder / "partitions.json")["partitions"]
    rules = Rules(load(path)["rules"], partitions)
    regions = [r for p in partitions for r in p["regions"]]
    for region, fips, dual, url in itertools.product(
            regions + list(UNLISTED), (False, True), (False, True), CUSTOM):
        params = {"Region": region, "UseFIPS": fips, "UseDualStack": dual,
                  "UseGlobalEndpoint": False, "Endpoint": url}
        yield service, params, rules.resolve(params)


def line(service, params):
    return "\t".join((service, params.get("Region") or "",
                      str(int(params.get("UseFIPS", False))),
                      str(int(params.get("UseDualStack", False))),
                      params.get("Endpoint") or ""))


def check(program, kind, cases):
    reasons = {}
    ours = []
    for case in cases:
        why = left_out(*case[1:])
        if why:
            reasons[why] = reasons.get(why, 0) + 1
        else:
            ours.append(case)
    text = "".join(line(s, p) + "\n" for s, p, _ in ours)
    answers = subprocess.run([program], input=text.encode(), check=True,
                             stdout=subprocess.PIPE).stdout.decode()
    failed = 0
    for (service, params, want), got in zip(ours, answers.splitlines(),
                                            strict=True):
        if got != want and (want or not got.startswith("error: ")):
            failed += 1
            print(f"FAILED {service} {params}: want {want}, got {got}")
    passed = len(ours) - failed
    print(f"{kind}: {passed} passed, {failed} failed, "
          f"{sum(reasons.values())} left out")
    for why, n in reasons.items():
        print(f"left out: {n}, {why}")
    return passed, failed, sum(reasons.values())


def main(program):
    folder = data_folder()
    totals = (0, 0, 0)
    for kind, source in (("cases", listed_cases), ("rule sets", ruled_cases)):
        cases = [c for s in SERVICES for c in source(folder, s)]
        counts = check(program, kind, cases)
        totals = tuple(map(sum, zip(totals, counts)))
    print("endpoint: {} passed, {} failed, {} left out".format(*totals))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
