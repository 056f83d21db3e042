"""The people of the tests: Ann of the bank, Ben her colleague, Cara of the clinic, Opal the operator, the public.

Mori the moderator, the vendor and the two groups appear when a test first asks for them, so that nobody counts them
who does not know them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client, override_settings

from infohub.members.models import Group, Membership, Organisation, Person, Role
from infohub.policy.viewer import NOBODY, SYSTEM, Viewer, person_viewer
from infohub.register import actions, second_step
from infohub.web.accounts import progress
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

    viewer = as_

    @cached_property
    def office(self) -> Organisation:
        """The programme office."""
        return make.organisation("Office", organisation_class="office")

    @cached_property
    def mori(self) -> Person:
        """The moderator, of the programme office."""
        return _officer("Mori", self.office, "moderator")

    @cached_property
    def grace(self) -> Person:
        """The programme manager, of the programme office."""
        return _officer("Grace", self.office, "programme_manager")

    @cached_property
    def audra(self) -> Person:
        """The auditor, of the steering body."""
        return _officer("Audra", None, "auditor")

    @cached_property
    def vera(self) -> Person:
        """The vetting officer, of the programme office."""
        return _officer("Vera", self.office, "vetting_officer")

    @cached_property
    def vendor(self) -> Organisation:
        """A company that sells security products."""
        return make.organisation("Vendor", organisation_class="vendor")

    @cached_property
    def eve(self) -> Person:
        """A representative of the vendor."""
        return make.person("Eve", self.vendor)

    @cached_property
    def banking(self) -> Group:
        """Where Ann and Ben sit."""
        return make.group("Banking", self.ann, self.ben)

    @cached_property
    def healthcare(self) -> Group:
        """Where Cara sits."""
        return make.group("Healthcare", self.cara)


@pytest.fixture
def cast(db: None) -> Cast:
    """Two organisations, their people, and an operator without an organisation."""
    bank, clinic = make.organisation("Bank"), make.organisation("Clinic")
    return Cast(
        bank,
        clinic,
        make.person("Ann", bank),
        make.person("Ben", bank),
        make.person("Cara", clinic),
        _officer("Opal", None, "site_administrator"),
    )


@pytest.fixture(autouse=True, scope="session")
def short_cuts() -> Iterator[None]:
    """A test's passwords need not withstand anybody, and its pages need no collected static files."""
    plain = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    with override_settings(PASSWORD_HASHERS=hashers, STORAGES=plain):
        yield


def sign_in(client: Client, person: Person) -> Client:
    """Sign a person in with both steps, their recovery codes stored and the terms accepted."""
    if not second_step.is_set_up(person):
        give_second_step(person)
    client.force_login(person)
    request = HttpRequest()
    request.session = client.session
    progress.begin(request)
    progress.prove(request, person)
    request.session.save()
    return client


def give_second_step(person: Person) -> str:
    """Let a person have gone through everything after the password; gives the secret of their authenticator app."""
    secret = second_step.fresh_secret()
    actions.set_up_second_step(SYSTEM, person=person, secret=secret)
    actions.store_codes(SYSTEM, person=person)
    actions.accept_terms(SYSTEM, person=person)
    return secret


def make_administrator(person: Person) -> Person:
    """Let a person look after their organisation."""
    Membership.objects.filter(person=person, ended=None).update(administrator=True)
    return person


def _officer(name: str, of: Organisation | None, role: str) -> Person:
    made = make.person(name, of)
    Role.objects.create(person=made, name=role)
    return made
