"""STS's GetCallerIdentity: who the keys belong to. Needs no permission."""

import replies
from ec2 import Outcome
from replies import Refusal

VERSION = "2011-06-15"


def handle(call):
    """Runs one STS action. Raises Refusal; the caller gives it STS's shape."""
    if call.action != "GetCallerIdentity":
        message = f"Could not find operation {call.action} for version {VERSION}"
        raise Refusal("InvalidAction", message)
    principal = call.principal
    content = "".join(
        [
            replies.element("Arn", principal.arn),
            replies.element("UserId", principal.user_id),
            replies.element("Account", principal.account),
        ]
    )
    return Outcome(replies.sts_success(call.action, call.request_id, content))
