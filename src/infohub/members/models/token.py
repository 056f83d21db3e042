"""The secrets that machines and set-up links present."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infohub.members.models.membership import Membership
from infohub.members.models.naming import TLP_CHOICES
from infohub.members.models.organisation import Organisation
from infohub.members.models.person import Person
from infohub.standards.tlp import Tlp


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
