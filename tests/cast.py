"""The people of the tests: Ann of the bank, Ben her colleague, Cara of the clinic, Opal the operator, the public."""

from dataclasses import dataclass

import pytest

from infohub.members.models import Organisation, Person, Role
from infohub.policy.viewer import NOBODY, Viewer, person_viewer
from tests import make


@dataclass(frozen=True)
class Cast:
    """Who plays in a test; `as_` gives the viewer of a person as rights stand now."""

    bank: Organisation
    clinic: Organisation
    ann: Person
    ben: Person
    cara: Person
    opal: Person
    public: Viewer = NOBODY

    @staticmethod
    def as_(person: Person) -> Viewer:
        return person_viewer(Person.objects.get(pk=person.pk))


@pytest.fixture
def cast(db: None) -> Cast:
    """Two organisations, their people, and an operator without an organisation."""
    bank, clinic = make.organisation("Bank"), make.organisation("Clinic")
    opal = make.person("Opal")
    Role.objects.create(person=opal, name="site_administrator")
    return Cast(bank, clinic, make.person("Ann", bank), make.person("Ben", bank), make.person("Cara", clinic), opal)
