"""The frame around every page: name, navigation, light and dark."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

import solara

from trustabm.telling.markup import Markup
from trustabm_app.shared.widgets import ThemeSwitch, UrlSync

__all__ = ["PAGES", "Layout", "Notice", "drawing", "element", "piece", "scrolled"]

PAGES = {
    "question": "Question",
    "map": "Map",
    "town": "Town",
    "compare": "Compare",
    "lessons": "Lessons",
    "studies": "Studies",
    "evidence": "Evidence",
    "about": "About",
}
"""Title of every page, in order."""

CARRIED = {
    "question": ("town", "compare"),
    "town": ("compare",),
    "compare": ("town",),
}
"""Pages that show the same as another: the words of its address are carried on to them."""

ALONE = {"lessons": ("lesson",), "evidence": (), "about": ()}
"""Pages that change nothing of their address, and the words that they use."""


def element(tag: str, *children: Any, **attributes: Any) -> Any:
    """Return an HTML element; `class_` and `for_` lose their underscore, `_` becomes `-`."""
    return solara.v.Html(
        tag=tag,
        class_=attributes.pop("class_", ""),
        attributes={k.strip("_").replace("_", "-"): v for k, v in attributes.items()},
        children=list(children),
    )


def piece(*children: Markup, **attributes: str) -> Any:
    """Return a component that holds markup."""
    return solara.HTML(
        tag="div",
        unsafe_innerHTML="".join(children),
        classes=attributes.pop("class_", "").split(),
        attributes={k.replace("_", "-"): v for k, v in attributes.items()},
    )


def scrolled(table: Markup, label: str, *classes: str) -> Any:
    """Return a component that holds a table, scrolled where it is wider than the page."""
    named = " ".join(("ta-scroll", *classes))
    return piece(table, class_=named, tabindex="0", role="region", aria_label=label)


def drawing(svg: str, said: str) -> Any:
    """Return a component that holds a drawing, with what it is for those who cannot see it."""
    attributes = {"role": "img", "aria-label": said}
    return solara.HTML(tag="div", unsafe_innerHTML=svg, attributes=attributes)


@solara.component
def Notice(sentences: tuple[str, ...]) -> Any:
    """Say what the address asked for and cannot have."""
    with element("div") as box:
        if sentences:
            with element("div", class_="ta-notice", role="alert"):
                element("p", element("b", "Not all that this link asks for can be had."))
                element("ul", *(element("li", x) for x in sentences))
    return box


@solara.component
def Layout(children: list[Any]) -> Any:
    """Frame a page."""
    router = solara.use_router()
    here = router.path.strip("/") or "question"
    search = f"?{router.search}" if router.search else ""
    carried = {here, *CARRIED.get(here, ())}
    title = PAGES.get(here, "Question")
    with element("div", class_="ta-app") as app:
        solara.Title(f"{title} · trustabm")
        with element("header", class_="ta-top"):
            element("a", "trustabm", class_="ta-brand", href="/")
            with element("nav", class_="ta-nav", aria_label="Pages"):
                for name, label in PAGES.items():
                    more = {"aria_current": "page"} if name == here else {}
                    if name in carried:
                        more["data_keep"] = ""
                    path = "/" if name == "question" else f"/{name}"
                    element("a", label, href=path + search * (name in carried), **more)
            ThemeSwitch.element()
        element("main", *children, class_="ta-main", id="content")
        if here in ALONE:
            lesson = [(k, v) for k, v in parse_qsl(router.search or "") if k in ALONE[here]]
            UrlSync.element(query=urlencode(lesson))
    return app
