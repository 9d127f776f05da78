"""What points a client at each source of keys: variables, profiles, token files."""

import hashlib
import json

import accounts
import container
import iot
import roles
import roles_anywhere
import sso
import web_identity
from chains import THING

START_URL = "https://example.awsapps.com/start"
SSO_SESSION = "standin"
SESSION_NAME = "a-test"
CLIENT = "client-p256"


def _arn(name, path="/"):
    return f"arn:aws:iam::{roles.BUILDS}:role{path}{name}"


def certificate(folder, name=CLIENT):
    """The variables that name a client's certificate and key."""
    return {
        "CILP_CERTIFICATE": str(folder / f"{name}.pem"),
        "CILP_PRIVATE_KEY": str(folder / f"key-{name}.pem"),
    }


def variables(service, url, folder):
    """The environment that makes a service a source of keys, or lets it be found."""
    token_file = str(folder / "web-identity.jwt")
    return {
        # Debian's AWS CLI puts the path right behind it.
        "imds": {"AWS_EC2_METADATA_SERVICE_ENDPOINT": f"{url}/"},
        "container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": url + container.FULL},
        "sts": {
            "AWS_ENDPOINT_URL_STS": url,
            "AWS_ROLE_ARN": _arn("by-web-identity"),
            "AWS_WEB_IDENTITY_TOKEN_FILE": token_file,
            "AWS_ROLE_SESSION_NAME": SESSION_NAME,
        },
        "sso": {
            "AWS_ENDPOINT_URL_SSO": url,
            "HOME": str(folder / "home"),
            "AWS_PROFILE": "sso",
        },
        "proxy": {"HTTPS_PROXY": url},
        "iot": {
            "CILP_IOT_ENDPOINT": url,
            "CILP_IOT_ROLE_ALIAS": iot.ALIAS,
            "CILP_IOT_THING_NAME": THING,
            **certificate(folder),
        },
        "rolesanywhere": {
            "AWS_ENDPOINT_URL_ROLESANYWHERE": url,
            "CILP_ROLESANYWHERE_TRUST_ANCHOR_ARN": roles_anywhere.anchor_arn(),
            "CILP_ROLESANYWHERE_PROFILE_ARN": roles_anywhere.profile_arn(),
            "AWS_ROLE_ARN": roles_anywhere.role_arn(),
            **certificate(folder),
        },
    }.get(service, {})


def _assuming(name, **more):
    return {"role_arn": _arn(name), "role_session_name": SESSION_NAME, **more}


def _profiles(folder):
    """Profile name -> its settings, but for what is the same in all."""
    keys = {
        "aws_access_key_id": accounts.CALLER_KEY,
        "aws_secret_access_key": accounts.SECRET,
    }
    access = {"sso_account_id": roles.BUILDS, "sso_role_name": sso.ROLE}
    start = {"sso_region": "us-east-1", "sso_start_url": START_URL}
    external = {"source_profile": "base", "external_id": roles.EXTERNAL_ID}
    token_file = folder / "web-identity.jwt"
    return {
        "base": keys,
        "role": _assuming("deployer", source_profile="base"),
        "role-with-id": _assuming("deployer-with-id", **external),
        "role-of-role": _assuming("after-deployer", source_profile="role"),
        "role-of-instance": _assuming(
            "deployer", credential_source="Ec2InstanceMetadata"
        ),
        "role-of-container": _assuming("deployer", credential_source="EcsContainer"),
        "role-of-environment": _assuming("deployer", credential_source="Environment"),
        "web": _assuming("by-web-identity", web_identity_token_file=token_file),
        "sso": {"sso_session": SSO_SESSION, **access},
        "sso-old": {**start, **access},
    }


def _section(name, values):
    lines = [f"[{name}]", *(f"{key} = {value}" for key, value in values.items())]
    return "\n".join(lines) + "\n\n"


def _config(folder, region, bundle):
    same = {"region": region, "ca_bundle": bundle}
    text = "".join(
        _section(f"profile {name}", {**same, **values})
        for name, values in _profiles(folder).items()
    )
    start = {"sso_region": "us-east-1", "sso_start_url": START_URL}
    return text + _section(f"sso-session {SSO_SESSION}", start)


def _write(file, text):
    """As whoever writes keys should: nobody else can read it."""
    file.touch(0o600)
    file.write_text(text)


def sign_in(folder, token, expires="2099-12-31T00:00:00Z"):
    """Writes the token files of a person who has signed in, as `aws sso login` does.

    One is for the session, one for the profile without a session.
    """
    cache = folder / "home/.aws/sso/cache"
    cache.mkdir(parents=True, exist_ok=True)
    document = {"startUrl": START_URL, "region": "us-east-1"}
    document.update(accessToken=token, expiresAt=expires)
    for key in (SSO_SESSION, START_URL):
        name = hashlib.sha1(key.encode()).hexdigest()
        _write(cache / f"{name}.json", json.dumps(document))


def write_files(folder, region, bundle, settings):
    """A home with profiles and tokens, and the token files beside it."""
    sign_in(folder, settings.sso_token)
    _write(folder / "home/.aws/config", _config(folder, region, bundle))
    _write(folder / "web-identity.jwt", web_identity.token())
    _write(folder / "container-token", settings.container_token)
