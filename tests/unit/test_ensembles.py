"""The processes that visitors share."""

from __future__ import annotations

import subprocess
import sys

SERVER = """
import os, time
from trustabm_app.ensembles import _shared_pool

if __name__ == "__main__":
    print(_shared_pool().submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""


def test_they_end_with_a_server_that_is_killed(tmp_path):
    (tmp_path / "server.py").write_text(SERVER)
    words = [sys.executable, str(tmp_path / "server.py")]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as server:
        assert server.stdout.readline().strip().isdigit()
        server.kill()
        # Workers have the same output: it ends when the last of them has ended.
        server.communicate(timeout=30)
