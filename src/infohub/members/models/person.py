"""The people who sign in, and the offices they hold."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from infohub.members.models.membership import Membership
from infohub.members.models.naming import LANGUAGE_CHOICES
from infohub.members.models.standing import PersonStatus


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
