from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.views.placing import Mark, place_names, spread

marks = st.lists(
    st.builds(
        Mark,
        owner=st.sampled_from("abcd"),
        x=st.floats(0, 400),
        y=st.floats(0, 300),
        radius=st.floats(3, 10),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(marks)
def test_marks_end_up_apart(given_marks: list[Mark]) -> None:
    placed = spread(given_marks)
    for number, one in enumerate(placed):
        for other in placed[number + 1 :]:
            distance = math.hypot(one.x - other.x, one.y - other.y)
            assert distance > one.radius + other.radius - 0.5


@settings(max_examples=20, deadline=None)
@given(marks)
def test_marks_keep_their_owner_and_size(given_marks: list[Mark]) -> None:
    placed = spread(given_marks)
    assert [(m.owner, m.radius) for m in placed] == [(m.owner, m.radius) for m in given_marks]


def test_a_lone_mark_stays_where_it_is() -> None:
    assert spread([Mark("a", 10.0, 20.0, 5.0)]) == [Mark("a", 10.0, 20.0, 5.0)]


@settings(max_examples=40, deadline=None)
@given(marks)
def test_names_cover_nothing(given_marks: list[Mark]) -> None:
    placed = spread(given_marks)
    names = [(owner, "A long name") for owner in "abcd"]
    found = place_names(names, placed, within=(0.0, 0.0, 400.0, 300.0))
    boxes = [name.box for name in found.values()]
    boxes += [(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in placed]
    for number, one in enumerate(boxes[: len(found)]):
        assert 0 <= one[0] < one[2] <= 400
        for other in boxes[number + 1 :]:
            apart = (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            )
            assert apart


def test_a_name_without_room_is_left_out() -> None:
    assert place_names([("a", "x" * 90)], [Mark("a", 5, 5, 4)], within=(0, 0, 50, 20)) == {}
