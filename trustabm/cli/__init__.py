"""The command line: one function a command, each with what its help says.

Nothing heavy is imported before a command needs it, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cyclopts import App, CycloptsError

from trustabm.cli import analyses, checks, shipped, studies, worlds
from trustabm.cli.shared import Whole, say_if_compiling

__all__ = ["app", "main"]

app = App(
    name="trustabm",
    help="Community trust and crime reporting under immigration-enforcement entanglement.",
    version=lambda: _version(),
    help_format="plaintext",
)

for command in (
    worlds.run,
    worlds.compare,
    shipped.policies,
    shipped.towns,
    shipped.schema,
    studies.sweep,
    studies.app,
    analyses.sensitivity,
    analyses.calibrate,
    checks.validate,
    checks.bench,
):
    app.command(command)
studies.app.command(analyses.plot)


@app.command(name="app")
def app_(*, host: str = "127.0.0.1", port: Whole = 8765, studies: Path | None = None) -> None:
    """Open the screen: a town to watch, two policies side by side, studies that were swept.

    Parameters
    ----------
    host
        The address to listen on; any other than this machine's lets others in.
    port
        The port.
    studies
        The folder below which studies are to be seen; `results` here if not given.
    """
    say_if_compiling()

    from trustabm_app.launch import serve

    serve(host, port, studies)


def main(words: list[str] | None = None) -> None:
    """Run the command line; leave with 0 if all went well, 2 if the input was at fault."""
    try:
        app(words, exit_on_error=False, print_error=False)
    except CycloptsError as e:
        _fail(str(e))
    except BrokenPipeError:
        # The reader (head, less) has seen enough; nothing is left to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as e:
        from trustabm.errors import TrustabmError

        if not isinstance(e, TrustabmError):
            raise
        _fail(str(e))


def _fail(message: str) -> None:
    for line in message.splitlines():
        print(f"trustabm: {line}", file=sys.stderr)
    sys.exit(2)


def _version() -> str:
    from importlib.metadata import version

    return version("trustabm")
