#!/usr/bin/python3
"""The EC2 stand-in: a TLS server on loopback that answers as EC2 does.

It checks every signature, keeps AMIs and launch permissions, and misbehaves on
request. README.md beside this file tells the rest.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

# pylint: disable=wrong-import-position
import accounts  # noqa: E402
import listeners  # noqa: E402
import sources  # noqa: E402
from chains import Chains  # noqa: E402
from control import Control  # noqa: E402
from front import Front  # noqa: E402
from journal import Journal  # noqa: E402
from listeners import LOOPBACK  # noqa: E402
from misbehaviour import Plan  # noqa: E402
from proxy import PLAIN_PORT  # noqa: E402
from world import Settings, World  # noqa: E402

SETTLE_STEP = 0.01


class Standin:
    """A running stand-in. Use it with `with`, or call start() and stop().

    `listen` names listeners (see --help), `seed` is what POST /seed takes, `names` are
    more host names for the leaves, `settings` are those of world.Settings.
    """

    def __init__(
        self,
        listen=listeners.DEFAULT,
        *,
        state=None,
        region="us-east-1",
        many=0,
        names=(),
        seed=None,
        control_port=0,
        **settings,
    ):
        self.journal = Journal()
        self.stopped = threading.Event()
        self._settings = {"region": region, **settings}
        self._many = many
        self._seed = seed or {}
        self.reset()
        specs = [listeners.parse(text) for text in listen]
        self._owned = state is None
        self.folder = Path(state or tempfile.mkdtemp(prefix="ec2-standin-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self._listeners = {}
        try:
            self.chains = Chains(self.folder, names)
            for spec in specs:
                self._listeners[spec.name] = listeners.Listener(spec, self)
            self._control = Control(self, control_port)
        except BaseException:
            self._close()
            raise

    # Life

    def start(self):
        """Begins to serve."""
        for listener in self._listeners.values():
            listener.start()
        self._control.start()
        self.write_sources()
        facts = json.dumps(self.facts(), indent=2) + "\n"
        (self.folder / "standin.json").write_text(facts)
        return self

    def write_sources(self):
        """Writes the profiles and token files of its folder (anew)."""
        world = self.front.world
        bundle, settings = self.ca_bundle, self.front.settings
        sources.write_files(self.folder, world.region, bundle, settings)
        services = {listener.spec.service for listener in self._listeners.values()}
        if services & {"iot", "rolesanywhere"}:
            self.chains.client(sources.CLIENT)

    def stop(self):
        """Ends all connections and listeners, and removes a folder of its own."""
        self._control.stop()
        self._close()

    def _close(self):
        self.stopped.set()
        for listener in self._listeners.values():
            listener.stop()
        if self._owned:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    # Where it is

    def url(self, listener="rsa"):
        """A listener's URL."""
        return self._listeners[listener].url

    def port(self, listener="rsa"):
        """A listener's port number."""
        return self._listeners[listener].port

    def _lead(self, host, port):
        """Where its proxy leads: a listener that is there, or else the chosen one."""
        found = self._listeners.values()
        near = host == "localhost" or host in LOOPBACK
        if near and any(listener.port == port for listener in found):
            return "127.0.0.1", port
        name = "http" if port == PLAIN_PORT else self.front.settings.proxy_to
        if near or name not in self._listeners or host.endswith(".invalid"):
            return None
        return "127.0.0.1", self.port(name)

    @property
    def control_url(self):
        """The control interface's URL."""
        return self._control.url

    @property
    def ca_bundle(self):
        """The PEM file of all trusted roots."""
        return self.chains.bundle_file

    def root_file(self, family):
        """The PEM file of one family's root, trusted or not."""
        return self.chains.root_file(family)

    def environment(self, listener="rsa", key_id=accounts.CALLER_KEY):
        """The variables that point a client here, as a given identity."""
        principal = self.front.world.principal(key_id)
        found = {
            "AWS_ENDPOINT_URL_EC2": self.url(listener),
            "AWS_ENDPOINT_URL_STS": self.url(listener),
            "AWS_CA_BUNDLE": str(self.ca_bundle),
            "AWS_REGION": self.front.world.region,
            "AWS_DEFAULT_REGION": self.front.world.region,
            "AWS_ACCESS_KEY_ID": principal.key_id,
            "AWS_SECRET_ACCESS_KEY": principal.secret,
        }
        if principal.token:
            found["AWS_SESSION_TOKEN"] = principal.token
        return found

    def source_environment(self, listener):
        """The variables that make a listener a source of keys.

        No keys are among them, since keys in the environment come first.
        """
        service = self._listeners[listener].spec.service
        found = sources.variables(service, self.url(listener), self.folder)
        token = self.front.settings.container_token
        if service == "container" and token:
            found["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = token
        return found

    def facts(self):
        """All of that, as it is printed and written to standin.json."""
        first = next(iter(self._listeners))
        return {
            "listeners": {
                name: {
                    "about": listener.spec.about,
                    "url": listener.url,
                    "addresses": listener.addresses,
                    "environment": self.source_environment(name),
                }
                for name, listener in self._listeners.items()
            },
            "control": self.control_url,
            "state": str(self.folder),
            "environment": self.environment(first),
        }

    # What it does

    def control(self, orders):
        """What POST /control takes: misbehaviours and settings."""
        orders = dict(orders)
        settings = orders.pop("settings", {})
        self.plan.add(orders)
        self.front.settings.update(settings)

    def next(self, *misbehaviours):
        """Queues misbehaviours; the next requests or connections take one each."""
        self.control({"next": list(misbehaviours)})

    def for_image(self, image_id, **misbehaviour):
        """Sets how all requests for an image are met; nothing: as they should be."""
        self.control({"images": {image_id: misbehaviour}})

    def for_listener(self, listener, **misbehaviour):
        """Sets how all connections to a listener are met."""
        self.control({"listeners": {listener: misbehaviour}})

    def always(self, **misbehaviour):
        """Sets how everybody is met who meets nothing else."""
        self.control({"always": misbehaviour})

    def set(self, **settings):
        """Changes settings."""
        self.control({"settings": settings})

    def seed(self, document):
        """Adds principals, images and roles, as POST /seed does."""
        self.front.world.seed(document)

    def reset(self):
        """Back to the beginning: AMIs, identities, settings, log, misbehaviours.

        A connection from before keeps what it was accepted with: what it still has
        in hand changes nothing here.
        """
        settings = Settings()
        settings.update(self._settings)
        world = World(settings, settings.region or "us-east-1", self._many)
        world.seed(self._seed)
        world.portals["proxy"].lead = self._lead
        world.portals["rolesanywhere"].anchor = lambda: self.chains.client_root
        self.front = Front(world, settings)
        self.plan = Plan()
        self.journal.clear()

    # What it saw

    def log(self):
        """Everything seen, connection by connection."""
        return {"queued": self.plan.queued(), "connections": self.journal.as_json()}

    def connections(self):
        """The connections seen."""
        return self.log()["connections"]

    def requests(self):
        """The requests seen, over all connections."""
        return [r for c in self.connections() for r in c["requests"]]

    def state(self):
        """AMIs, launch permissions and identities."""
        return self.front.world.as_json()

    def shared(self, image_id, account=accounts.CALLER, region=None):
        """Whether the account has a direct grant: the truth about a cancel."""
        world = self.front.world
        image = world.ec2.shelf.find(region or world.region, image_id)
        return image is not None and account in image.accounts

    def secrets(self):
        """Every secret that it knows or gave away, for tests that look for them."""
        return self.front.world.secrets(self.front.settings)

    def settle(self, seconds=5):
        """Waits until no connection is open, so that the log is complete."""
        deadline = time.monotonic() + seconds
        while any(listener.busy() for listener in self._listeners.values()):
            if time.monotonic() > deadline:
                return False
            time.sleep(SETTLE_STEP)
        return True


# The command


def _arguments(arguments):
    about = "\n".join(
        f"  {name:16} {spec.about}" for name, spec in listeners.CATALOGUE.items()
    )
    parser = argparse.ArgumentParser(
        prog="standin.py",
        description="A stand-in for EC2 on loopback: real TLS, real signatures, AMIs "
        "and launch permissions, and misbehaviour on request.",
        epilog=f"listeners:\n{about}\n\n"
        "A listener can be given options, or made up, as NAME:KEY=VALUE,... with\n"
        "  chain=rsa|ecdsa|rsa4096|untrusted|impostor|none, tls=1.1|1.2|1.3,\n"
        "  leaf-from=YYYY-MM-DD, leaf-days=N, names=A+B, port=N, window=BYTES,\n"
        "  service=ec2|imds|container|sts|sso|proxy|iot|rolesanywhere,\n"
        "  address=A+B.\n\n"
        "It prints its addresses and the variables to export, then `ready`, and runs\n"
        "until SIGTERM or SIGINT.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--listen",
        action="append",
        metavar="LISTENER",
        help="a listener to open, may be repeated (default: rsa, ecdsa, http)",
    )
    add("--listen-all", action="store_true", help="open all listeners listed below")
    add("--state", metavar="DIR", help="keep keys and certificates here")
    add(
        "--region",
        default="us-east-1",
        help="the Region it stands for (default: us-east-1); empty: any",
    )
    add("--name", action="append", default=[], help="one more host name for leaves")
    add("--many", type=int, default=0, metavar="N", help="share N more, made-up AMIs")
    add("--seed", metavar="FILE", help="JSON with more principals and images")
    add("--control-port", type=int, default=0, metavar="PORT")
    add(
        "--clock-offset",
        type=float,
        default=0,
        metavar="SECONDS",
        help="run the stand-in's clock ahead or behind",
    )
    add(
        "--exit-with-stdin",
        action="store_true",
        help="end as well when standard input closes",
    )
    return parser.parse_args(arguments)


def _make(options):
    listen = options.listen or listeners.DEFAULT
    if options.listen_all:
        listen = [*listeners.CATALOGUE, *(options.listen or ())]
    seed = json.loads(Path(options.seed).read_text()) if options.seed else None
    return Standin(
        listen,
        state=options.state,
        region=options.region,
        many=options.many,
        names=options.name,
        seed=seed,
        control_port=options.control_port,
        clock_offset=options.clock_offset,
    )


def _introduce(standin):
    facts = standin.facts()
    for name, listener in facts["listeners"].items():
        where = " ".join(listener["addresses"])
        print(f"# {name}: {listener['url']} ({where}), {listener['about']}")
        for variable, value in listener["environment"].items():
            print(f"#   export {variable}='{value}'")
    print(f"# control: {facts['control']} (GET /log /state, POST /control ...)")
    print(f"# files: {facts['state']}")
    for name, value in facts["environment"].items():
        print(f"export {name}={value}")
    print("ready", flush=True)


def _when_to_end(exit_with_stdin):
    """An event set by SIGTERM, SIGINT or the end of standard input."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    if exit_with_stdin:

        def watch():
            while os.read(sys.stdin.fileno(), 4096):
                pass
            over.set()

        threading.Thread(target=watch, daemon=True).start()
    return over


def main(arguments=None):
    """Runs a stand-in until it is told to end."""
    options = _arguments(arguments)
    over = _when_to_end(options.exit_with_stdin)
    try:
        standin = _make(options)
    except (OSError, ValueError) as error:
        print(f"standin.py: {error}", file=sys.stderr)
        return 1
    with standin:
        _introduce(standin)
        over.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
