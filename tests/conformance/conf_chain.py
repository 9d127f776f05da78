#!/usr/bin/python3
"""The choice of a source, of endpoints and of agents against public cases.

    CILP_CONFORMANCE_DATA=DATA conf_chain.py CHAIN_CASE PROCESS_CASE

From DATA: endpoint-url-config/profile-tests.json (its S3 is our EC2, its
DynamoDB our STS), chain-smithy-rs with assume-role-tests.json, ecs-tests.json,
imds-config/, and the recorded cases of default-credential-provider-chain/ and
profile-provider/, of which the source that is asked first is judged here;
go-v1-creds with what processes print, good by its name or not.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from key_ids import lengthened

SKIP = 77
AGENT = "http://169.254.170.2"
IMDS = "http://169.254.169.254"


def load(*names):
    root = os.environ.get("CILP_CONFORMANCE_DATA")
    path = pathlib.Path(root or "/nonexistent").joinpath(*names)
    if not path.exists():
        print(f"chain: left out, CILP_CONFORMANCE_DATA has no {names[0]}")
        sys.exit(SKIP)
    return json.loads(path.read_text("utf-8")) if path.is_file() else path


def choose(program, env, *options, config="", files=None):
    with tempfile.TemporaryDirectory() as home:
        home = pathlib.Path(home)
        (home / ".aws").mkdir()
        (home / ".aws/config").write_text(config)
        for name, text in (files or {}).items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text)
        out = subprocess.run([program, *options], check=True, cwd=home,
                             env={"HOME": str(home), **env},
                             stdout=subprocess.PIPE).stdout.decode()
    return dict(line.split(": ", 1) for line in out.splitlines())


def sections(kind, table):
    text = ""
    for name, pairs in table.items():
        text += f"[{kind} {name}]\n"
        for key, value in pairs.items():
            if isinstance(value, dict):
                value = "".join(f"\n  {k} = {v}" for k, v in value.items())
            text += f"{key} = {value}\n"
    return text


# ---- Each gives (name, reason to leave out or None, fault or None) ----------

def endpoints(program):
    ours = {"s3": "ec2", "dynamodb": "sts"}
    text = json.dumps(load("endpoint-url-config", "profile-tests.json"))
    for theirs, name in ours.items():
        text = text.replace(f'"{theirs}"', f'"{name}"').replace(
            f"AWS_ENDPOINT_URL_{theirs.upper()}",
            f"AWS_ENDPOINT_URL_{name.upper()}")
    for suite in json.loads(text)["testSuites"]:
        config = sections("profile", suite["profiles"]) + \
            sections("services", suite["services"])
        for case in suite["endpointUrlTests"]:
            if "endpoint_url" in suite["client_configs"][case["client_config"]]:
                yield case["name"], "what --endpoint-url says is the board's", \
                    None
                continue
            got = choose(program, suite["environments"][case["environment"]],
                         "--profile", case["profile"], config=config)
            want = case["output"].get("endpointUrl") or "-"
            if ".amazonaws.com" in want:
                want = "-"      # the Region's: nothing is configured
            fault = got["error"] != "-" or got[case["service"]] != want
            yield case["name"], None, f"want {want}, {got}" if fault else None


def source_text(chain):
    """A chain of the cases as chain_text() has it, session names apart."""
    base, *roles = chain
    (kind, v), = base.items()
    if kind == "AccessKey":
        text = f"config-file: {v['access_key_id']} {v['secret_access_key']} -"
    elif kind == "WebIdentityToken":
        text = f"web-identity: {v['web_identity_token_file']} {v['role_arn']} -"
    else:
        text = f"sso: {v['sso_account_id']} {v['sso_role_name']} " \
               f"{v['sso_region']}"
    if roles:
        text = f"assume-role({text}) "
        text += "; ".join(
            f"{r['AssumeRole']['role_arn']} "
            f"{r['AssumeRole'].get('role_session_name', '-')} - 0"
            for r in roles)
    return text


def roles(program):
    for case in load("chain-smithy-rs", "assume-role-tests.json"):
        given, want = case["input"], case["output"]
        config = sections("profile", given["profiles"]) + \
            sections("sso-session", given.get("sso_sessions", {}))
        got = choose(program, {}, "--profile", given["selected_profile"],
                     config=config)
        if "Error" in want:
            fault = got["error"] == "-" and "not refused"
        elif "sso_session" in str(want):
            yield case["docs"], "SSO's token itself, for other services", None
            continue
        else:
            text = source_text(want["ProfileChain"])
            fault = not got["source"].startswith(text) and f"want {text}"
        yield case["docs"], None, f"{fault}, {got}" if fault else None


def containers(program):
    for case in load("chain-smithy-rs", "ecs-tests.json")["tests"]:
        got = choose(program, case["env"], "--credentials", "container")
        want = case["result"].get("Ok")
        uri = got["source"].replace("container: /", f"container: {AGENT}/")
        good = uri == f"container: {want}" if want else got["error"] != "-"
        yield case["docs"], None, None if good else f"want {want}, {got}"


def metadata(program):
    path = ("chain-smithy-rs", "imds-config", "imds-endpoint-tests.json")
    for case in load(*path)["tests"]:
        if "endpoint_override" in case:
            yield case["docs"], "there is no option for IMDS's endpoint", None
            continue
        if "invalid uri" in case["docs"]:
            yield case["docs"], "endpoints are judged by the source, in core", \
                None
            continue
        got = choose(program, case["env"], "--credentials", "imds",
                     files=case["fs"])
        want = case["result"].get("Ok")
        if want:
            base = (got["source"] + " ?").split(" ")[1].replace("-", IMDS)
            good = base + "/latest/api/token" == want
        else:
            good = got["error"] != "-"
        yield case["docs"], None, None if good else f"want {want}, {got}"


def first_asked(folder):
    """The kind of source that the first recorded request is for."""
    events = json.loads((folder / "http-traffic.json").read_text())["events"]
    for event in events:
        request = event["action"].get("Request", {}).get("request")
        if not request:
            continue
        uri = request["uri"]
        body = json.dumps(request) + json.dumps(events)
        if "portal.sso" in uri:
            return "sso"
        if uri.startswith("http://169.254.169.254"):
            return "imds"
        if uri.startswith("http://"):
            return "container"
        if "AssumeRoleWithWebIdentity" in body:
            return "web-identity"
        return "keys"
    return "nobody"


def recorded(program):
    for group in ("default-credential-provider-chain", "profile-provider"):
        for folder in sorted(load("chain-smithy-rs", group).iterdir()):
            case = json.loads((folder / "test-case.json").read_text())
            env = json.loads((folder / "env.json").read_text())
            files = {str(p.relative_to(folder / "fs")): p.read_text()
                     for p in (folder / "fs").rglob("*")
                     if p.is_file()} if (folder / "fs").is_dir() else {}
            files = {n.removeprefix("home/"): t for n, t in files.items()}
            env.pop("HOME", None)
            got = choose(program, env, files=files)
            want = first_asked(folder)
            kind = got["source"].split(":")[0].split("(")[-1]
            if "ErrorContains" in case["result"] and want == "nobody":
                good = got["error"] != "-" or kind in ("process", "imds")
            elif want in ("keys", "nobody"):
                good = kind in ("environment", "credentials-file",
                                "config-file", "process")
            else:
                good = kind == want
            yield f"{group}/{folder.name}", None, \
                None if good else f"want {want}, {case['result']}, {got}"


GOOD = {"static", "nonexpire", "longsessiontoken"}
BAD = {"expired", "malformed", "missingkey", "missingsecret", "wrongversion"}
UNREAD = {"verybad"}    # well formed: keys that must lose to others


def processes(program):
    path = load("go-v1-creds", "processcreds", "testdata")
    for file in sorted(path.glob("*.json")):
        got = subprocess.run([program], input=lengthened(file.read_text()).encode(), check=True,
                             stdout=subprocess.PIPE).stdout.decode().strip()
        if file.stem in UNREAD:
            yield file.name, "about the order, which is the AWS CLI's here", \
                None
        elif file.stem in GOOD | BAD:
            good = (got == "taken") == (file.stem in GOOD)
            yield file.name, None, None if good else got
        else:
            yield file.name, None, "a case that this runner does not know"


def main(program, process):
    totals = [0, 0, 0]
    for judge, of in ((endpoints, program), (roles, program),
                      (containers, program), (metadata, program),
                      (recorded, program), (processes, process)):
        counts, reasons = [0, 0, 0], {}
        for name, reason, fault in judge(of):
            if reason:
                counts[2] += 1
                reasons[reason] = reasons.get(reason, 0) + 1
            elif fault:
                counts[1] += 1
                print(f"FAILED {name}: {fault}")
            else:
                counts[0] += 1
        print("{}: {} passed, {} failed, {} left out".format(
            judge.__name__, *counts))
        for reason, n in reasons.items():
            print(f"left out: {n}, {reason}")
        totals = [a + b for a, b in zip(totals, counts)]
    print("chain: {} passed, {} failed, {} left out".format(*totals))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main(*map(os.path.abspath, sys.argv[1:3])))
