"""What a role may do. Roles give powers, never content: the right to act requires the right to read."""

from enum import StrEnum


class Power(StrEnum):
    """A thing only some people may do (docs/words.md lists them)."""

    MODERATE = "moderate"
    RELEASE = "release"
    VET = "vet"
    ANSWER = "answer"
    RUN_PROGRAMME = "run_programme"
    SEE_RECORDS = "see_records"
    OPERATE = "operate"


_OF_ROLE: dict[str, frozenset[Power]] = {
    "moderator": frozenset({Power.MODERATE, Power.RELEASE}),
    "vetting_officer": frozenset({Power.VET}),
    "desk_agent": frozenset({Power.ANSWER}),
    "programme_manager": frozenset({Power.RUN_PROGRAMME, Power.VET}),
    "auditor": frozenset({Power.SEE_RECORDS}),
    "site_administrator": frozenset({Power.OPERATE}),
    "expert": frozenset(),
}

OFFICE = frozenset({Power.MODERATE, Power.RELEASE, Power.VET, Power.RUN_PROGRAMME, Power.SEE_RECORDS, Power.OPERATE})


def powers_of(roles: frozenset[str]) -> frozenset[Power]:
    """All powers that a set of role names gives."""
    return frozenset(power for role in roles for power in _OF_ROLE.get(role, frozenset()))
