"""A class: pupils in a room, what they commit to, and what each is shown; no web in it."""

from trustabm.classroom.room import (
    PUPILS_MAX,
    Activity,
    Choices,
    Pupil,
    Room,
    Sheet,
    State,
    Strip,
)

__all__ = ["PUPILS_MAX", "Activity", "Choices", "Pupil", "Room", "Sheet", "State", "Strip"]
