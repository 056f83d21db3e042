"""STIX patterns are read as the standard's section 9 says, and what is misspelt is pointed at."""

from time import process_time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stix2patterns.validator import validate

from infohub.standards.problem import Problem
from infohub.standards.stix21 import misspelt
from infohub.standards.stix21.grammar import Comparison, comparisons, pattern_problem

WELL_SPELT = [
    "[ipv4-addr:value = '198.51.100.7']",
    "[ipv4-addr:value='198.51.100.7'OR\n\tipv6-addr:value\u3000==\u00a0'2001:db8::1' ]",
    "[file:hashes.'SHA-256' = 'ab' OR file:hashes.MD5 IN ('cd', 'ef')]",
    "[file:name LIKE 'a%' AND file:name NOT MATCHES '^\\\\d+\\\\.exe$' AND NOT EXISTS file:size]",
    "[(file:size > 1 AND file:size<=2.5) OR file:size <> -3 OR file:size < .5]",
    "[EXISTS windows-registry-key:values[*].data]",
    "[x-own:when >= t'2024-02-29T23:59:60.5Z' OR x-own:is != true OR x-own:is NOT = false]",
    "[artifact:payload_bin = b'' OR artifact:payload_bin = b'QUJD\nRA==' OR artifact:payload_bin = h'00fF']",
    "[network-traffic:dst_ref.value ISSUBSET '198.51.100.0/24' AND network-traffic:protocols[0] = 'tcp']",
    "[file:extensions.'windows-pebinary-ext'.sections[*].entropy > 7.0]",
    "[x:y IN () OR x:y IN ( 1 ,2.5, -3 ) OR x:y ISSUPERSET '198.51.100.0/30']",
    "[x:y = 'it\\'s \\\\ a ] b AND (' OR x:y = '漢字 \n ']",
    "[a:b = 1] AND [c:d = 2] OR [e:f = 3] FOLLOWEDBY [g:h = 4]",
    "([a:b = 1] FOLLOWEDBY ([c:d = 2] REPEATS 2 TIMES)) WITHIN 0.5 SECONDS REPEATS 5 TIMES",
    "[a:b=1] START t'2026-01-01T00:00:00Z' STOP t'2026-01-02T00:00:00.123456789Z' WITHIN 3 SECONDS",
    "([a:b = 1] WITHIN 5 SECONDS) WITHIN 6 SECONDS",
]

MISSPELT = [
    ("", 1, misspelt.OBSERVATION),
    ("a:b = 1", 1, misspelt.OBSERVATION),
    ("[a:b = 1] OR", 13, misspelt.OBSERVATION),
    ("[a:b = 1] or [a:b = 2]", 11, misspelt.FOLLOWING[""]),
    ("[a:b = 1] [a:b = 2]", 11, misspelt.FOLLOWING[""]),
    ("[a:b = 1]]", 10, misspelt.FOLLOWING[""]),
    ("[a:b = 1] /* why */", 11, misspelt.FOLLOWING[""]),
    ("[a:b = 1] WITHIN 0.0 SECONDS", 11, misspelt.FOLLOWING["WITHIN"]),
    ("[a:b = 1] WITHIN 5 MINUTES", 11, misspelt.FOLLOWING["WITHIN"]),
    ("[a:b = 1] REPEATS 0 TIMES", 11, misspelt.FOLLOWING["REPEATS"]),
    ("[a:b = 1] REPEATS +5 TIMES", 11, misspelt.FOLLOWING["REPEATS"]),
    ("[a:b = 1] START '2026-01-01T00:00:00Z' STOP '2026-01-02T00:00:00Z'", 11, misspelt.FOLLOWING["START"]),
    ("[a:b = 1] START t'2026-01-01T00:00:00Z' STOP t'2026-02-30T00:00:00Z'", 46, misspelt.DAY),
    ("[a:b = 1] WITHIN 5 SECONDS REPEATS 2 TIMES WITHIN 6 SECONDS", 44, misspelt.TWICE),
    ("([a:b = 1]) WITHIN 5 SECONDS WITHIN 6 SECONDS", 30, misspelt.TWICE),
    ("([a:b = 1]", 11, misspelt.UNCLOSED),
    ("[a:b = 1])", 10, misspelt.UNOPENED),
    ("[(a:b = 1]", 10, misspelt.UNCLOSED),
    ("[a:b = 1)]", 9, misspelt.UNOPENED),
    ("[a:b = 1", 9, misspelt.JOINT),
    ("[a:b = 1 and a:c = 2]", 10, misspelt.JOINT),
    ("[a:b = 007]", 9, misspelt.JOINT),
    ("[EXISTS a:b = 1]", 13, misspelt.JOINT),
    ("[]", 2, misspelt.OPERAND[""]),
    ("[file.size = 1]", 2, misspelt.OPERAND[""]),
    ("[AND:b = 1]", 2, misspelt.OPERAND[""]),
    ("[NOT a:b = 1]", 2, misspelt.OPERAND["NOT"]),
    ("[file:hashes.SHA-256 = 'ab']", 17, misspelt.OPERATOR["-"]),
    ("[a:b.true = 1]", 5, misspelt.OPERATOR["."]),
    ("[a:b[-1] = 1]", 5, misspelt.OPERATOR["["]),
    ("[a:b like 'c']", 6, misspelt.OPERATOR[""]),
    ("[a:b]", 5, misspelt.OPERATOR[""]),
    ("[a:b = ]", 8, misspelt.VALUE[""]),
    ('[a:b = "c"]', 8, misspelt.VALUE[""]),
    ("[a:b = ab12]", 8, misspelt.VALUE[""]),
    ("[a:b = 'c]", 8, misspelt.VALUE["'"]),
    ("[a:b MATCHES '\\.exe']", 14, misspelt.VALUE["'"]),
    ("[a:b = t'2026-13-01T00:00:00Z']", 8, misspelt.VALUE["t'"]),
    ("[a:b = h'abc']", 8, misspelt.VALUE["h'"]),
    ("[a:b = b'QUJDR']", 8, misspelt.VALUE["b'"]),
    ("[a:b IN (1,)]", 9, misspelt.VALUE["("]),
    ("[a:b = +5]", 8, misspelt.VALUE["+"]),
    ("[a:b IN 1]", 9, misspelt.LIST),
    ("[a:b IN (1, 'c')]", 9, misspelt.MIXED),
    ("[a:b = (1)]", 8, misspelt.ONE),
    ("[a:b LIKE 1]", 11, misspelt.TEXT),
    ("[a:b > true]", 8, misspelt.ORDER),
    ("[a:b IN (t'2026-02-29T00:00:00Z')]", 9, misspelt.DAY),
    ("[a:b = 1 AND c:d = 2]", 14, misspelt.DIFFERENT),
]


@pytest.mark.parametrize("text", WELL_SPELT)
def test_a_well_spelt_pattern_has_no_problem(text: str) -> None:
    assert pattern_problem(text) is None


@pytest.mark.parametrize(("text", "character", "remedy"), MISSPELT)
def test_a_misspelt_pattern_is_pointed_at_where_it_goes_wrong(text: str, character: int, remedy: str) -> None:
    problem = pattern_problem(text)
    assert problem is not None
    assert (problem.path, problem.message) == (f"character {character}", remedy)
    assert text[character - 1 :].startswith(problem.found)


@pytest.mark.parametrize(
    ("inside", "may"),
    [
        ("a:x = 1 OR b:y = 2", True),
        ("a:x = 1 OR b:y = 2 AND b:z = 3", True),
        ("a:x = 1 OR b:y = 2 AND a:z = 3", False),
        ("(a:x = 1 OR b:y = 2) AND a:z = 3", True),
        ("(a:x = 1 OR b:y = 2) AND (b:z = 3 OR c:z = 3) AND b:w = 4", True),
        ("(a:x = 1 OR b:y = 2) AND (b:z = 3 OR c:z = 3) AND a:w = 4", False),
        ("(a:x = 1 AND a:y = 2) OR (b:x = 1 AND b:y = 2)", True),
        ("a:x = 1 AND (b:x = 1 OR (c:y = 2))", False),
    ],
)
def test_what_and_joins_must_be_satisfiable_by_one_object(inside: str, may: bool) -> None:
    assert (pattern_problem(f"[{inside}]") is None) == may


def test_the_comparisons_come_as_they_are_written() -> None:
    text = "[file:name NOT = 'a\\'b' AND (EXISTS file:size OR NOT EXISTS file:hashes.'SHA-1')] OR [x:y IN (1, 2)]"
    assert comparisons(text) == [
        Comparison("file", "name", True, "=", "'a\\'b'", ""),
        Comparison("file", "size", False, "EXISTS", "", "AND"),
        Comparison("file", "hashes.'SHA-1'", True, "EXISTS", "", "OR"),
        Comparison("x", "y", False, "IN", "(1, 2)", ""),
    ]


@pytest.mark.parametrize("outside", [0, 20, 50])
def test_parentheses_stand_fifty_deep_and_no_deeper(outside: int) -> None:
    def nested(inside: int) -> str:
        return f"{'(' * outside}[{'(' * inside}a:b = 1{')' * inside}]{')' * outside}"

    assert pattern_problem(nested(50 - outside)) is None
    problem = pattern_problem(nested(51 - outside))
    assert problem is not None
    assert problem.message == misspelt.DEEP


def test_a_pattern_has_sixteen_kilobytes_and_no_more() -> None:
    longest = f"[a:b = '{'漢' * 5458}']"
    assert len(longest.encode()) == 16_384
    problems = [pattern_problem(longest), pattern_problem(f"{longest} "), pattern_problem("[" * 10**6)]
    assert problems == [None, Problem("", misspelt.LONG), Problem("", misspelt.LONG)]


@pytest.mark.parametrize(
    "text",
    [
        "[" + " OR ".join(["a:b=1"] * 1800) + "]",
        "[" + " OR ".join(f"a{number}:b=1" for number in range(1200)) + "]",
        " OR ".join(["[a:b=1]"] * 1400),
        "[a:b IN (" + ",".join(["'x'"] * 4000) + "]",
        "[a:b = '" + "\\\\" * 8000 + "]",
        "[a" + ".b" * 8000 + "]",
        "[a:b" + ".b" * 8000 + "]",
        "[a:b" + " " * 16000 + "]",
        "[a:b = b'" + "QUJD" * 4000 + "Q']",
        "[a:b = t'" * 1800,
        "(" * 16000,
        "[" + "(" * 16000,
        "'" * 16000,
    ],
)
def test_hostile_patterns_cost_milliseconds(text: str) -> None:
    start = process_time()
    pattern_problem(text)
    assert process_time() - start < 0.5  # 10 ms are usual; in squared time it would be many seconds


def _joined(parts: st.SearchStrategy[str], words: list[str]) -> st.SearchStrategy[str]:
    joined = st.tuples(parts, st.lists(st.tuples(st.sampled_from(words), parts), max_size=2))
    return joined.map(lambda made: made[0] + "".join(f" {word} {part}" for word, part in made[1]))


TEXTS = st.text("aB9 %[](),=:/é漢\n", max_size=6).map(lambda text: f"'{text}'") | st.sampled_from(["'\\''", "'\\\\'"])
NUMBERS = st.sampled_from(["0", "-1", "42", "1.5", "-.5", "00.1"])
MOMENTS = st.datetimes().map(lambda moment: f"t'{moment.year:04d}{moment:-%m-%dT%H:%M:%S}Z'")
OCTETS = st.sampled_from(["h''", "h'00ff'", "b'QUJD'", "b'QQ=='", "b'QUI='"])
ORDERED = TEXTS | NUMBERS | MOMENTS | OCTETS
CONSTANTS = ORDERED | st.sampled_from(["true", "false"])
LISTS = st.sampled_from([TEXTS, NUMBERS, MOMENTS]).flatmap(lambda kind: st.lists(kind, max_size=3)).map(", ".join)
STEPS = st.sampled_from([".name", ".'SHA-256'", "[0]", "[*]", " . x_y", " [ 12 ]"])
PATHS = st.lists(STEPS, max_size=3).map(lambda steps: "file:a" + "".join(steps))
ENDS = st.one_of(
    st.tuples(st.sampled_from(["=", "==", "!=", "<>"]), CONSTANTS),
    st.tuples(st.sampled_from(["<", "<=", ">", ">="]), ORDERED),
    st.tuples(st.sampled_from(["LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET"]), TEXTS),
    st.tuples(st.just("IN"), LISTS.map(lambda listed: f"({listed})")),
).map(" ".join)
COMPARED = st.tuples(PATHS, st.sampled_from([" ", " NOT "]), ENDS).map("".join) | PATHS.map(
    lambda path: f"EXISTS {path}"
)
INSIDE = st.recursive(
    COMPARED, lambda inner: _joined(inner.map(lambda part: f"({part})") | inner, ["AND", "OR"]), max_leaves=4
)
QUALIFIERS = st.lists(
    st.sampled_from(
        [
            " WITHIN 5 SECONDS",
            " REPEATS 2 TIMES",
            " START t'2026-01-01T00:00:00Z' STOP t'2026-01-02T00:00:00Z'",
        ]
    ),
    unique=True,
).map("".join)
OBSERVED = st.tuples(INSIDE.map(lambda inside: f"[{inside}]"), QUALIFIERS).map("".join)
PATTERNS = st.recursive(
    OBSERVED,
    lambda inner: _joined(
        inner | st.tuples(inner.map(lambda part: f"({part})"), QUALIFIERS).map("".join), ["AND", "OR", "FOLLOWEDBY"]
    ),
    max_leaves=3,
)
FRAGMENTS = [
    *"()[]'\\=<>!-.:,*1a",
    "AND",
    "OR",
    "NOT",
    "IN",
    "EXISTS",
    "WITHIN",
    "5",
    "==",
    "t'",
    "h'",
    "b'",
    "true",
    "1e5",
]
# Where the text of the standard asks for more than the grammar that the library is made from.
STRICTER = {
    misspelt.DIFFERENT,
    misspelt.MIXED,
    misspelt.DAY,
    misspelt.TWICE,
    misspelt.FOLLOWING["WITHIN"],
    misspelt.FOLLOWING["REPEATS"],
    misspelt.VALUE["+"],
    misspelt.OPERATOR["["],
}


@settings(max_examples=50, deadline=None)  # the other library takes its time
@given(PATTERNS)
def test_every_pattern_the_grammar_makes_is_taken_as_by_the_standards_own_library(text: str) -> None:
    assert pattern_problem(text) is None
    assert validate(text)


@settings(max_examples=50, deadline=None)
@given(PATTERNS, st.data())
def test_a_pattern_with_a_fault_is_judged_as_by_the_standards_own_library(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    skipped = data.draw(st.integers(0, 3))
    changed = text[:place] + data.draw(st.sampled_from(["", *FRAGMENTS])) + text[place + skipped :]
    problem = pattern_problem(changed)
    assume(problem is None or problem.message not in STRICTER)
    assert (problem is None) == validate(changed)


@given(st.text("[]()'\\:.,=<>!*-+0 \nANDORTINaht", max_size=40))
def test_nothing_that_is_written_breaks_the_reader(text: str) -> None:
    read = comparisons(text)
    assert isinstance(read, list | Problem)
