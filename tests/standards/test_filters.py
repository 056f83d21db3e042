"""The parameters of TAXII requests."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.taxii21.filters import Problem, Query, query_of

ID = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"


def test_no_parameter_asks_for_the_last_versions_of_everything() -> None:
    assert query_of({}) == Query(None, None, None, (), (), ("last",), ())


def test_every_parameter_is_read() -> None:
    query = query_of(
        {
            "added_after": ["2026-01-31T12:00:00Z"],
            "limit": ["100"],
            "next": ["abc"],
            "match[id]": [ID],
            "match[type]": ["indicator,x-own-type"],
            "match[version]": ["first,2026-01-31T12:00:00.5Z,last"],
            "match[spec_version]": ["2.1,2.0"],
        }
    )
    noon = datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert query == Query(
        added_after=noon,
        limit=100,
        next="abc",
        ids=(ID,),
        types=("indicator", "x-own-type"),
        versions=("first", noon.replace(microsecond=500000), "last"),
        spec_versions=("2.1", "2.0"),
    )


def test_unknown_parameters_are_ignored() -> None:
    assert query_of({"colour": ["red", "blue"], "match[confidence-gte]": ["30"]}) == Query()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("limit", text) for text in ("0", "-1", "ten", "", "1.5", " 5", "+5", "１", "1e3", "9" * 30)),
        *(
            ("added_after", text)
            for text in ("", "yesterday", "2026-01-31", "2026-01-31T12:00:00", "2026-13-31T12:00:00Z")
        ),
        ("next", ""),
        *(("match[id]", text) for text in ("", "indicator", "indicator--1", f"{ID},", f"{ID} ", ",")),
        *(("match[type]", text) for text in ("", "Indicator", "a b", "indicator,,report", "1x")),
        *(("match[version]", text) for text in ("", "newest", "all,last", "first,all", "last,", "2026-01-31")),
        *(("match[spec_version]", text) for text in ("", "two", "2", "2.1,", "v2.1")),
    ],
)
def test_what_is_malformed_is_refused_by_name(name: str, text: str) -> None:
    problem = query_of({name: [text]})
    assert isinstance(problem, Problem)
    assert problem.description.startswith(f"{name}: ")


@pytest.mark.parametrize(
    "name", ["added_after", "limit", "next", "match[id]", "match[type]", "match[version]", "match[spec_version]"]
)
def test_a_repeated_parameter_is_refused(name: str) -> None:
    problem = query_of({name: ["1", "1"]})
    assert isinstance(problem, Problem)
    assert "once" in problem.description


def test_a_value_named_twice_counts_once_and_lists_have_an_end() -> None:
    query = query_of({"match[type]": ["report,report"], "match[version]": ["last,last"]})
    assert isinstance(query, Query)
    assert (query.types, query.versions) == (("report",), ("last",))
    assert isinstance(query_of({"match[type]": [",".join(f"t{number}" for number in range(1001))]}), Problem)


@given(
    st.dictionaries(
        st.sampled_from(["limit", "next", "added_after", "match[id]", "match[version]"]), st.lists(st.text())
    )
)
def test_any_parameters_give_a_query_or_a_problem(parameters: dict[str, list[str]]) -> None:
    assert isinstance(query_of(parameters), Query | Problem)
