"""Firefox as the tests drive it: WebDriver BiDi over its own websocket, with no driver between."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

__all__ = ["FIREFOX", "Firefox", "firefox"]

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
WAIT = 120.0  # on a machine that does other things too
QUIET = {
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "ui.prefersReducedMotion": 1,
}


class Firefox:
    """One window. What its pages complain of is kept.

    Args:
        socket: The connection.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.number, self.complaints = socket, 0, list[str]()
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded", "network.responseCompleted"])
        self.context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params: Any) -> Any:
        """Give a command; return its result."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while True:
            said = json.loads(self.socket.recv(timeout=WAIT))
            if said.get("id") == self.number:
                assert said["type"] == "success", said
                return said["result"]
            told = said.get("params", {})
            if said.get("method") == "log.entryAdded" and told["level"] == "error":
                self.complaints.append(told["text"])
            elif said.get("method") == "network.responseCompleted":
                if told["response"]["status"] >= 400:
                    self.complaints.append(f"{told['response']['status']} {told['request']['url']}")

    def open(self, address: str) -> None:
        """Open a page."""
        self.ask("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def run(self, script: str) -> Any:
        """Return what an expression of JavaScript is, waited for."""
        whole = f"(async () => JSON.stringify(await ({script}) ?? null))()"
        target = {"context": self.context}
        said = self.ask("script.evaluate", expression=whole, target=target, awaitPromise=True)
        assert said["type"] == "success", said["exceptionDetails"]["text"]
        return json.loads(said["result"]["value"])

    def until(self, script: str) -> Any:
        """Wait until an expression is true; return what it is."""
        end = time.monotonic() + WAIT
        while not (found := self.run(script)):
            assert time.monotonic() < end, f"never so: {script}"
            time.sleep(0.1)
        return found

    def type(self, selector: str, text: str) -> None:
        """Type into a field, and Enter."""
        self.until(f"document.querySelector({selector!r})?.focus() ?? true")
        keys = [{"type": t, "value": c} for c in (*text, "\ue007") for t in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keys", "actions": keys}
        self.ask("input.performActions", context=self.context, actions=[source])


@contextmanager
def firefox(profile: Path):
    """Start Firefox with a profile of its own; give it, and end it."""
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in QUIET.items()]
    (profile / "user.js").write_text("\n".join(lines), "utf-8")
    words = [FIREFOX, "--headless", "--no-remote", "--remote-debugging-port=0"]
    log = profile / "log.txt"
    with log.open("w") as out:
        process = subprocess.Popen([*words, "--profile", str(profile)], stdout=out, stderr=out)
    try:
        end = time.monotonic() + WAIT
        while not (found := re.search(r"BiDi listening on (ws://\S+)", log.read_text("utf-8"))):
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < end, log.read_text("utf-8")
            time.sleep(0.1)
        with connect(f"{found[1]}/session", max_size=None) as socket:
            yield Firefox(socket)
    finally:
        process.terminate()
        process.wait(20)
