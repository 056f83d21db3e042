"""The people, organisations, sectors and groups of the programme: tables and queries only."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from infohub.standards.tlp import Tlp

TLP_CHOICES = [(level.value, level.mark) for level in Tlp]
LANGUAGE_CHOICES = [("en", "English"), ("zh-hant", "繁體中文"), ("zh-hans", "简体中文")]


def named(names: Mapping[str, str]) -> str:
    """The name in the language now active, else in English, else in any."""
    return names.get(get_language() or "en") or names.get("en") or next(iter(names.values()), "")


class Programme(models.Model):
    """The programme itself: one row, what its pages and messages call it."""

    names = models.JSONField(default=dict)
    taglines = models.JSONField(default=dict, blank=True)
    time_zone = models.CharField(max_length=64, default="Asia/Hong_Kong")
    mark = models.CharField(max_length=80, blank=True, help_text="Name of its picture; empty = the built-in mark")
    review = models.BooleanField(default=False, help_text="Every piece waits for a moderator before readers get it")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="one_programme")]

    def __str__(self) -> str:
        return named(self.names)

    @property
    def name(self) -> str:
        return named(self.names)

    @property
    def tagline(self) -> str:
        return named(self.taglines)


class Sector(models.Model):
    """A part of the economy, such as finance and insurance."""

    key = models.SlugField(unique=True)
    names = models.JSONField()

    class Meta:
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return named(self.names)


class OrganisationClass(models.TextChoices):
    MEMBER = "member", _("Member")
    VENDOR = "vendor", _("Vendor")
    REGULATOR = "regulator", _("Regulator")
    ASSOCIATION = "association", _("Association")
    OFFICE = "office", _("Programme office")


class OrganisationStatus(models.TextChoices):
    PENDING = "pending", _("Pending")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    LEFT = "left", _("Left")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def found(self, words: str) -> OrganisationQuerySet:
        """Those whose name contains the words, or whose reference they are."""
        return self.filter(Q(name__icontains=words) | Q(ref__iexact=words)) if words else self

    def called(self, words: str) -> OrganisationQuerySet:
        """The active one with exactly this name or reference."""
        return self.filter(Q(name__iexact=words) | Q(ref__iexact=words), status=OrganisationStatus.ACTIVE)

    def with_people(self) -> OrganisationQuerySet:
        """With `people`: how many represent each now."""
        running = Membership.objects.filter(organisation=OuterRef("pk"), ended__isnull=True).order_by()
        number = running.values("organisation").annotate(n=Count("pk")).values("n")
        return self.annotate(people=Coalesce(Subquery(number, IntegerField()), 0))


class Organisation(models.Model):
    """A member organisation of the programme."""

    ref = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=200)
    organisation_class = models.CharField(max_length=16, choices=OrganisationClass, default=OrganisationClass.MEMBER)
    status = models.CharField(max_length=16, choices=OrganisationStatus, default=OrganisationStatus.PENDING)
    sectors = models.ManyToManyField(Sector, related_name="organisations", blank=True)
    domains = models.JSONField(default=list, blank=True)
    since = models.DateTimeField()
    ceiling = models.SmallIntegerField(choices=TLP_CHOICES[:-1], default=Tlp.AMBER_STRICT.value)  # of all its programs
    steward = models.ForeignKey("Membership", models.SET_NULL, null=True, blank=True, related_name="stewarding")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class PersonStatus(models.TextChoices):
    INVITED = "invited", _("Invited")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    LEFT = "left", _("Left")


class People(BaseUserManager["Person"]):
    """Finds people by their e-mail address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)

    def found(self, words: str) -> models.QuerySet[Person]:
        """People whose name, address or present organisation contains the words."""
        now_at = Membership.objects.filter(ended__isnull=True, organisation__name__icontains=words)
        return self.filter(Q(name__icontains=words) | Q(email__icontains=words) | Q(pk__in=now_at.values("person")))

    def never_came(self) -> models.QuerySet[Person]:
        """People who were invited and have not set up sign-in, whoever waits longest first."""
        return self.filter(status=PersonStatus.INVITED).order_by("pk")


class Person(AbstractBaseUser):
    """Somebody who signs in: a representative, an officer, or both."""

    email = models.EmailField()
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, choices=LANGUAGE_CHOICES, default="en")
    status = models.CharField(max_length=16, choices=PersonStatus, default=PersonStatus.INVITED)
    topics = models.JSONField(default=list, blank=True)
    terms_accepted_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    in_directory = models.BooleanField(default=True, help_text="Other members find this person by name")
    shortcuts = models.BooleanField(default=True, help_text="Single keys act on pages (WCAG 2.2, 2.1.4)")
    is_active = models.GeneratedField(
        expression=models.ExpressionWrapper(Q(status="active"), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = People()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="one_person_per_address")]

    def __str__(self) -> str:
        return self.name


class RoleName(models.TextChoices):
    EXPERT = "expert", _("Expert")
    MODERATOR = "moderator", _("Moderator")
    VETTING_OFFICER = "vetting_officer", _("Vetting officer")
    DESK_AGENT = "desk_agent", _("Desk agent")
    PROGRAMME_MANAGER = "programme_manager", _("Programme manager")
    AUDITOR = "auditor", _("Auditor")
    SITE_ADMINISTRATOR = "site_administrator", _("Site administrator")


class Role(models.Model):
    """An office a person holds in the programme; it gives powers, never content."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    name = models.CharField(max_length=24, choices=RoleName)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "name"], name="one_role_once")]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> MembershipQuerySet:
        """Memberships that count now: not ended, of an active person in an active organisation."""
        return self.filter(
            ended__isnull=True, person__status=PersonStatus.ACTIVE, organisation__status=OrganisationStatus.ACTIVE
        )

    def running(self, at: datetime) -> MembershipQuerySet:
        """Memberships as they were at a time past, whatever became of person and organisation since."""
        return self.filter(Q(ended__isnull=True) | Q(ended__gt=at), started__lte=at)

    def found_by(self, words: str, *, organisation: int | None) -> MembershipQuerySet:
        """Members of that name who let themselves be found; colleagues find each other anyway."""
        visible = Q(person__in_directory=True) | Q(organisation=organisation)
        return self.current().filter(visible, person__name__icontains=words).order_by("person__name", "pk")

    def seated_in(self, group: int | OuterRef) -> MembershipQuerySet:
        """Those with a seat in the group: their own, or their organisation's."""
        seats = Seat.objects.filter(group=group, ended__isnull=True)
        own = Exists(seats.filter(membership=OuterRef("pk")))
        shared = Exists(seats.filter(organisation=OuterRef("organisation")))
        return self.filter(own | shared)


class Membership(models.Model):
    """A person's time as representative of one organisation; coming back is a new one."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    administrator = models.BooleanField(default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended__isnull=True), name="one_membership_now"),
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(ended__gte=F("started")), name="ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.organisation}"


class GroupQuerySet(models.QuerySet["Group"]):
    def listed_or_in(self, group_ids: frozenset[int]) -> GroupQuerySet:
        """Groups a person may know of: the listed ones and those where the person has a seat or moderates."""
        return self.filter(Q(listed=True) | Q(pk__in=group_ids))

    def with_crowd(self) -> GroupQuerySet:
        """With `people` and `organisations`: how many read what is shared there now."""
        seated = Membership.objects.current().seated_in(OuterRef(OuterRef("pk"))).order_by().values(_one=Value(1))
        people = seated.annotate(n=Count("person", distinct=True)).values("n")
        organisations = seated.annotate(n=Count("organisation", distinct=True)).values("n")
        return self.annotate(  # type: ignore[no-redef]  # the model declares them for whoever reads them
            people=Coalesce(Subquery(people, IntegerField()), 0),
            organisations=Coalesce(Subquery(organisations, IntegerField()), 0),
        )


class Group(models.Model):
    """A circle of people or organisations who share with each other."""

    people: int
    organisations: int

    ref = models.CharField(max_length=16, unique=True)
    names = models.JSONField()
    about = models.TextField(blank=True)
    kind = models.CharField(max_length=24, default="sector")
    listed = models.BooleanField(default=True)
    default_tlp = models.SmallIntegerField(choices=TLP_CHOICES, default=Tlp.AMBER.value)
    review = models.BooleanField(default=False)
    moderators = models.ManyToManyField(Person, related_name="moderates", blank=True)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return named(self.names)

    def organisation_names(self) -> list[str]:
        """The organisations that read what is shared in this group."""
        seated = Membership.objects.current().seated_in(self.pk)
        return sorted(set(seated.values_list("organisation__name", flat=True)))


class SeatQuerySet(models.QuerySet["Seat"]):
    def held(self) -> SeatQuerySet:
        """Seats that have not ended."""
        return self.filter(ended__isnull=True)

    def of_organisation(self, organisation: Organisation) -> SeatQuerySet:
        """Its own seats and those of its representatives."""
        return self.filter(Q(organisation=organisation) | Q(membership__organisation=organisation))


class Seat(models.Model):
    """A place in a group: one membership's, or a whole organisation's."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="seats")
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="seats")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="seats")
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(membership__isnull=True) ^ Q(organisation__isnull=True), name="seat_is_somebodys"
            ),
            models.UniqueConstraint(
                fields=["group", "membership"], condition=Q(ended__isnull=True), name="one_seat_per_membership"
            ),
            models.UniqueConstraint(
                fields=["group", "organisation"], condition=Q(ended__isnull=True), name="one_seat_per_organisation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership or self.organisation} in {self.group}"


class TokenKind(models.TextChoices):
    PERSONAL = "personal", _("Personal")
    ORGANISATION = "organisation", _("Organisation")
    PEER = "peer", _("Peer")
    SETUP = "setup", _("Set-up link")


class TokenQuerySet(models.QuerySet["Token"]):
    def of_machines(self) -> TokenQuerySet:
        """All but set-up links, newest first, with their holders."""
        holders = self.select_related("organisation", "membership__person", "membership__organisation")
        return holders.exclude(kind=TokenKind.SETUP).order_by("-created", "-pk")

    def found(self, words: str) -> TokenQuerySet:
        """Those whose name, or whose holder's name, contains the words."""
        own = Q(name__icontains=words) | Q(organisation__name__icontains=words)
        personal = Q(membership__person__name__icontains=words) | Q(membership__organisation__name__icontains=words)
        return self.filter(own | personal) if words else self

    def live(self, at: datetime) -> TokenQuerySet:
        """Tokens neither revoked nor expired."""
        return self.filter(Q(expires__isnull=True) | Q(expires__gt=at), revoked__isnull=True)

    def of_organisation(self, organisation: Organisation) -> TokenQuerySet:
        """Its own tokens and those of its representatives."""
        return self.filter(Q(organisation=organisation) | Q(membership__organisation=organisation))


class Token(models.Model):
    """A secret a machine, or a set-up link, presents; only its keyed digest is kept."""

    kind = models.CharField(max_length=16, choices=TokenKind)
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="tokens")
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="tokens")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="tokens")
    scopes = models.JSONField(default=list)
    ceiling = models.SmallIntegerField(choices=TLP_CHOICES[:-1], default=Tlp.GREEN.value)
    created = models.DateTimeField()
    expires = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ceiling__lt=Tlp.RED.value), name="no_token_reads_red"),
            models.CheckConstraint(
                condition=(
                    Q(kind="personal", membership__isnull=False, organisation__isnull=True, person__isnull=True)
                    | Q(kind="organisation", membership__isnull=True, organisation__isnull=False, person__isnull=True)
                    | Q(kind="peer", membership__isnull=True, organisation__isnull=True, person__isnull=True)
                    | Q(kind="setup", membership__isnull=True, organisation__isnull=True, person__isnull=False)
                ),
                name="token_has_its_holder",
            ),
            models.CheckConstraint(
                condition=~Q(kind="peer") | Q(ceiling__lte=Tlp.GREEN.value), name="peer_reads_green_at_most"
            ),
        ]

    def __str__(self) -> str:
        return self.name
