"""What bash, zsh and fish complete, asked of the shells themselves: the keys that insert
all candidates are typed on a terminal.
"""

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import termios
import time

import pytest
from conftest import output_of

SHELLS = ["bash", "zsh", "fish"]
PROMPT, TOLD = b"READY> ", b"[told]"
PATIENCE = 20
# Prints its words, and then a mark that no echo of what is typed can hold.
TELL = """PS1="READY> "
tell() { for word in "$@"; do printf "[<%s>]\\n" "$word"; done; echo "[told]"; }
"""

BASH = """. {completion}
bind 'set enable-bracketed-paste off'
"""
ZSH = """fpath=({folder} $fpath)
autoload -U compinit && compinit -u -D
zle -C all-matches complete-word _generic
bindkey '^[*' all-matches
zstyle ':completion:all-matches:*' insert yes
zstyle ':completion:all-matches::::' completer _all_matches _complete
unset zle_bracketed_paste
"""


class Terminal:
    """An interactive shell on a terminal of its own."""

    def __init__(self, words, env, cwd):
        self.end, inner = pty.openpty()
        # Wide, so that no line is broken.
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 4000, 0, 0))
        streams = {"stdin": inner, "stdout": inner, "stderr": inner}
        self.process = subprocess.Popen(
            words, env=env, cwd=cwd, start_new_session=True, **streams
        )
        os.close(inner)
        self.read_to(PROMPT)

    def read_to(self, mark):
        """What was printed until a mark was."""
        seen, until = b"", time.monotonic() + PATIENCE
        while mark not in seen:
            ready, _, _ = select.select([self.end], [], [], max(0, until - time.monotonic()))
            assert ready, seen
            seen += os.read(self.end, 65536)
        return seen

    def candidates(self, typed):
        """All that the shell would put in the place of the last word."""
        # Escape and * insert them all; control-A goes to the line's beginning.
        os.write(self.end, typed.encode() + b"\x1b*\x01tell \r")
        seen = self.read_to(TOLD).decode()
        words = re.findall(r"\[<(.*?)>\]", seen)
        before = typed.split(" ")
        assert words[: len(before) - 1] == before[:-1], seen
        return [word for word in words[len(before) - 1 :] if word != before[-1]]

    def close(self):
        """Ends the shell."""
        self.process.kill()
        self.process.wait()
        os.close(self.end)


class Shell:
    """One of the three, with the installed completion and nothing of the user's."""

    def __init__(self, name, prefix, home):
        self.name = name
        self.home = home
        self.env = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "dumb"}
        self.terminal = None
        share = prefix / "share"
        if name == "bash":
            path = share / "bash-completion/completions/cilp"
            (home / "rc").write_text(BASH.format(completion=path) + TELL)
            self.terminal = Terminal(["bash", "--rcfile", "rc", "-i"], self.env, home)
        elif name == "zsh":
            (home / ".zshrc").write_text(ZSH.format(folder=share / "zsh/site-functions") + TELL)
            self.env["ZDOTDIR"] = str(home)
            self.terminal = Terminal(["zsh", "-d", "-i"], self.env, home)
        else:
            self.source = share / "fish/vendor_completions.d/cilp.fish"

    def __call__(self, typed):
        """The candidates, without what --option=VALUE has in front of the value."""
        if self.terminal:
            found = self.terminal.candidates(typed)
        else:
            script = f"source {self.source}; complete -C '{typed}'"
            text = output_of("fish", "--no-config", "-c", script, env=self.env, cwd=self.home)
            found = [line.partition("\t")[0] for line in text.splitlines()]
        return {re.sub("^--[a-z-]+=(?=.)|=$", "", word) for word in found}


@pytest.fixture(scope="module", name="shell", params=SHELLS)
def _shell(request, prefix, tmp_path_factory):
    if not shutil.which(request.param):
        pytest.skip(f"{request.param} is not installed")
    home = tmp_path_factory.mktemp(request.param)
    (home / "roots.pem").touch()
    (home / "rare").mkdir()
    shell = Shell(request.param, prefix, home)
    yield shell
    if shell.terminal:
        shell.terminal.close()


def without_options(found):
    """Candidates that are no options."""
    return {word for word in found if not word.startswith("-")}


def test_verbs(shell, verbs):
    assert without_options(shell("cilp ")) == set(verbs)
    assert shell("cilp l") == {"list"}
    assert without_options(shell("cilp ec2 ")) == {"cancel-image-launch-permission"}


def test_a_verb_behind_options(shell, verbs):
    assert without_options(shell("cilp --region x --debug ")) == set(verbs)
    assert without_options(shell("cilp --region=x ")) == set(verbs)
    assert shell("cilp --output json ex") == {"explain"}


def test_every_option_of_every_verb_and_no_other(shell, verbs, helped):
    for verb, words in verbs.items():
        options = {name for option in helped[verb] for name in option.split(", ")}
        assert shell(f"cilp {' '.join(words)} --") == options, verb


def test_options_before_the_verb_are_those_of_all(shell, helped):
    """But send, which has neither Region nor keys, and apply, whose Regions are the
    plan's, do not count."""
    many = [set(rows) for verb, rows in helped.items() if verb not in ("send", "apply")]
    everywhere = set.intersection(*many)
    options = {name for option in everywhere for name in option.split(", ")}
    assert "--region" in options and "--owner" not in options
    assert shell("cilp --") == options


def test_an_option_among_ids(shell):
    assert shell("cilp cancel ami-12345678 --max 3 ami-87654321 --dry") == {"--dry-run"}


def test_words_that_an_option_takes(shell, verbs):
    for verb, words in verbs.items():
        expected = {"text", "json", "off"} | ({"ids"} if verb == "list" else set())
        assert shell(f"cilp {' '.join(words)} --output ") == expected, verb
        assert shell(f"cilp {' '.join(words)} --output=") == expected, verb
    assert shell("cilp list --output j") == {"json"}


def test_sources_of_credentials(shell, cilp):
    listed = output_of(cilp, "list", "--help").rpartition(":\n")[2].replace(",", "").split()
    assert "imds" in listed
    assert shell("cilp list --credentials ") == set(listed)
    assert shell("cilp doctor --credentials=i") == {"iot", "imds"}


def test_file_names(shell):
    for option in "--ca-bundle", "--audit":
        assert shell(f"cilp cancel {option} ro") == {"roots.pem"}
        assert shell(f"cilp cancel {option}=ro") == {"roots.pem"}
        found = {word.rstrip("/") for word in shell(f"cilp cancel {option} r")}
        assert {"roots.pem", "rare"} <= found


def test_no_candidates_where_none_are_known(shell):
    for option in "--region", "--endpoint-url", "--expect-account", "--deadline":
        assert shell(f"cilp list {option} ") == set(), option
    assert shell("cilp list --region us-") == set()
    assert without_options(shell("cilp cancel ")) == set()
    assert without_options(shell("cilp cancel ro")) == set()


def test_checkers_of_shells_have_nothing_to_say(prefix):
    share = prefix / "share"
    assert output_of("shellcheck", "-s", "bash", share / "bash-completion/completions/cilp") == ""
    assert output_of("zsh", "-n", share / "zsh/site-functions/_cilp") == ""
    assert output_of("fish", "-n", share / "fish/vendor_completions.d/cilp.fish") == ""


def test_the_program_does_not_carry_them(cilp):
    symbols = output_of("nm", f"{cilp}.debug")
    assert " main\n" in symbols
    assert "options_facts" not in symbols and "options_word" not in symbols
    assert b"complete -c" not in cilp.read_bytes()
