"""The office's overview: what waits for somebody, the key numbers, who holds which office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from infohub.delivery.models import Digest, Notice
from infohub.intel.models import Push, Quarantined, Source
from infohub.members.models import Group, Membership, Organisation, OrganisationStatus, Person, Role, Token
from infohub.policy import offices
from infohub.policy.powers import Power, powers_of
from infohub.policy.viewer import Viewer
from infohub.programme.figures import published_figures
from infohub.register.models import Recovery
from infohub.releases.models import Proposal
from infohub.sharing.models import Item, Opening
from infohub.support.clock import now
from infohub.support.worker import heartbeat_file, last_beat
from infohub.web.office.doors import open_to
from infohub.web.office.jobs import is_alive
from infohub.web.viewer import viewer_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for somebody of the office."""

    area: str
    what: str
    why: str
    url: str
    action: str


@require_safe
@open_to(offices.works_in_office)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this officer, and the programme in numbers."""
    viewer = viewer_of(request)
    context = {
        "nav": "office",
        "waiting": [
            *_for_reviewers(viewer),
            *_for_the_register(viewer),
            *_for_sources(viewer),
            *_for_peers(viewer),
            *_for_operators(viewer),
        ],
        "figures": _figures(viewer),
        "offices": _offices() if offices.keeps_register(viewer) or offices.sees_records(viewer) else {},
        "keeps": offices.keeps_register(viewer),
        "steers": offices.steers(viewer),
    }
    return render(request, "office/home.html", context)


def _for_reviewers(viewer: Viewer) -> Iterator[Waiting]:
    """Pieces to review, seals to open, and public copies to make."""
    pieces = Item.objects.readable(viewer).waiting().count() if offices.reviews(viewer) else 0
    if pieces:
        yield Waiting(
            _("Moderation"),
            ngettext("%(n)d piece waits for review", "%(n)d pieces wait for review", pieces) % {"n": pieces},
            _("Its readers get it when a moderator lets it go."),
            reverse("office:moderation"),
            _("Review"),
        )
    seals = Opening.objects.waiting_for(viewer).count() if offices.opens_seals(viewer) else 0
    if seals:
        yield Waiting(
            _("Seals"),
            ngettext("%(n)d officer asks you to open a seal", "%(n)d officers ask you to open a seal", seals)
            % {"n": seals},
            _("Two officers together see who wrote an unattributed piece; its author is told."),
            reverse("office:seals"),
            _("Decide"),
        )
    copies = Proposal.objects.readable(viewer).on_desk().count() if viewer.may(Power.RELEASE) else 0
    if copies:
        yield Waiting(
            _("Release desk"),
            ngettext("%(n)d public copy in the making", "%(n)d public copies in the making", copies) % {"n": copies},
            _("Redact, wait for consent, have a second person release it."),
            reverse("office:releases"),
            _("Open the desk"),
        )


def _for_the_register(viewer: Viewer) -> Iterator[Waiting]:
    """Organisations to decide about, people who never came."""
    if not offices.keeps_register(viewer):
        return
    pending = Organisation.objects.filter(status=OrganisationStatus.PENDING).count()
    if pending:
        yield Waiting(
            _("Organisations"),
            ngettext("%(n)d organisation not in yet", "%(n)d organisations not in yet", pending) % {"n": pending},
            _("Nobody of it reads anything until the office lets it in."),
            reverse("office:organisations") + "?status=pending",
            _("Decide"),
        )
    lost = Recovery.objects.asked().count()
    if lost:
        yield Waiting(
            _("Lost second steps"),
            ngettext("%(n)d person has lost the second step", "%(n)d people have lost the second step", lost)
            % {"n": lost},
            _("They cannot sign in until two others have said yes."),
            reverse("office:recoveries"),
            _("See who"),
        )
    invited = Person.objects.never_came().count()
    if invited:
        yield Waiting(
            _("People"),
            ngettext("%(n)d person was invited and never came", "%(n)d people were invited and never came", invited)
            % {"n": invited},
            _("An invitation works for seven days. Send another, or remove the person."),
            reverse("office:people") + "?status=invited",
            _("See who"),
        )


def _for_sources(viewer: Viewer) -> Iterator[Waiting]:
    """Objects whose marking nobody knows, and sources that fail."""
    if not offices.steers(viewer):
        return
    held, failing = Quarantined.objects.count(), Source.objects.failing().count()
    if held:
        yield Waiting(
            _("Sources"),
            ngettext("%(n)d object waits for its marking", "%(n)d objects wait for their marking", held) % {"n": held},
            _("Nobody reads it before you say what the marking means."),
            reverse("office:sources"),
            _("Decide"),
        )
    if failing:
        yield Waiting(
            _("Sources"),
            ngettext("%(n)d source fails", "%(n)d sources fail", failing) % {"n": failing},
            _("It is asked again by itself, ever more rarely; its page says why."),
            reverse("office:sources"),
            _("Look"),
        )


def _for_peers(viewer: Viewer) -> Iterator[Waiting]:
    """Peers that cannot be sent to."""
    failing = Push.objects.failing().count() if offices.steers(viewer) else 0
    if failing:
        yield Waiting(
            _("Sent to peers"),
            ngettext("%(n)d peer cannot be sent to", "%(n)d peers cannot be sent to", failing) % {"n": failing},
            _("It is tried again by itself, ever more rarely; its page says why."),
            reverse("office:pushes"),
            _("Look"),
        )


def _for_operators(viewer: Viewer) -> Iterator[Waiting]:
    """A worker that is silent, mail that does not go out."""
    if not offices.operates(viewer):
        return
    at = now()
    if not is_alive(last_beat(heartbeat_file()), at):
        yield Waiting(
            _("Jobs"),
            _("No worker is running"),
            _("Mail and machines get nothing until one runs."),
            reverse("office:jobs"),
            _("Look"),
        )
    figures = (Notice.objects.queue_figures(at), Digest.objects.queue_figures(at))
    mail = {name: sum(queue[name] for queue in figures) for name in ("dead", "failing")}
    if mail["dead"] or mail["failing"]:
        yield Waiting(
            _("Jobs"),
            _("%(dead)d letters were given up, %(failing)d fail") % mail,
            _("Usually an address or the mail server. Mend it, then try again."),
            reverse("office:jobs"),
            _("Look"),
        )


def _figures(viewer: Viewer) -> list[tuple[str, int | None]]:
    """The register's own numbers for those who keep it; for the others what is published anyway."""
    published = published_figures()
    shared = [(_("pieces shared so far"), published.shared), (_("public copies"), published.released)]
    if not offices.keeps_register(viewer):
        return [
            (_("organisations"), published.organisations),
            (_("representatives"), published.representatives),
            *shared,
        ]
    return [
        (_("active organisations"), Organisation.objects.filter(status=OrganisationStatus.ACTIVE).count()),
        (_("representatives"), Membership.objects.current().count()),
        (_("groups"), Group.objects.count()),
        (_("working tokens"), Token.objects.live(now()).of_machines().count()),
        *shared,
    ]


def _offices() -> dict[str, list[Person]]:
    """Who holds an office that gives powers, office by office."""
    held: dict[str, list[Person]] = {}
    for role in Role.objects.select_related("person").order_by("name", "person__name"):
        if powers_of(frozenset({role.name})):
            held.setdefault(str(role.get_name_display()), []).append(role.person)
    return held


_AREAS = (_for_reviewers, _for_the_register, _for_sources, _for_peers, _for_operators)
