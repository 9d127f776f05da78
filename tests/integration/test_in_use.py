"""An AMI that is in use is not cancelled, unless that is wished for: who asks, what is
answered, and what then becomes of the cancel."""

import json
import os
import subprocess
import urllib.parse
from pathlib import Path

import pytest
from botocore.model import ServiceModel
from botocore.serialize import create_serializer

IMAGE = "ami-0abcdef1234567890"
D01, D02, D03 = (f"ami-00000000000000d0{n}" for n in (1, 2, 3))
ACTION = "DescribeImageReferences"
CANCEL = "CancelImageLaunchPermission"
ARN = "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0"
TYPES = {
    "ec2:Instance": "i-0123456789abcdef0",
    "ec2:LaunchTemplate": "lt-0123456789abcdef0",
    "ssm:Parameter": "golden/ami",
    "imagebuilder:ImageRecipe": "base/1.0.0",
    "imagebuilder:ContainerRecipe": "box/1.0.0",
}


@pytest.fixture(name="ask")
def _ask(cilp):
    def ask(*words, **more):
        return cilp(*words, asks=True, **more)

    return ask


def refer(standin, *names, image=IMAGE, **more):
    """Something of the caller's refers to the AMI."""
    standin.seed({"references": [{"image": image, "name": n, **more} for n in names]})


def actions(standin):
    """What was asked for, in order."""
    return [r["action"] for r in standin.requests()]


def test_what_is_not_in_use_is_cancelled(ask, standin):
    done = ask("cancel", IMAGE, "--no-verify")
    assert (done.code, done.err) == (0, "")
    assert actions(standin) == [ACTION, CANCEL]
    assert len(standin.connections()) == 1
    assert not standin.shared(IMAGE)


def test_the_other_spelling_and_a_wish_do_not_ask(cilp, ask, standin):
    refer(standin, "i-0123456789abcdef0")
    assert ask("cancel", IMAGE, "--no-verify", "--even-if-in-use").code == 0
    assert cilp.aws(D01, asks=True).code == 0
    assert actions(standin) == [CANCEL, CANCEL]


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_in_use_is_left_alone(ask, standin, kind):
    refer(standin, TYPES[kind], type=kind)
    done = ask("cancel", IMAGE)
    assert done.failed(
        253, IMAGE, "in use by 1 resource of this account", TYPES[kind], "--even-if-in-use"
    )
    assert actions(standin) == [ACTION]
    assert standin.shared(IMAGE)


@pytest.mark.parametrize(
    "state, code",
    [
        ("pending", 253),
        ("running", 253),
        ("stopping", 253),
        ("stopped", 253),
        ("shutting-down", 0),
        ("terminated", 0),
    ],
)
def test_an_instance_counts_until_it_is_going(ask, standin, state, code):
    refer(standin, "i-0123456789abcdef0", state=state)
    assert ask("cancel", IMAGE, "--no-verify").code == code
    assert standin.shared(IMAGE) == (code == 253)


def test_others_resources_do_not_count(ask, standin):
    refer(standin, "i-1", account="111122223333")
    refer(standin, "i-2", image=D01)
    refer(standin, "i-3", region="eu-west-1")
    assert ask("cancel", IMAGE, "--no-verify").code == 0


@pytest.mark.parametrize("count", [10, 11, 100, 101, 1234])
def test_ten_are_named_and_the_rest_counted(ask, standin, count):
    refer(standin, *(f"i-{n:05}" for n in range(count)))
    done = ask("cancel", IMAGE)
    assert done.failed(253, f"in use by {count} resources", "i-00000", "i-00009")
    assert "i-00010" not in done.err
    assert (f"and {count - 10} more" in done.err) == (count > 10)
    assert actions(standin) == [ACTION] * -(-count // 100)


def test_a_dry_run_asks_as_well(ask, standin):
    refer(standin, "i-1")
    assert ask("cancel", IMAGE, "--dry-run").code == 253
    assert ask("cancel", D01, "--dry-run").code == 0
    assert standin.shared(IMAGE) and standin.shared(D01)


DENIED = {"error": "UnauthorizedOperation", "status": 403, "action": ACTION}


def test_who_may_not_ask_is_told_and_goes_on(ask, standin):
    standin.always(**DENIED)
    done = ask("cancel", IMAGE, D01, D02, "--no-verify")
    assert done.code == 0
    assert done.err.count("whether it is in use could not be checked") == 1
    assert "UnauthorizedOperation" in done.err and ACTION in done.err
    assert actions(standin) == [ACTION] + [CANCEL] * 3


def test_unless_it_is_required(ask, standin):
    standin.always(**DENIED)
    done = ask("cancel", IMAGE, "--require-in-use-check")
    assert done.failed(254, "UnauthorizedOperation", f"needs ec2:{ACTION}")
    assert standin.shared(IMAGE)
    assert CANCEL not in actions(standin)
    done = ask("cancel", D01, D02, "--require-in-use-check")
    assert done.code == 254
    assert "2 AMIs tried, 2 refused" in done.err
    assert standin.shared(D01) and standin.shared(D02)


def test_an_endpoint_that_does_not_know_the_question(ask, standin):
    standin.always(error="InvalidAction", status=400, action=ACTION)
    done = ask("cancel", IMAGE, "--no-verify")
    assert done.code == 0
    assert "InvalidAction" in done.err
    assert not standin.shared(IMAGE)


@pytest.mark.parametrize(
    "fault, code",
    [
        ({"cut_reply": 0}, 255),
        ({"cut_reply": 300}, 255),
        ({"error": "InternalError", "status": 500}, 254),
        ({"throttle": True}, 254),
        ({"body": "html", "status": 403}, 254),
        ({"result": "garbage"}, 255),
    ],
)
def test_without_an_answer_nothing_is_sent(ask, standin, fault, code):
    standin.always(**fault, action=ACTION)
    done = ask("cancel", IMAGE, "--deadline", "9")
    assert done.failed(code)
    assert CANCEL not in actions(standin)
    assert standin.shared(IMAGE)


def test_a_question_is_asked_again(ask, standin):
    standin.next({"cut_reply": 200, "action": ACTION}, {"throttle": True, "action": ACTION})
    assert ask("cancel", IMAGE, "--no-verify").code == 0
    assert actions(standin) == [ACTION] * 3 + [CANCEL]


@pytest.mark.parametrize("cut", range(0, 900, 90))
def test_a_cut_page_counts_nothing_twice(ask, standin, cut):
    refer(standin, "i-00001", "i-00002", "i-00003")
    standin.next({"cut_reply": cut, "action": ACTION})
    assert ask("cancel", IMAGE).failed(253, "in use by 3 resources")


def test_a_batch_leaves_out_what_is_in_use(ask, standin):
    refer(standin, "i-1", image=D02)
    done = ask("cancel", D01, D02, D03, "--no-verify")
    assert done.code == 253
    assert f"{D02}" in done.out and "in-use" in done.out
    assert "3 AMIs tried, 2 cancelled, 1 in use" in done.err
    assert standin.shared(D02)
    assert not standin.shared(D01) and not standin.shared(D03)


def test_json_names_what_uses_it(ask, standin):
    refer(standin, "i-0123456789abcdef0", image=D02)
    done = ask("cancel", D01, D02, "--no-verify", "--output", "json")
    first, second = map(json.loads, done.out.splitlines())
    assert first["outcome"] == "cancelled" and "in_use" not in first
    assert second["outcome"] == "in-use"
    assert (second["in_use"], second["used_by"]) == (1, [ARN])


def test_an_audit_tells_what_was_left_alone(ask, standin, tmp_path):
    refer(standin, "i-1")
    standin.next({}, {}, *[{"cut_reply": 0, "action": ACTION}] * 3)
    audit = tmp_path / "audit"
    done = ask("cancel", IMAGE, D01, D02, "--no-verify", "--audit", str(audit))
    assert done.code == 255
    lines = [json.loads(line) for line in audit.read_text().splitlines()]
    told = [(x["image"], x["verdict"], x.get("in_use")) for x in lines]
    assert told == [
        (IMAGE, "in-use", 1),
        (D01, "cancelled", None),
        (D02, "not-sent", "unknown"),
    ]


def test_explain_tells(cilp, standin):
    done = cilp("explain", IMAGE)
    assert "not in use by instances, launch templates" in done.out
    refer(standin, "i-0123456789abcdef0")
    done = cilp("explain", IMAGE)
    assert done.code == 0
    assert f"in use by 1 resource of this account: {ARN}" in done.out
    done = cilp("explain", IMAGE, "--output", "json")
    told = json.loads(done.out)
    assert (told["in_use"], told["used_by"]) == (1, [ARN])
    standin.always(**DENIED)
    done = cilp("explain", IMAGE)
    assert done.code == 0
    assert "whether it is in use could not be checked" in done.out
    told = json.loads(cilp("explain", IMAGE, "--output", "json").out)
    assert told["in_use"] is None and "used_by" not in told


def test_keys_that_are_no_good_end_the_run(ask, standin):
    env = {"AWS_SECRET_ACCESS_KEY": "x" * 40}
    done = ask("cancel", IMAGE, D01, env=env)
    assert done.code == 254
    assert actions(standin) == [ACTION]


def test_a_signal_during_the_question(cilp, standin):
    standin.always(stall=20, action=ACTION)
    process = cilp.start("cancel", IMAGE, asks=True)
    while not standin.connections():
        pass
    process.send_signal(15)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 143
    assert out == b"" and b"stopped; " in err
    assert b"whether the AMI is in use is unknown" in err
    assert standin.shared(IMAGE)


def test_what_a_pipe_brings_is_asked_about(cilp, standin):
    refer(standin, "i-1", image=D01)
    process = cilp.start(
        "cancel", "-", "--no-verify", asks=True, stdin=subprocess.PIPE
    )
    out, _ = process.communicate(f"{D01}\n{D02}\n".encode(), timeout=30)
    assert process.returncode == 253
    assert b"in-use" in out and standin.shared(D01) and not standin.shared(D02)


# The request, as botocore spells it

STRING = {"shape": "String"}
# Of the EC2 API Reference: Debian's botocore is older than this action.
MODEL = {
    "metadata": {
        "apiVersion": "2016-11-15",
        "endpointPrefix": "ec2",
        "protocol": "ec2",
        "serviceId": "EC2",
        "signatureVersion": "v4",
    },
    "operations": {
        "DescribeImageReferences": {
            "name": "DescribeImageReferences",
            "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "Request"},
        }
    },
    "shapes": {
        "String": {"type": "string"},
        "Boolean": {"type": "boolean"},
        "Integer": {"type": "integer"},
        "Ids": {"type": "list", "member": STRING},
        "Values": {"type": "list", "member": STRING},
        "Option": {
            "type": "structure",
            "members": {
                "OptionName": STRING,
                "OptionValues": {"shape": "Values", "locationName": "OptionValue"},
            },
        },
        "Options": {"type": "list", "member": {"shape": "Option"}},
        "Type": {
            "type": "structure",
            "members": {
                "ResourceType": STRING,
                "ResourceTypeOptions": {"shape": "Options", "locationName": "ResourceTypeOption"},
            },
        },
        "Types": {"type": "list", "member": {"shape": "Type"}},
        "Request": {
            "type": "structure",
            "members": {
                "NextToken": STRING,
                "MaxResults": {"shape": "Integer"},
                "ImageIds": {"shape": "Ids", "locationName": "ImageId"},
                "IncludeAllResourceTypes": {"shape": "Boolean"},
                "ResourceTypes": {"shape": "Types", "locationName": "ResourceType"},
            },
        },
    },
}
LIVING = ["pending", "running", "stopping", "stopped"]
# A newer botocore's own, where there is a checkout of it.
PUBLIC = Path(
    os.environ.get("CILP_CONFORMANCE_DATA") or "/nonexistent",
    "ec2-model/ec2-2016-11-15-references-regions.json",
)


def model_of(whose):
    if whose == "of the reference":
        return MODEL
    if not PUBLIC.exists():
        pytest.skip("CILP_CONFORMANCE_DATA names no folder with EC2's newer model")
    return json.loads(PUBLIC.read_text(encoding="utf-8"))


def serialized(ids, whose):
    """The parameters that botocore's serializer makes of the same question."""
    model = ServiceModel(model_of(whose)).operation_model("DescribeImageReferences")
    states = {"OptionName": "state-name", "OptionValues": LIVING}
    types = [{"ResourceType": "ec2:Instance", "ResourceTypeOptions": [states]}]
    types += [{"ResourceType": name} for name in TYPES if name != "ec2:Instance"]
    question = {"ImageIds": ids, "MaxResults": 100, "ResourceTypes": types}
    made = create_serializer("ec2").serialize_to_request(question, model)
    return {name: str(value) for name, value in made["body"].items()}


@pytest.mark.parametrize("whose", ["of the reference", "public"])
@pytest.mark.parametrize("words, count", [(("explain", IMAGE), 1), (("list", "--in-use"), 10)])
def test_the_form_is_the_one_that_botocore_serializes(ask, standin, words, count, whose):
    """Names, numbers and values of all parameters, for one AMI and for ten."""
    assert ask(*words).code in (0, 251)
    sent = [r["body"] for r in standin.requests() if r["action"] == "DescribeImageReferences"]
    form = dict(urllib.parse.parse_qsl(max(sent, key=len), strict_parsing=True))
    ids = [form[f"ImageId.{n + 1}"] for n in range(count)]
    assert form == serialized(ids, whose)
