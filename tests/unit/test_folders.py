"""Results go where they were to go or are kept beside; nothing else is replaced."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from trustabm.cli import main
from trustabm.errors import NotWritten, OutputExists
from trustabm.runs.folders import (
    MARK,
    ready,
    ready_file,
    write_file,
    written,
)

RUN = ["run", "--weeks", "2", "--residents", "200"]


def put(folder: Path, by: str = "run", force: bool = False, text: str = "1") -> None:
    with written(folder, force, by) as root:
        (root / "below").mkdir()
        (root / "below" / "a.txt").write_text(text)
        (root / "b.txt").write_text(text)


def texts(folder: Path) -> dict[str, str]:
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != MARK)
    return {str(p.relative_to(folder)): p.read_text() for p in files}


def test_force_replaces_what_the_same_command_wrote(tmp_path):
    out = tmp_path / "out"
    put(out)
    with pytest.raises(OutputExists, match="--force"):
        put(out)
    put(out, force=True, text="2")
    assert texts(out) == {"below/a.txt": "2", "b.txt": "2"}
    assert ready(out, True, "run") == ["b.txt", "below/a.txt"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("extra", ["notes.txt", "below/notes.txt", "events/more/x"])
def test_force_leaves_what_came_into_the_folder_since(tmp_path, extra):
    out = tmp_path / "out"
    put(out)
    (out / extra).parent.mkdir(parents=True, exist_ok=True)
    (out / extra).write_text("mine")
    with pytest.raises(OutputExists, match=Path(extra).name):
        put(out, force=True, text="2")
    assert texts(out) == {"below/a.txt": "1", "b.txt": "1", extra: "mine"}


@pytest.mark.parametrize("mark", [None, "", "{", '{"by": "compare", "files": []}', "[1]"])
def test_force_leaves_what_it_did_not_write(tmp_path, mark):
    (tmp_path / "provenance.json").write_text("{}")
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "part").write_text("324 runs")
    if mark is not None:
        (tmp_path / MARK).write_text(mark)
    with pytest.raises(OutputExists, match="left alone"):
        put(tmp_path, force=True)
    assert (tmp_path / "runs" / "part").read_text() == "324 runs"


@pytest.mark.posix
def test_current_folder_links_and_empty_folders_are_written_to(tmp_path, monkeypatch):
    here, end = tmp_path / "here", tmp_path / "end"
    here.mkdir()
    end.mkdir()
    monkeypatch.chdir(here)
    put(Path())
    assert (Path.cwd() / "b.txt").read_text() == "1"  # still the same folder
    put(Path("."), force=True, text="2")
    assert Path("b.txt").read_text(encoding="utf-8") == "2"
    link, dangling = tmp_path / "link", tmp_path / "dangling"
    link.symlink_to(end)
    dangling.symlink_to(tmp_path / "nowhere")
    for place in (link, dangling):
        put(place)
        assert place.is_symlink()
        assert (place / "b.txt").read_text() == "1"


def test_a_failure_leaves_what_was_there(tmp_path):
    out = tmp_path / "out"
    put(out)

    def fills() -> None:
        with written(out, True, "run") as root:
            (root / "b.txt").write_text("2")
            raise OSError(28, "No space left on device")

    with pytest.raises(NotWritten, match="No space"):
        fills()
    assert texts(out) == {"below/a.txt": "1", "b.txt": "1"}
    assert sorted(p.name for p in out.iterdir()) == [MARK, "b.txt", "below"]


@pytest.mark.parametrize("name", ["file/out", "x" * 300, "deep/" + "y" * 300])
def test_a_place_that_cannot_be_written_is_said_first_and_nothing_is_left(tmp_path, name):
    (tmp_path / "file").write_text("")
    for check in (lambda p: ready(p, False, "run"), lambda p: ready_file(p, False, "mark")):
        with pytest.raises(NotWritten, match="expected a place that can be written"):
            check(tmp_path / name)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_files_are_replaced_only_by_their_kind(tmp_path):
    file = tmp_path / "thesis.pdf"
    file.write_text("mine")
    for force in (False, True):
        with pytest.raises(OutputExists):
            ready_file(file, force, "trustabm brief")
    write_file(file, b"... trustabm brief ...")
    ready_file(file, True, "trustabm brief")
    with pytest.raises(OutputExists, match="earlier replay"):
        ready_file(file, True, "trustabm replay")


def test_what_cannot_be_written_any_more_is_printed_and_kept_beside(tmp_path, capsys, monkeypatch):
    from trustabm.runs import run as running

    out, run = tmp_path / "out", running.run

    def spoils(*words, **more):
        result = run(*words, **more)
        out.write_text("a file took its place")
        return result

    monkeypatch.setattr(running, "run", spoils)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with pytest.raises(SystemExit) as left:
        main([*RUN, "--out", str(out)])
    assert left.value.code == 1
    said = capsys.readouterr()
    assert "Reporting" in said.out
    assert out.read_text() == "a file took its place"
    kept = Path(said.err.rpartition("kept in ")[2].strip())
    assert (kept / "weekly.parquet").is_file()


@pytest.mark.posix
def test_a_full_disk_is_found_before_the_first_week(tmp_path, capsys):
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "none", str(small)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small folder takes root")
    try:
        with pytest.raises(SystemExit) as left:
            main([*RUN, "--out", str(small / "out")])
        assert left.value.code == 1
        said = capsys.readouterr()
        assert "No space left" in said.err
        assert not said.out
        assert not list(small.iterdir())
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


@pytest.mark.posix
@pytest.mark.parametrize("variable", ["HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR"])
def test_without_a_place_for_the_cache_there_is_another_and_that_is_said(tmp_path, variable):
    (tmp_path / "file").write_text("")
    known = {k: v for k, v in os.environ.items() if k not in ("XDG_CACHE_HOME", "NUMBA_CACHE_DIR")}
    code = "import trustabm.rules.compiling as c; print(c.cache_folder())"
    for temporary in (tmp_path, None):
        if temporary is None:
            code = "import tempfile; tempfile._candidate_tempdir_list = lambda: []; " + code
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=known | {variable: str(tmp_path / "file" / "x"), "TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        where = done.stdout.strip()
        assert where.startswith(str(tmp_path)) if temporary else where == "None"
        assert "expected a folder for compiled code" in done.stderr
        assert done.stderr.count("\n") == 1
    assert (tmp_path / f"trustabm-cache-{os.getuid()}").stat().st_mode & 0o777 == 0o700


@pytest.mark.posix
def test_somebody_elses_folder_of_temporary_files_is_not_run_from(tmp_path, monkeypatch):
    from trustabm.rules import compiling

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    own = tmp_path / f"trustabm-cache-{os.getuid()}"
    own.mkdir(mode=0o777)
    own.chmod(0o777)
    assert compiling._temporary("x") is None
    own.chmod(0o700)
    assert compiling._temporary("x") == own / "x"
