"""A class as it happens: two phones and the projector, on a server that the network reaches."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request

import pytest
from browser.hands import complaints_of_axe, opening
from playwright.sync_api import expect
from serving import serving
from trustabm_app.classroom.host import local_address
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from trustabm.classroom.lesson import FOLDER

SMALL = "weeks = 52\nburn_in = 0\nresidents = 1000\nreplicates = 10\n"


@pytest.fixture(scope="module")
def a_class(tmp_path_factory):
    """A class of two small lessons; give the teacher's address, the room's, and the kept file."""
    folder = tmp_path_factory.mktemp("class")
    own = folder / "library" / "lessons"
    own.mkdir(parents=True)
    for name in ("citizen", "recorded"):
        text = (FOLDER / f"{name}.toml").read_text("utf-8")
        head, _, rest = text.partition("order =")
        (own / f"small-{name}.toml").write_text(f"{head}{SMALL}order ={rest}", "utf-8")
    kept = folder / "kept.json"
    words = ["small-citizen", "small-recorded", "--room-port", "0", "--keep", str(kept)]
    words += ["--library", str(own.parent)]
    with serving(folder, *words, command="class") as (url, _, _):
        yield url, f"{url}/class", kept


def room_of(page):
    """Return where phones find the room, on this machine's address in its network."""
    return page.locator(".address").inner_text(), page.locator(".code").inner_text()


def status(address):
    try:
        return urllib.request.urlopen(address, timeout=5).status
    except urllib.error.HTTPError as e:
        return e.code


def test_two_pupils_and_the_projector(browser, a_class):
    url, teacher, kept = a_class
    ws = url.replace("http", "ws")
    with opening(browser, url, ws, "data:") as opened:
        board = opened(teacher, width=1280, height=720)
        expect(board.get_by_text("0 of 0 pupils are connected.")).to_be_visible()
        address, code = room_of(board)
        assert board.locator("aside svg title").text_content() == f"{address}#{code}"
        with opening(browser, address, address.replace("http", "ws"), "data:") as phone:
            one = phone(address, width=390, height=844)
            one.get_by_label("Code on the projector").fill("AAAA")
            one.get_by_role("button", name="Come in").click()
            expect(one.get_by_text("There is no room with this code.")).to_be_visible()
            one.wait_for_timeout(1200)
            one.get_by_label("Code on the projector").fill(code.lower())
            one.get_by_role("button", name="Come in").click()
            other = phone(f"{address}#{code}", width=390, height=844, dark=True)
            for page in (one, other):
                expect(page.get_by_role("heading", level=1)).to_have_text(
                    "A citizen cannot be deported. Will they still call the police?"
                )
                assert not complaints_of_axe(page)
                assert page.evaluate("document.documentElement.scrollWidth") <= 390
            expect(board.locator("#here")).to_contain_text(
                "2 of 2 pupils are connected. Not answered:"
            )

            one.get_by_role("radio").nth(1).check()
            one.get_by_role("button", name="Commit").click()
            expect(one.get_by_text("You committed to: They call less")).to_be_visible()
            number = other.locator("footer").inner_text().split()[3].strip(".")
            expect(board.locator("#here")).to_have_text(
                f"2 of 2 pupils are connected. Not answered: {number}."
            )
            assert board.locator(".counts").count() == 0  # nobody is led by what others expect

            # A reload loses nothing: neither who one is nor what one committed to.
            was = one.locator("footer").inner_text()
            one.reload()
            expect(one.get_by_text("You committed to: They call less")).to_be_visible()
            assert one.locator("footer").inner_text() == was
            other.get_by_role("radio").nth(0).check()
            other.get_by_role("button", name="Commit").click()
            expect(board.locator("#here")).to_contain_text("All have answered.")

            board.get_by_role("button", name="Close, and show").click()
            expect(board.locator(".counts b")).to_have_text(["1", "1", "0"])
            expect(one.locator(".counts b")).to_have_text(["1", "1", "0"])
            board.reload()  # and the teacher's browser may be closed
            expect(board.locator(".counts b")).to_have_text(["1", "1", "0"])
            board.get_by_role("button", name="Reveal").click(timeout=60_000)
            expect(board.locator(".said")).to_be_visible()
            expect(board.locator(".dot")).to_have_count(2)
            towns = set()
            for page in (one, other):
                expect(page.locator(".said")).to_be_visible()
                expect(page.locator(".dot.own")).not_to_have_count(0)
                towns.add(page.get_by_text("Your town is number").inner_text().split(" of ")[0])
                assert not complaints_of_axe(page)
            assert len(towns) == 2
            assert not complaints_of_axe(board)

            board.get_by_role("button", name="Next question").click()
            expect(one.get_by_role("button", name="Commit")).to_be_visible()
            with board.expect_download() as got:
                board.get_by_role("link", name="Table").click()
            rows = got.value.path().read_text("utf-8").splitlines()
            assert rows[0] == "pupil,round,question,prediction,town,outcome,a,b,change"
            assert len(rows) == 3
            board.wait_for_timeout(300)
            said = json.loads(kept.read_text("utf-8"))
            assert (said["steps"], len(said["pupils"]), len(said["choices"])) == (3, 2, 2)


def test_the_network_reaches_the_room_and_nothing_else(browser, a_class):
    url, teacher, _ = a_class
    with opening(browser, url, url.replace("http", "ws"), "data:") as opened:
        address, _ = room_of(opened(teacher))
    room = address.rstrip("/")
    assert status(address) == 200
    assert status(f"{room}/static/room.js") == 200
    for path in ("/class", "/class/", "/class/table.csv", "/lessons", "/town", "/readyz"):
        assert status(room + path) == 404, path
    for path in ("/_solara/cdn/x", "/jupyter/api/kernels", "/static/../host.py"):
        assert status(room + path) in (400, 404), path
    for path in ("/class/ws", "/jupyter/api/kernels/x/channels"):
        with pytest.raises(InvalidStatus):
            connect(room.replace("http", "ws") + path)
    with pytest.raises(InvalidStatus):  # nor may a page of others' speak for a pupil
        connect(room.replace("http", "ws") + "/ws", origin="http://elsewhere.example")
    assert status(f"{url}/lessons") == 200
    here = local_address()
    if here != "127.0.0.1":  # the app itself listens on this machine alone
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((here, int(url.rpartition(":")[2])), timeout=5)


def test_what_is_no_message_harms_nobody(browser, a_class):
    url, teacher, _ = a_class
    with opening(browser, url, url.replace("http", "ws"), "data:") as opened:
        address, code = room_of(opened(teacher))
    with connect(address.replace("http", "ws") + "ws") as phone:
        for text in ("", "[]", "{", '{"round": 0, "choice": 0}', '{"code": 5}'):
            phone.send(text)
        assert "no room" in phone.recv(timeout=60)
        phone.send(json.dumps({"code": code, "token": ["x"]}))
        while "token" not in (answer := json.loads(phone.recv(timeout=60))):
            pass
        for round_, choice in ((1, 99), (99, 0), ("1", 0), (1, None)):
            phone.send(json.dumps({"round": round_, "choice": choice}))
        for round_ in (0, 1):  # the test before, where it ran, has gone on to the second question
            phone.send(json.dumps({"round": round_, "choice": 0}))
        problems = []
        while "You committed to" not in answer.get("html", ""):
            answer = json.loads(phone.recv(timeout=60))
            problems.append(answer.get("problem"))
        assert "this question is closed" in problems


def test_a_pupil_is_a_resident_and_a_reload_keeps_the_choice(browser, tmp_path):
    words = ["resident", "--room-port", "0", "--keep", str(tmp_path / "kept.json")]
    with (
        serving(tmp_path, *words, command="class") as (url, _, _),
        opening(browser, url, url.replace("http", "ws"), "data:") as opened,
    ):
        board = opened(f"{url}/class", width=1280, height=720)
        address, code = room_of(board)
        with opening(browser, address, address.replace("http", "ws"), "data:") as phone:
            page = phone(f"{address}#{code}", width=390, height=844)
            page.get_by_role("radio", name="I decide for this resident").check()
            page.get_by_role("button", name="Commit").click()
            expect(page.get_by_text("You committed to: I decide for this resident")).to_be_visible()
            board.get_by_role("button", name="Begin").click()
            # A quarter in which nothing happened nearby asks nothing; the next may.
            for round_ in range(1, 11):
                title = page.get_by_role("heading", level=1)
                expect(title).to_contain_text(f"ound {round_} of 10", timeout=30_000)
                assert not complaints_of_axe(page)
                if page.get_by_role("radio").count():
                    break
                board.get_by_role("button", name="End the round").click()
            choice = page.get_by_role("radio").nth(1)
            said = page.locator("#choice label").nth(1).inner_text()
            choice.check()
            page.get_by_role("button", name="Commit").click()
            mine = page.get_by_text(f"You committed to: {said}")
            expect(mine).to_be_visible()
            page.reload()
            expect(mine).to_be_visible()
            assert said.endswith("does not call")
            board.get_by_role("button", name="End the round").click()
            expect(page.get_by_role("heading", level=1)).not_to_contain_text(
                f"ound {round_} of 10", timeout=60_000
            )
