"""Who may read is a row: labels, their interned clauses, and the rule asked three ways (value, SQL, people)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import ClassVar

from django.db import models
from django.db.models import Count, F, Q

from infohub.members.models import TLP_CHOICES, Group, Membership, Organisation, OrganisationClass, Person, Sector
from infohub.policy.clause import Clause
from infohub.policy.people import people_of
from infohub.policy.viewer import Viewer, ViewerKind
from infohub.standards.tlp import Tlp


class PolicyNotAskedError(Exception):
    """Rows of a labelled model were about to be read without asking who reads."""


class Seal(models.Model):
    """Stands in for the author of an unattributed piece; the mapping is deleted after a set period."""

    uuid = models.UUIDField(unique=True, editable=False)
    membership = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="seals")
    sector = models.ForeignKey(Sector, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.uuid)


class AudienceQuerySet(models.QuerySet["Audience"]):
    def intern(self, clause: Clause) -> Audience:
        """The row of this clause, made when it is the first of its kind."""
        audience, new = self.get_or_create(digest=clause.digest, defaults={"frozen": clause.frozen})
        if new:
            Grant.objects.bulk_create(_grants(audience, clause))
            Exclusion.objects.bulk_create(_exclusions(audience, clause))
        return audience

    def matching(self, viewer: Viewer) -> AudienceQuerySet:
        """Clauses that include the viewer: some grant matches and no exclusion does."""
        if viewer.kind is ViewerKind.PEER:
            return self.filter(grants__everyone=True, exclusions__isnull=True)
        excluded = Exclusion.objects.filter(
            Q(organisation=viewer.organisation, organisation__isnull=False)
            | Q(organisation_class=viewer.organisation_class, organisation__isnull=True)
        ).values("audience_id")
        granted = Grant.objects.filter(_granting(viewer)).values("audience_id")
        return self.filter(pk__in=granted).exclude(pk__in=excluded)


def _granting(viewer: Viewer) -> Q:
    """The grants that name this viewer; Q(pk=None) is nobody."""
    among = Q(pk__in=[])
    if viewer.organisation is not None:
        among |= Q(everyone=True) | Q(organisation=viewer.organisation)
        among |= Q(sector__in=viewer.sectors) | Q(group__in=viewer.groups)
    if viewer.membership is not None:
        among |= Q(membership=viewer.membership)
    if viewer.moderates:
        among |= Q(reviewed_group__in=viewer.moderates)
    if viewer.reviews_programme:
        among |= Q(programme_review=True)
    return among


class Audience(models.Model):
    """One interned clause: whom it includes and excludes."""

    digest = models.CharField(max_length=64, unique=True)
    frozen = models.BooleanField(default=False)

    objects = AudienceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.digest[:12]

    @property
    def clause(self) -> Clause:
        """The clause as a value (prefetch `grants` and `exclusions` when there are several)."""
        grants, exclusions = list(self.grants.all()), list(self.exclusions.all())
        return Clause(
            everyone=any(g.everyone for g in grants),
            memberships=frozenset(g.membership_id for g in grants if g.membership_id is not None),
            organisations=frozenset(g.organisation_id for g in grants if g.organisation_id is not None),
            sectors=frozenset(g.sector_id for g in grants if g.sector_id is not None),
            groups=frozenset(g.group_id for g in grants if g.group_id is not None),
            reviewed_groups=frozenset(g.reviewed_group_id for g in grants if g.reviewed_group_id is not None),
            programme_review=any(g.programme_review for g in grants),
            except_classes=frozenset(e.organisation_class for e in exclusions if e.organisation_class),
            except_organisations=frozenset(e.organisation_id for e in exclusions if e.organisation_id is not None),
            frozen=self.frozen,
        )


class Grant(models.Model):
    """One inclusion of a clause: exactly one of its columns is set."""

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="grants")
    everyone = models.BooleanField(default=False)
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    sector = models.ForeignKey(Sector, models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="+")
    reviewed_group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="+")
    programme_review = models.BooleanField(default=False)

    class Meta:
        # What a viewer is granted is an OR over these columns: only where every one has an index is the table not read
        # from end to end, and rosters make it long.
        indexes: ClassVar = [
            models.Index(fields=["audience"], condition=Q(everyone=True), name="grant_everyone"),
            models.Index(fields=["audience"], condition=Q(programme_review=True), name="grant_programme_review"),
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}"


class Exclusion(models.Model):
    """One exception of a clause: a class of organisations, or one organisation."""

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="exclusions")
    organisation_class = models.CharField(max_length=16, choices=OrganisationClass, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) ^ Q(organisation_class=""), name="exclusion_names_one_thing"
            )
        ]

    def __str__(self) -> str:
        return f"exclusion {self.pk}"


def _grants(audience: Audience, clause: Clause) -> list[Grant]:
    rows = [Grant(audience=audience, membership_id=pk) for pk in clause.memberships]
    rows += [Grant(audience=audience, organisation_id=pk) for pk in clause.organisations]
    rows += [Grant(audience=audience, sector_id=pk) for pk in clause.sectors]
    rows += [Grant(audience=audience, group_id=pk) for pk in clause.groups]
    rows += [Grant(audience=audience, reviewed_group_id=pk) for pk in clause.reviewed_groups]
    if clause.everyone:
        rows.append(Grant(audience=audience, everyone=True))
    if clause.programme_review:
        rows.append(Grant(audience=audience, programme_review=True))
    return rows


def _exclusions(audience: Audience, clause: Clause) -> list[Exclusion]:
    rows = [Exclusion(audience=audience, organisation_class=name) for name in clause.except_classes]
    return rows + [Exclusion(audience=audience, organisation_id=pk) for pk in clause.except_organisations]


class LabelQuerySet(models.QuerySet["Label"]):
    def readable(self, viewer: Viewer) -> LabelQuerySet:
        """The rule in SQL: labels whose rows this viewer may read now."""
        if viewer.kind is ViewerKind.NOBODY:
            return self.none()
        matched = Audience.objects.matching(viewer).values("pk")
        fulfilled = (
            LabelClause.objects.filter(audience__in=matched)
            .values("label_id")
            .annotate(matching=Count("pk"))
            .filter(matching=F("label__clause_count"))
            .values("label_id")
        )
        allowed = Q(pk__in=fulfilled, private=False)
        if viewer.membership is not None:
            allowed |= Q(author=viewer.membership) | Q(seal__in=viewer.seals)
        if viewer.stewards:
            allowed |= Q(owner__in=viewer.stewards, author__ended__isnull=False, private=False, tlp__lt=Tlp.RED.value)
        return self.filter(allowed, tlp__lte=viewer.ceiling.value)

    def readable_ids(self, viewer: Viewer) -> Sequence[int]:
        """The ids of `readable`, resolved once for the life of the viewer value."""
        if not viewer.labels:
            viewer.labels.append(tuple(self.readable(viewer).values_list("pk", flat=True)))
        return viewer.labels[0]

    def intern(
        self,
        *,
        tlp: Tlp,
        clauses: Iterable[Clause] = (),
        owner: Organisation | None = None,
        author: Membership | None = None,
        seal: Seal | None = None,
        private: bool = False,
    ) -> Label:
        """The label row of exactly this rule, made when it is the first of its kind."""
        wanted = list(clauses)
        audiences = sorted({Audience.objects.intern(clause).pk for clause in wanted})
        parts = (tlp.value, owner and owner.pk, author and author.pk, seal and seal.pk, private, audiences)
        label, new = self.get_or_create(
            digest=hashlib.sha256(repr(parts).encode()).hexdigest(),
            defaults={
                "tlp": tlp.value,
                "owner": owner,
                "author": author,
                "seal": seal,
                "private": private,
                "clause_count": len(audiences),
            },
        )
        if new:
            LabelClause.objects.bulk_create(LabelClause(label=label, audience_id=pk) for pk in audiences)
        label.clauses = wanted  # whoever interned it asks it next
        return label


class Label(models.Model):
    """Who may read: a TLP, an owner, and clauses which must all match. A private label is for its author only."""

    digest = models.CharField(max_length=64, unique=True)
    tlp = models.SmallIntegerField(choices=TLP_CHOICES)
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="+")
    private = models.BooleanField(default=False)
    clause_count = models.SmallIntegerField()
    audiences = models.ManyToManyField(Audience, through="LabelClause", related_name="labels")

    objects = LabelQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(private=True, clause_count=0) | Q(private=False, clause_count__gt=0),
                name="a_label_reaches_somebody_or_is_private",
            ),
            models.CheckConstraint(
                condition=Q(seal__isnull=True) | Q(owner__isnull=True, author__isnull=True),
                name="a_sealed_label_names_nobody",
            ),
        ]

    def __str__(self) -> str:
        return self.marking.mark

    @property
    def marking(self) -> Tlp:
        return Tlp(self.tlp)

    @cached_property
    def clauses(self) -> list[Clause]:
        """The clauses as values, read once: a label row never changes."""
        return [audience.clause for audience in self.audiences.prefetch_related("grants", "exclusions")]

    def within(self, other: Label) -> bool:
        """Whether it is at least as strict as the other: as high a TLP, and every clause of the other among its own."""
        if other.private:
            return self.private
        return self.tlp >= other.tlp and (self.private or set(other.clauses) <= set(self.clauses))

    def readable_by(self, viewer: Viewer) -> bool:
        """The rule on one label: the same answer as `Label.objects.readable(viewer)`."""
        if viewer.kind is ViewerKind.NOBODY or self.tlp > viewer.ceiling:
            return False
        if self.written_by(viewer):
            return True
        if self.private:
            return False
        if self._left_to_steward(viewer):
            return True
        clauses = self.clauses
        return bool(clauses) and all(clause.matches(viewer) for clause in clauses)

    def written_by(self, viewer: Viewer) -> bool:
        """Whether the viewer is the author, in person or under the seal, in the membership of that time."""
        if viewer.membership is None:
            return False
        return self.author_id == viewer.membership or (self.seal_id is not None and self.seal_id in viewer.seals)

    def _left_to_steward(self, viewer: Viewer) -> bool:
        return (
            self.owner_id in viewer.stewards
            and self.tlp < Tlp.RED
            and self.author is not None
            and self.author.ended is not None
        )

    def answered_for_by(self, viewer: Viewer) -> bool:
        """Whether the viewer may withdraw, correct or consent for the owner: the author, else the steward."""
        return viewer.token is None and (
            self.written_by(viewer) or (not self.private and self._left_to_steward(viewer))
        )

    def audience(self) -> models.QuerySet[Person]:
        """The people who may read now: the same rule, turned round."""
        current = Membership.objects.current()
        writers = Q(pk=self.author_id) | Q(seals=self.seal_id, seals__isnull=False)
        readers = Q(memberships__in=current.filter(writers).values("pk"))
        if not self.private:
            readers |= Q(pk__in=self.addressed().values("pk"))
            if self.owner_id and self.tlp < Tlp.RED and self.author is not None and self.author.ended is not None:
                readers |= Q(memberships__in=current.filter(stewarding=self.owner_id).values("pk"))
        return Person.objects.filter(readers, status="active").distinct()

    def addressed(self) -> models.QuerySet[Person]:
        """The people whom every clause includes: of a sealed label, all that readers may hear of."""
        everybody = Person.objects.filter(status="active") if self.clauses else Person.objects.none()
        for clause in self.clauses:
            everybody = everybody.filter(pk__in=people_of(clause).values("pk"))
        return everybody


class LabelClause(models.Model):
    """One of the clauses a label demands."""

    label = models.ForeignKey(Label, models.CASCADE, related_name="+")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["label", "audience"], name="a_clause_once_per_label")]

    def __str__(self) -> str:
        return f"{self.label_id}: {self.audience_id}"


class Rights(models.Model):
    """How often anybody's rights changed: the sum over the rows, as `policy.rights` reads it.

    PostgreSQL adds a row for each change, for one row would make writers wait for each other.
    """

    number = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.number)
