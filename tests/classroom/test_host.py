"""Who is answered, and what a class can be started with."""

from __future__ import annotations

import pytest
from serving import ran
from trustabm_app.classroom.host import here_alone, planned
from trustabm_app.classroom.sheets import pupil, start

from trustabm.classroom import Sheet, State
from trustabm.classroom.lesson import lessons
from trustabm.errors import InvalidInput


def answered(client, kind="http"):
    """Return what somebody at an address gets of an app that answers 200 to all."""
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200})

    async def send(message):
        sent.append(message.get("status", message.get("code")))

    async def receive():
        return {"type": "websocket.connect"}

    scope = {"type": kind, "client": client, "path": "/class", "method": "GET", "headers": []}
    ran(here_alone(app)(scope, receive, send))
    return sent[0]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_the_teachers_page_answers_this_machine(host):
    assert answered((host, 5)) == 200


@pytest.mark.parametrize("host", ["192.168.1.5", "10.0.0.1", "::ffff:192.168.1.5", "fe80::1"])
def test_the_teachers_page_answers_nobody_else(host):
    assert answered((host, 5)) == 403
    assert answered((host, 5), "websocket") == 1008


def test_who_comes_from_nowhere_is_not_answered():
    assert answered(None) == 403


def test_a_class_goes_through_lessons_there_are():
    names = list(lessons())
    asked = planned(names).questions
    assert [q.title for q in asked] == [x.question for x in lessons().values()]
    for wrong, why in (([], "at least one"), (["citizn"], "no 'citizn'.*citizen")):
        with pytest.raises(InvalidInput, match=why):
            planned(wrong)


def test_what_a_lesson_says_is_text():
    sheet = Sheet("<script>", ("<b>",), ("<i>",))
    html = pupil(State(1, 0, True, None, sheet))
    assert "&lt;script&gt;" in html
    assert not any(x in html for x in ("<script>", "<b>", "<i>"))
    assert start(lessons(), ["citizen"], "").count(" checked=") == 1
