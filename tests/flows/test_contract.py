"""The REST API keeps the word of its own description, whatever it is asked: on a running instance."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Err, Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.flows.people import Town, settle
from tests.intel.pieces import indicator
from tests.stage import Stage

load_all_checks()
KEPT = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.fixture(scope="module")
def town(stage: Stage) -> Town:
    return settle(stage.instance(api_per_minute="1000000"))


def operations(town: Town) -> list[APIOperation[Any, Any, Any, Any]]:
    """Everything the description names, by its own address."""
    schema = schemathesis.openapi.from_url(f"{town.url}/api/v1/openapi.json")
    found = list(schema.get_all_operations())
    assert not [one for one in found if isinstance(one, Err)]
    return [one.ok() for one in found if isinstance(one, Ok)]


def test_the_api_answers_everything_as_it_describes_it(town: Town, pytestconfig: pytest.Config) -> None:
    described = operations(town)
    each = pytestconfig.getoption("--calls") // (2 * len(described)) + 1  # fewer where less can be asked
    statuses: Counter[int] = Counter()
    for operation in described:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            statuses += asked(operation, mode, town=town, times=each)
    told = f"{sum(statuses.values())} calls: {dict(sorted(statuses.items()))}; 0 server errors, 0 broken promises"
    sys.stdout.write(f"\n{told}\n")
    assert {200, 201, 404, 422} <= set(statuses)


@dataclass(frozen=True)
class Exchanged:
    """What there is of machines: a collection, an object in it, and what became of the envelope it came in."""

    names: dict[str, str]
    object: dict[str, Any]

    @classmethod
    def of(cls, town: Town, authorization: dict[str, str]) -> Exchanged:
        """Add one object, however often it was taken away."""
        name = town.facts["collections"]["sensors"]["taxii_id"]
        made: dict[str, Any] = indicator()
        there = f"{town.url}/api/v1/collections/{name}/objects"
        answer = requests.post(there, json={"objects": [made]}, headers=authorization, timeout=10)
        assert answer.status_code == 201, answer.text
        return cls({"name": name, "stix_id": str(made["id"]), "uuid": answer.json()["id"]}, made)

    def fill(self, case: Case[Any], known: st.DataObject) -> None:
        """Ask for what is there, and send objects of which some are in order."""
        case.path_parameters |= {name: self.names[name] for name in case.path_parameters if name in self.names}
        if isinstance(case.body, dict) and "objects" in case.body:
            given = known.draw(st.sampled_from([self.object, indicator(), {**self.object, "name": "other words"}]))
            more: list[Any] = known.draw(st.sampled_from([[], case.body["objects"]]))
            case.body |= {"objects": [given, *more]}


def is_whole_again(case: Case[Any]) -> bool:
    """Whether a parameter that was taken out is there, put back among made-up ones: nothing is wrong with it then.

    The token, which is sent with every request, is always put back.
    """
    mutations = getattr(case.meta.phase.data, "mutations", ()) if case.meta else ()
    there = {*(case.query or {}), "Authorization"}
    return bool(mutations) and all(
        "required" in one.keywords
        and one.parameter_location in {ParameterLocation.QUERY, ParameterLocation.HEADER}
        and there.issuperset(
            map(str, one.original_value if isinstance(one.original_value, list) else [one.original_value])
        )
        for one in mutations
    )


def asked(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, *, town: Town, times: int) -> Counter[int]:
    """Ask this operation so often, with what fits its description or with what does not; count the answers."""
    statuses: Counter[int] = Counter()
    refs = [facts["ref"] for kind in ("items", "groups") for facts in town.facts[kind].values() if "ref" in facts]
    audiences: list[Any] = [
        {"organisations": ["Kwun Hoi Dental"]},
        {"groups": [town.facts["groups"]["banking"]["ref"]]},
        {"everyone": True, "confirmed": True},
    ]
    authorization = {"Authorization": f"Bearer {town.token('script')}"}
    exchanged = Exchanged.of(town, authorization) if "{name}" in operation.path or "{uuid}" in operation.path else None

    # What is drawn is the same at every run; nothing is remembered between runs and nothing is made smaller.
    @settings(
        max_examples=times,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), known=st.data())
    def ask(case: Case[Any], known: st.DataObject) -> None:
        if mode is GenerationMode.POSITIVE:
            if "ref" in case.path_parameters and known.draw(st.booleans()):
                case.path_parameters["ref"] = known.draw(st.sampled_from(refs))
            if isinstance(case.body, dict) and "audience" in case.body and known.draw(st.booleans()):
                case.body |= {"audience": known.draw(st.sampled_from(audiences)), "sectors": []}
            if exchanged and known.draw(st.booleans()):
                exchanged.fill(case, known)
        # An address says nothing of a parameter without a value: what is wrong with it does not leave.
        assume(all(value or isinstance(value, str | int) for value in (case.query or {}).values()))
        assume(mode is GenerationMode.POSITIVE or not is_whole_again(case))
        answer = case.call(headers=authorization)
        statuses[answer.status_code] += 1
        case.validate_response(answer, checks=KEPT, headers=authorization)

    with suppress(Unsatisfiable):  # nothing can be wrong with an address that takes nothing
        ask()
    assert statuses or mode is GenerationMode.NEGATIVE, operation.label
    return statuses
