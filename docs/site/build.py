"""Build the documentation as static pages that open from a disk too.

    uv run --group site python docs/site/build.py --out site

Pages are those of docs/, a landing page, tutorials run as notebooks when the site is built (each
can be taken away as one), and the public API as its docstrings say it. Every link is followed at
the end; one that leads nowhere ends the build. `--no-run` lays tutorials without running them.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import tomli_w

import trustabm

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
REPOSITORY = "https://github.com/trustabm/trustabm"
FRAME = "https://unpkg.com/iframe-worker/shim"
"""A script of the theme's that helps its search where pages are opened from a disk; left out, so
that no page asks the network for anything."""

TUTORIALS = (
    "first-comparison",
    "my-county",
    "my-data",
    "my-county-my-rule-my-data",
    "reading-doubt",
    "a-study",
    "my-rule",
    "my-behaviour",
    "teaching",
)
HOW_TO = (
    "screen", "calibrate", "extend", "lessons", "classroom", "explorer", "today", "nation",
    "forecasts", "experiments", "releasing",
)  # fmt: skip
TABLES = ("parameters", "levers", "policies", "rules", "outcomes", "towns", "counties")
GROUNDS = (
    "odd", "departures", "evidence", "scores", "uncertainty", "sensitivity", "credibility",
    "testing", "performance", "comses",
)  # fmt: skip


def lay(to: Path) -> None:
    """Write every page's Markdown below a folder, with links that hold there."""
    docs = ROOT / "docs"
    pages = [*docs.glob("*.md"), *(HERE / "pages").glob("*.md"), ROOT / "CHANGELOG.md"]
    names = {page.name.lower() for page in pages}
    for page in pages:
        text = page.read_text(encoding="utf-8")
        moved = _moved(text, page.parent, names, to)
        (to / page.name.lower()).write_text(moved, encoding="utf-8")
    for picture in docs.glob("*.png"):
        shutil.copy(picture, to)


def _moved(text: str, folder: Path, names: set[str], to: Path) -> str:
    """Return a page's text, with links to what is no page led to the repository."""

    def link(found: re.Match[str]) -> str:
        address, _, part = found[2].partition("#")
        if not address or ":" in address:
            return found[0]
        target = (folder / address).resolve()
        if found[1].startswith("!") or target.suffix == ".html":  # a picture, or a page that is one
            if target.parent != ROOT / "docs":
                shutil.copy(target, to / target.name)
            return f"{found[1]}({target.name})"
        if target.name.lower() in names and target.parent in (ROOT, ROOT / "docs", HERE / "pages"):
            return f"{found[1]}({target.name.lower()}{'#' + part if part else ''})"
        kind = "tree" if target.is_dir() else "blob"
        return f"{found[1]}({REPOSITORY}/{kind}/main/{target.relative_to(ROOT).as_posix()})"

    return re.sub(r"(!?\[[^\]]*\])\(([^)\s]+)\)", link, text)


def notebooks(to: Path, run: bool) -> None:
    """Write every tutorial as a page, run, and as a notebook that may be taken away.

    Raises:
        nbclient.exceptions.CellExecutionError: where one does not run.
    """
    import jupytext
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import MarkdownExporter

    to.mkdir()
    for name in TUTORIALS:
        book = jupytext.read(HERE / "tutorials" / f"{name}.md")
        if run:
            with tempfile.TemporaryDirectory() as place:
                NotebookClient(book, timeout=900, resources={"metadata": {"path": place}}).execute()
        nbformat.write(book, to / f"{name}.ipynb")
        text, more = MarkdownExporter().from_notebook_node(book, {"unique_key": name})
        for picture, content in more["outputs"].items():
            (to / picture).write_bytes(content)
        taken = f"\n\n*Take it away: [the notebook]({name}.ipynb).*\n"
        title, _, rest = text.lstrip().partition("\n")
        (to / f"{name}.md").write_text(title + taken + rest, encoding="utf-8")


def reference(to: Path) -> list[str]:
    """Write a page for every public name; return their names."""
    to.mkdir()
    names = [name for name in trustabm.__all__ if name != "__version__"]
    for name in names:
        text = f"# `trustabm.{name}`\n\n::: {getattr(trustabm, name).__module__}.{name}\n"
        (to / f"{name}.md").write_text(text, encoding="utf-8")
    return names


def settings(names: list[str]) -> dict[str, object]:
    """Return what the site is built by."""
    return {
        "project": {
            "site_name": "trustabm",
            "site_description": "What happens to a community when its police take part in "
            "immigration enforcement: an agent-based model.",
            "docs_dir": "docs",
            "site_dir": "site",
            "use_directory_urls": False,
            "nav": [
                {"Home": "index.md"},
                {"Tutorials": [f"tutorials/{name}.md" for name in TUTORIALS]},
                {"How to": [f"{name}.md" for name in HOW_TO if _page(name)]},
                {"What it rests on": [f"{name}.md" for name in GROUNDS if _page(name)]},
                {"Tables": [f"{name}.md" for name in TABLES if _page(name)]},
                {"Reference": [f"reference/{name}.md" for name in names]},
                {"In other words": "translation.md"},
                {"Changes": "changelog.md"},
            ],
            "theme": {
                "font": False,
                "features": ["navigation.indexes", "navigation.footer", "content.code.copy"],
                "palette": [
                    {"media": "(prefers-color-scheme: light)", "scheme": "default"},
                    {"media": "(prefers-color-scheme: dark)", "scheme": "slate"},
                ],
            },
            "plugins": {
                "offline": {},
                "mkdocstrings": {
                    "handlers": {
                        "python": {
                            "paths": [str(ROOT)],
                            "options": {
                                "docstring_style": "google",
                                "docstring_options": {
                                    "warn_unknown_params": False,
                                    "warn_missing_types": False,
                                },
                                "show_source": False,
                                "show_root_heading": False,
                                "members_order": "source",
                                "show_if_no_docstring": False,
                            },
                        }
                    }
                },
            },
        }
    }


def _page(name: str) -> bool:
    return (ROOT / "docs" / f"{name}.md").is_file()


class Links(HTMLParser):
    """The links, pictures, scripts and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.to: list[str] = []
        self.asked: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what a tag links to."""
        found = dict(attrs)
        for key in ("id", "name"):
            if found.get(key):
                self.anchors.add(str(found[key]))
        if tag == "a" and found.get("href"):
            self.to.append(str(found["href"]))
        elif tag in ("img", "script") and found.get("src"):
            self.asked.append(str(found["src"]))
        elif tag == "link" and found.get("rel") == "stylesheet":
            self.asked.append(str(found["href"]))


def broken(site: Path) -> Iterator[str]:
    """Yield what is wrong with a site's links; what a page asks the network for among it."""
    pages = {p.resolve(): Links(p.read_text(encoding="utf-8")) for p in site.rglob("*.html")}
    for page, links in pages.items():
        here = page.relative_to(site.resolve())
        for asked in links.asked:
            if urlsplit(asked).netloc:
                yield f"{here}: asks {asked}"
        for link in (*links.to, *links.asked):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or page.name == "404.html":
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if not target.exists():
                yield f"{here}: {link} leads nowhere"
            elif parts.fragment and target in pages:
                if unquote(parts.fragment) not in pages[target].anchors:
                    yield f"{here}: {link} has no such part"


def main() -> int:
    """Build the site; return 1 where a link leads nowhere."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--no-run", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        docs = work / "docs"
        docs.mkdir()
        lay(docs)
        notebooks(docs / "tutorials", not given.no_run)
        names = reference(docs / "reference")
        (work / "zensical.toml").write_text(tomli_w.dumps(settings(names)), encoding="utf-8")
        subprocess.run([sys.executable, "-m", "zensical", "build"], cwd=work, check=True)
        for page in (work / "site").rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            page.write_text(
                re.sub(rf'<script src="{FRAME}"[^>]*></script>', "", text), encoding="utf-8"
            )
        shutil.rmtree(given.out, ignore_errors=True)
        shutil.copytree(work / "site", given.out)
    wrong = [*broken(given.out)]
    print(*wrong, sep="\n", file=sys.stderr)
    print(f"{len(list(given.out.rglob('*.html')))} pages in {given.out}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
