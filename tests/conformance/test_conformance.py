"""Each fact: the fake as documented, by both ways in; with ``--aws`` the service as the fake."""

import facts
import pytest
from fact_table import NOT_ASKED


def as_expected(value, expected):
    if isinstance(expected, str) and expected.endswith("…"):
        return value.startswith(expected[:-1])
    return value == expected


@pytest.mark.parametrize("fact", facts.FACTS)
def test_fact(fact, fake, service, record_property):
    record_property("fact", [fact, fake[fact], service[fact]])
    assert as_expected(fake[fact], facts.FACTS[fact][1]), f"the fake: {fake[fact]}\nexpected: {facts.FACTS[fact][1]}"
    assert service[fact] in (NOT_ASKED, fake[fact]), f"the service: {service[fact]}\nthe fake: {fake[fact]}"
