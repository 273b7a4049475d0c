"""The command line: one function a command, each with what its help says.

Nothing heavy is imported before a command needs it, so that `--help` answers at once: the list of
commands is kept here, and the parser is not loaded for it.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from textwrap import wrap
from typing import NoReturn

__all__ = ["COMMANDS", "main", "with_own"]

TITLE = "Community trust and crime reporting under immigration-enforcement entanglement."

LIBRARY = (
    "Every command takes --library DIR: towns, policies, timelines, lessons and rules of your own "
    "by name. Those that draw parameters take --posterior FILE, made by calibrate of your targets."
)

DRAWN = ("app", "compare", "explorer", "forecast make", "map", "sweep", "validate")
"""The commands that draw parameters from the posterior in use."""

COMMANDS = {
    "app": "Open the screen: a town to watch, two policies side by side, studies that were swept.",
    "bench": "Measure speed and memory, against other tools and against the limit of this machine.",
    "calibrate": "Fit the uncertain parameters to published studies: a posterior, not a point.",
    "class": "Start a class: phones on the local network predict, this laptop shows and reveals.",
    "compare": "Compare policies in one town, or changes of the rules in force there.",
    "explorer": "Make one HTML file that answers for any setting of the levers, from disk or any "
    "static host.",
    "forecast": "Make, list, fill in, score and check forecasts of what is not yet published.",
    "lesson": "Make a lesson's kit, or scenes to explore; say what a class gained.",
    "map": "Map what a change does in every county, and how unsure that is; goes on where it "
    "stopped.",
    "nation": "Live through every county of the nation or a state, one to one; goes on where it "
    "stopped.",
    "policies": "List policies and timelines, or show one whole.",
    "reproduce": "Make a result again from its record, and compare it bit for bit.",
    "run": "Run one scenario; options override its file.",
    "schema": "Print the JSON Schema of a kind of file.",
    "sensitivity": "Say what the effect of an arm hangs on: sweep what is missing, emulate, print "
    "indices.",
    "study": "Check, show, search and export studies.",
    "sweep": "Run what a study asks for; the same command goes on after any interruption.",
    "today": "Show the rules in force in a town, to which day they are known, and what is not "
    "sure.",
    "towns": "List towns, or show one whole with its sources.",
    "validate": "Hold the model against published findings: the scorecard over the posterior.",
}
"""The first sentence of each command's help."""


def main(words: list[str] | None = None) -> None:
    """Run the command line.

    Leaves with 0 if all went well, 2 if the input was at fault, 1 if something else was, 130 after
    Ctrl-C; never with a traceback, unless `TRUSTABM_TRACEBACK` is set.
    """
    given = sys.argv[1:] if words is None else words
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal may not know every letter
            stream.reconfigure(errors="backslashreplace")
    try:
        _refuse_no_words(given)
        given = with_own(given)
        if given in ([], ["--help"], ["-h"]):
            print(_overview())
        else:
            from trustabm.cli.commands import app

            app(given, exit_on_error=False, print_error=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _let_go()  # the reader (head, less) has seen enough
        sys.exit(0)
    except KeyboardInterrupt:
        _fail("stopped", 130)
    except Exception as e:
        said, code = _said(e)
        if not said:
            raise
        if isinstance(e, OSError) and e.filename is None:
            _let_go()  # as likely as not it is standard output that cannot be written
        _fail(said, code)


def _overview() -> str:
    lines = ["Usage: trustabm COMMAND", "", TITLE, "", "Commands:"]
    for name, said in COMMANDS.items():
        lines += wrap(f"  {name:<12} {said}", 80, subsequent_indent=" " * 15)
    lines += ["", *wrap(LIBRARY, 80), "trustabm COMMAND --help says what a command takes."]
    return "\n".join(lines)


def with_own(words: list[str]) -> list[str]:
    """Return the words without `--library` and `--posterior`, which are taken into use."""
    rest: list[str] = []
    waiting = iter(words)
    for word in waiting:
        option, equals, value = word.partition("=")
        if option not in ("--library", "--posterior"):
            rest.append(word)
            continue
        from trustabm.errors import InvalidInput

        name, given = option[2:], value if equals else next(waiting, None)
        if given is None:
            raise InvalidInput(f"{name}: expected a file or a folder, got none")
        if name == "library":
            from trustabm.inputs.library import use_library

            use_library(given)
            continue
        from trustabm.inputs.draws import use_posterior

        if not _draws(words):
            command = next((w for w in words if w in COMMANDS), "no command")
            raise InvalidInput(
                f"posterior: expected with {', '.join(DRAWN)}, which draw parameters, got it with "
                f"{command}"
            )
        use_posterior(given)
    return rest


def _draws(words: list[str]) -> bool:
    """Return whether words begin with a command that draws parameters, options before it aside."""
    at = next((k for k, word in enumerate(words) if word in COMMANDS), len(words))
    return bool({" ".join(words[at : at + many]) for many in (1, 2)} & set(DRAWN))


def _refuse_no_words(words: list[str]) -> None:
    """Refuse what is no text, and the empty word, which as a path would be the current folder."""
    for before, word in zip(["", *words], words, strict=False):
        option, equals, value = word.partition("=")
        is_text = "\0" not in word and word.encode("utf-8", "ignore").decode("utf-8") == word
        if not word or (equals and not value) or not is_text:
            name = option if equals else before if before.startswith("-") else "argument"
            wanted = "a value" if is_text else "text (UTF-8)"
            _fail(f"{name.lstrip('-')}: expected {wanted}, got {(value if equals else word)!r}", 2)


def _let_go() -> None:
    """Leave nothing that Python would try to write to standard output at its end."""
    with suppress(OSError, AttributeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _said(error: Exception) -> tuple[str, int]:
    """Return what an error is to the person at the terminal, and what to leave with."""
    from cyclopts import CycloptsError

    from trustabm.errors import InvalidInput, OutputExists, TrustabmError
    from trustabm.sealed import FULL

    if isinstance(error, CycloptsError):
        return str(error), 2
    if isinstance(error, TrustabmError):
        return str(error), 2 if isinstance(error, InvalidInput | OutputExists) else 1
    if isinstance(error, MemoryError):
        return "memory: expected more than there is; fewer residents, weeks or workers need less", 1
    if isinstance(error, OSError):
        where = "" if error.filename is None else f"{error.filename}: "
        if error.filename is None and error.errno in FULL | {errno.EIO, errno.EBADF}:
            where = "standard output: "  # every file that is written says its name
        return f"{where}{error.strerror or error}", 1
    if os.environ.get("TRUSTABM_TRACEBACK"):
        return "", 1
    return (
        f"an error that nobody foresaw: {type(error).__name__}: {error}\n"
        "Set TRUSTABM_TRACEBACK=1 to see where, and please report it.",
        1,
    )


def _fail(message: str, code: int) -> NoReturn:
    for line in message.splitlines():
        print(f"trustabm: {line}", file=sys.stderr)
    sys.exit(code)
