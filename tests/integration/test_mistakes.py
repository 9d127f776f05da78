"""What newcomers type: each mistake is one line that has the cause, the value at fault and
the next step, and nothing is sent."""

import pytest

A = "ami-0abcdef1234567890"
B = "ami-000000000000000d1"
EC2 = ("ec2", "cancel-image-launch-permission")
NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}

ARGUMENTS = [
    # verbs
    ((), "what shall be done? Try: cilp cancel AMI-ID"),
    (("--region", "us-east-1"), "what shall be done?"),
    ((A,), f"the verb is missing: cilp cancel '{A}'"),
    (("delete", A), "no verb 'delete'; did you mean cancel?"),
    (("rm", "-f", A), "no verb 'rm'; did you mean cancel?"),
    (("cancle", A), "no verb 'cancle'; did you mean cancel?"),
    (("CANCEL", A), "no verb 'CANCEL'; did you mean cancel?"),
    (("explian", A), "no verb 'explian'; did you mean explain?"),
    (("ls",), "no verb 'ls'; did you mean list?"),
    (("lists",), "no verb 'lists'; did you mean list?"),
    (("whoami",), "no verb 'whoami'; did you mean doctor?"),
    (("version",), "no verb 'version'; did you mean --version?"),
    (("frobnicate",), "no verb 'frobnicate'; cilp --help lists them"),
    (("help", "delete"), "no verb 'delete'; did you mean cancel?"),
    (("\u2013help",), "a dash of a web page?"),
    # options
    (("-v",), "no option '-v'"),
    (("-V",), "did you mean --version?"),
    (("--verison",), "no option '--verison' (names are not abbreviated); did you mean --version?"),
    (("cancel", "-n", A), "no option '-n' (names are not abbreviated); --help lists them"),
    (("cancel", "-y", A), "no option '-y'"),
    (("cancel", "--force", A), "no option '--force'"),
    (("cancel", "--all"), "no option '--all'"),
    (("cancel", "--dryrun", A), "did you mean --dry-run?"),
    (("cancel", "--dry_run", A), "did you mean --dry-run?"),
    (("cancel", "--Dry-Run", A), "did you mean --dry-run?"),
    (("cancel", "--noverify", A), "did you mean --no-verify?"),
    (("cancel", "--image", A), "did you mean --image-id?"),
    (("cancel", "--image-ids", A), "did you mean --image-id?"),
    (("cancel", "--regoin", "us-east-1", A), "did you mean --region?"),
    (("cancel", "--dry-run=true", A), "'--dry-run' takes no value; write it alone"),
    (("cancel", "--dry-run", "true", A), "'true' is not the id of an AMI"),
    (("cancel", A, "--region"), "'--region' needs a value behind it"),
    (("cancel", A, "--region", ""), "--region: the value is empty: is a variable unset?"),
    (("cancel", "--region", "--dry-run", A), "--region: expected one argument"),
    (("cancel", "--audit", A), f"--audit: expected one argument, and '{A}' is an AMI"),
    (("list", "--dry-run"), "'--dry-run' does not belong to this verb"),
    (("list", "--image-id", A), "'--image-id' does not belong to this verb"),
    (("explain", A, "--max", "3"), "'--max' does not belong to this verb"),
    (("doctor", "--audit", "f"), "'--audit' does not belong to this verb"),
    (("list", "--query", "x"), "no JMESPath in here; use --output json and jq"),
    (("cancel", A, "--no-verify-ssl"), "--ca-bundle names other roots"),
    (("cancel", A, "--no-sign-request"), "unsigned"),
    # values
    (("cancel", A, "--output", "yaml"), "--output yaml: choose text, json or off"),
    (("cancel", A, "--output", "JSON"), "--output JSON: choose text, json or off"),
    (("cancel", A, "--output", "ids"), "--output ids belongs to list"),
    (("list", "--older-than", "1w"), "--older-than 1w: give an age above 0, such as 30"),
    (("list", "--older-than", "-1"), "--older-than -1: give an age"),
    (("list", "--owner", "self"), "--owner self: an account is 12 digits"),
    (("list", "--owner", "1111-2222-3333"), "an account is 12 digits"),
    (("cancel", A, "--expect-account", "prod"), "--expect-account prod: an account is 12 digits"),
    (("cancel", A, "--max", "0"), "--max 0: give a number above 0"),
    (("cancel", A, "--max", "two"), "--max two: give a number above 0"),
    (("cancel", A, B, "--max", "1"), "2 AMIs are more than --max 1 allows; nothing was sent"),
    (("cancel", A, "--deadline", "1m"), "--deadline 1m: give seconds"),
    (("cancel", A, "--credentials", "ec2"), "--credentials ec2: choose one of environment"),
    # ids
    (("cancel",), "which AMI? Try: cilp cancel AMI-ID"),
    (("explain",), "which AMI? Try: cilp explain AMI-ID"),
    (("explain", A, B), f"one AMI at a time; there is also '{B}'"),
    (("explain", "-"), "'-' is not the id of an AMI"),
    (("list", A), f"this verb takes no AMI; what is '{A}' for?"),
    (("cancel", "-", A), "- reads the ids from standard input; give it alone"),
    (("cancel", ""), "'' is empty: is a variable unset?"),
    (("cancel", "all"), "'all' is not the id of an AMI: it begins with ami-"),
    (("cancel", "*"), "'*' is not the id of an AMI"),
    (("cancel", "golden-image"), "'golden-image' is not the id of an AMI"),
    (("cancel", f'"{A}"'), "has quotes, brackets or commas"),
    (("cancel", f"{A},{B}"), "has quotes, brackets or commas"),
    (("cancel", f"{A} {B}"), "has a space or line end in it; give one id a word"),
    (("cancel", f"{A}\n"), "has a space or line end in it"),
    (("cancel", A.upper()), "is in upper case; EC2 writes ids in lower case"),
    (("cancel", "ami-0ABCDEF1234567890"), "has upper-case digits"),
    (("cancel", "ami-1234"), "does not have 8 or 17 hex digits after ami-: was it cut?"),
    (("cancel", "ami-xxxxxxxx"), "has a character that is no hex digit"),
    (("cancel", "ami-0123456789example"), "is the placeholder of the documentation"),
    (("cancel", f"arn:aws:ec2:us-east-1::image/{A}"), "is an ARN; give the part behind its last"),
    (("cancel", "snap-12345678"), "is a snapshot"),
    (("cancel", "i-12345678"), "is an instance; give the AMI that it was launched from"),
    (("cancel", "file://ids.txt"), "is a file; cilp cancel - reads ids from standard input"),
    (("cancel", "\u2014dry-run", A), "as dashes and quotes of web pages are; type it anew"),
    (("cancel", "ami\u20110abcdef1234567890"), "characters beyond ASCII"),
    # the AWS CLI's spelling
    (EC2, "the following arguments are required: --image-id"),
    ((*EC2, A), f"unknown options: '{A}'; the AMI is given with --image-id"),
    (("ec2", "describe-images"), "this program is cilp, not the AWS CLI"),
    (("ec2", "cancel-image-launch-permissions"), "its one command is ec2 cancel-image-launch"),
]

SETTINGS = [
    ({"AWS_REGION": None, "AWS_DEFAULT_REGION": None}, (), "no Region: give --region NAME"),
    ({}, ("--region", "us-east-1a"), "'us-east-1a' is an Availability Zone or Local Zone; its"),
    ({}, ("--region", "US-EAST-1"), "'US-EAST-1' has capital letters, and a Region's name is in"),
    ({}, ("--region", "N. Virginia"), "'N. Virginia'"),
    ({}, ("--endpoint-url", "localhost"), "endpoint: not https://HOST[:PORT][/PATH] ('localhost'"),
    ({}, ("--endpoint-url", "https://"), "'https://'"),
    ({}, ("--endpoint-url", "ftp://localhost"), "not https://HOST[:PORT]"),
    ({}, ("--endpoint-url", "https://localhost:99999"), "the port is not 1 to 65535"),
    ({}, ("--endpoint-url", "https://me:hunter2@localhost"), "give https://host[:port]"),
    ({}, ("--endpoint-url", "http://192.0.2.1"), "--allow-http"),
    ({}, ("--profile", "nope"), "profile (nope) could not be found"),
    ({}, ("--audit", "/no/such/file"), "the audit file '/no/such/file' "),
    ({}, ("--ca-bundle", "/no/such"), "'/no/such' does not exist"),
    ({}, ("--ca-bundle", "/etc/hostname"), "'/etc/hostname' holds no certificate"),
    (NO_KEYS, (), "AWS_ACCESS_KEY_ID"),
    ({"AWS_SECRET_ACCESS_KEY": None}, (), "AWS_SECRET_ACCESS_KEY"),
]


@pytest.mark.parametrize("words, said", ARGUMENTS)
def test_wrong_arguments_are_answered_with_the_next_step(cilp, standin, words, said):
    cilp(*words).failed(252, said)
    assert not standin.connections()


@pytest.mark.parametrize("env, options, said", SETTINGS)
def test_wrong_settings_are_answered_with_the_next_step(cilp, standin, env, options, said):
    done = cilp("cancel", A, *options, env=env)
    done.failed(253, said)
    assert "hunter2" not in done.err and not standin.connections()
