"""Names in addresses."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rooms.converters import quote, unquote


@given(st.text())
@example("")
@example(".")
@example("..")
@example("a/b%2Fc~7E")
@example("\x00\x1f\u202e👩‍🚀")
def test_it_spells_every_name_and_reads_it_back(name: str) -> None:
    segment = quote(name)
    assert unquote(segment) == name
    assert segment not in {"", ".", ".."}
    assert not set(segment) & set("/%?#\\ ")


@given(st.lists(st.text(), unique=True, min_size=2, max_size=2))
def test_it_spells_two_names_differently(names: list[str]) -> None:
    assert quote(names[0]) != quote(names[1])


@pytest.mark.parametrize("segment", ["~G0", "a~", "~C3", "~1"])
def test_it_refuses_what_is_no_spelling(segment: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any ValueError makes the address unknown
        unquote(segment)
