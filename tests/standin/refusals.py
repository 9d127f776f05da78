"""How each service says no."""

import container
import imds
import iot
import proxy
import replies
import roles_anywhere
import sso

SHAPES = {
    "sts": replies.sts_refusal,
    "imds": imds.refusal,
    "container": container.refusal,
    "sso": sso.refusal,
    "proxy": proxy.refusal,
    "iot": iot.refusal,
    "rolesanywhere": roles_anywhere.refusal,
}


def reply(service, refusal, request_id):
    """The error reply of a service; EC2's if it is none of the others."""
    return SHAPES.get(service, replies.ec2_refusal)(refusal, request_id)
