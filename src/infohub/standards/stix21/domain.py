"""The shapes of STIX domain and relationship objects (sections 4 and 5)."""

import re
from collections.abc import Mapping

from infohub.standards.jsontext import Json

from . import sentences
from .container import container, local_references, some_observable
from .properties import kill_chain_phases
from .shape import Rule, Shape, after, needs, not_before, one, shape, some
from .values import (
    FINE,
    Check,
    Problems,
    listed,
    matching,
    number,
    number_within,
    one_of,
    ref,
    ref_but,
    refused,
    text,
    under,
    whole_within,
)
from .vocabulary import BUNDLE, DOMAIN, META, OBSERVABLE, OPINIONS, RELATION

LONGEST_PATTERN = 16 * 1024

_any_refs = listed(ref())
_software = ref("software")
_end = ref_but(*RELATION, *META, BUNDLE)
_observables = listed(ref_but(*DOMAIN, *RELATION, *META, BUNDLE))
_seen = not_before("first_seen", "last_seen")


def _pattern(value: Json) -> Problems:
    """A pattern is measured here and read elsewhere."""
    if isinstance(value, str) and len(value) * 4 > LONGEST_PATTERN:
        too_long = len(value.encode(errors="surrogatepass")) > LONGEST_PATTERN
        return refused(sentences.PATTERN, value) if too_long else FINE
    return text(value)


def _family(given: Mapping[str, Json]) -> Problems:
    nameless = given["is_family"] is True and "name" not in given
    return under("name", refused(sentences.FAMILY, "")) if nameless else FINE


def _catalogued(source: str, form: str) -> Rule:
    """A number of a catalogue stands under the catalogue's name, and nothing else does (sections 4.1.1 and 4.19.1)."""
    numbered = re.compile(form).fullmatch

    def rule(given: Mapping[str, Json]) -> Problems:
        found = given.get("external_references")
        problems = FINE
        for place, reference in enumerate(found if isinstance(found, list) else ()):
            assert isinstance(reference, dict)
            number = str(reference.get("external_id", ""))
            if (reference["source_name"] == source) is not bool(numbered(number)):
                problems += under(f"external_references[{place}].external_id", refused(sentences.CATALOGUED, number))
        return problems

    return rule


def _named(required: str = "name", *rules: Rule, **properties: str | Check) -> Shape:
    """Most domain objects have a name and a description."""
    words = str(properties.pop("text", ""))
    return shape(required, *rules, text=f"name description {words}", **properties)


SHAPES: Mapping[str, Shape] = {
    "attack-pattern": _named(
        "name", _catalogued("capec", "CAPEC-[0-9]+"), texts="aliases", kill_chain_phases=kill_chain_phases
    ),
    "campaign": _named("name", _seen, text="objective", texts="aliases", times="first_seen last_seen"),
    "course-of-action": _named(),
    "grouping": _named("context object_refs", text="context", object_refs=_any_refs),
    "identity": _named(text="identity_class contact_information", texts="roles sectors"),
    "incident": _named(),
    "indicator": _named(
        "pattern pattern_type valid_from",
        after("valid_from", "valid_until"),
        text="pattern_type pattern_version",
        texts="indicator_types",
        times="valid_from valid_until",
        pattern=_pattern,
        kill_chain_phases=kill_chain_phases,
    ),
    "infrastructure": _named(
        "name",
        _seen,
        texts="infrastructure_types aliases",
        times="first_seen last_seen",
        kill_chain_phases=kill_chain_phases,
    ),
    "intrusion-set": _named(
        "name",
        _seen,
        text="resource_level primary_motivation",
        texts="aliases goals secondary_motivations",
        times="first_seen last_seen",
    ),
    "location": _named(
        "",
        some("region country latitude"),
        needs("latitude", "longitude"),
        needs("longitude", "latitude"),
        needs("precision", "latitude longitude"),
        text="region country administrative_area city street_address postal_code",
        latitude=number_within(-90, 90, sentences.LATITUDE),
        longitude=number_within(-180, 180, sentences.LONGITUDE),
        precision=number,
    ),
    "malware": _named(
        "is_family",
        _family,
        _seen,
        flags="is_family",
        texts="malware_types aliases architecture_execution_envs implementation_languages capabilities",
        times="first_seen last_seen",
        kill_chain_phases=kill_chain_phases,
        operating_system_refs=listed(_software),
        sample_refs=listed(ref("artifact", "file")),
    ),
    "malware-analysis": shape(
        "product",
        some("result analysis_sco_refs"),
        text="product version configuration_version analysis_engine_version analysis_definition_version"
        " result_name result",
        texts="modules",
        times="submitted analysis_started analysis_ended",
        host_vm_ref=_software,
        operating_system_ref=_software,
        installed_software_refs=listed(_software),
        analysis_sco_refs=_observables,
        sample_ref=ref("artifact", "file", "network-traffic"),
    ),
    "note": shape("content object_refs", text="abstract content", texts="authors", object_refs=_any_refs),
    "observed-data": shape(
        "first_observed last_observed number_observed",
        one("objects object_refs"),
        not_before("first_observed", "last_observed"),
        some_observable,
        local_references,
        times="first_observed last_observed",
        number_observed=whole_within(1, 999_999_999, sentences.OBSERVED),
        objects=container,
        object_refs=listed(ref_but(*DOMAIN, *META, BUNDLE)),
    ),
    "opinion": shape(
        "opinion object_refs", text="explanation", texts="authors", opinion=one_of(OPINIONS), object_refs=_any_refs
    ),
    "report": _named("name object_refs published", texts="report_types", times="published", object_refs=_any_refs),
    "threat-actor": _named(
        "name",
        _seen,
        text="sophistication resource_level primary_motivation",
        texts="threat_actor_types aliases roles goals secondary_motivations personal_motivations",
        times="first_seen last_seen",
    ),
    "tool": _named(text="tool_version", texts="tool_types aliases", kill_chain_phases=kill_chain_phases),
    "vulnerability": _named("name", _catalogued("cve", "CVE-[0-9]{4}-(?:0[0-9]{3}|[1-9][0-9]{3,})")),
    "relationship": shape(
        "relationship_type source_ref target_ref",
        after("start_time", "stop_time"),
        text="description",
        times="start_time stop_time",
        relationship_type=matching("[a-z0-9-]+", sentences.RELATION),
        source_ref=_end,
        target_ref=_end,
    ),
    "sighting": shape(
        "sighting_of_ref",
        _seen,
        text="description",
        times="first_seen last_seen",
        flags="summary",
        count=whole_within(0, 999_999_999, sentences.SEEN),
        sighting_of_ref=ref_but(*OBSERVABLE, *RELATION, *META, BUNDLE),
        observed_data_refs=listed(ref("observed-data")),
        where_sighted_refs=listed(ref("identity", "location")),
    ),
}
