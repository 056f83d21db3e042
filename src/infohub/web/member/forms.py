"""The composer's form: what a member writes, and who should read it."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infohub.catalogue.models import Severity
from infohub.members.models import LANGUAGE_CHOICES, Group, Membership, Organisation, OrganisationStatus, Sector
from infohub.policy.viewer import Viewer
from infohub.sharing.actions import Stamp, Text
from infohub.sharing.actions.publishing import BODY_CHARACTERS
from infohub.sharing.addressees import Match, found_by
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item, ItemKind
from infohub.standards.tlp import Tlp

SAID = 200
"""Of what analysis says of a text, so much may be ticked, and so much unticked: each is a row once it is shared."""

SEVERITIES = [(0, _("Not given")), *((s.value, s.label) for s in Severity if s)]


class DraftForm(forms.Form):
    """Every field may stay empty while it is a draft, so none is marked optional; Check says what is missing."""

    may_stay_empty = True

    title = forms.CharField(label=_("Title"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind.choices, initial=ItemKind.ALERT)
    body = forms.CharField(
        label=_("What happened"),
        required=False,
        strip=False,
        max_length=BODY_CHARACTERS,
        help_text=_("Paste an e-mail, a report, a log, or just write. Markdown works."),
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=LANGUAGE_CHOICES)
    severity = forms.ChoiceField(label=_("Severity"), choices=SEVERITIES, required=False)
    safe_line = forms.CharField(
        label=_("Safe line for e-mail"),
        max_length=200,
        required=False,
        help_text=_("Stands in e-mails instead of the title where the TLP keeps the text in the hub."),
    )
    tlp = forms.ChoiceField(label=_("TLP marking"), required=False, choices=[(t.word, t.mark) for t in Tlp])
    groups = forms.MultipleChoiceField(label=_("Groups"), required=False, widget=forms.CheckboxSelectMultiple)
    everyone = forms.BooleanField(label=_("All members"), required=False)
    confirmed = forms.BooleanField(label=_("Yes, all members, although it is AMBER"), required=False)
    sectors = forms.MultipleChoiceField(label=_("Sectors"), required=False, widget=forms.CheckboxSelectMultiple)
    organisations = forms.MultipleChoiceField(
        label=_("Organisations"), required=False, widget=forms.CheckboxSelectMultiple
    )
    people = forms.MultipleChoiceField(label=_("People"), required=False, widget=forms.CheckboxSelectMultiple)
    add = forms.CharField(
        label=_("Add an organisation or a person"),
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={
                "list": "names",
                "autocomplete": "off",
                "hx-get": reverse_lazy("member:names"),
                "hx-trigger": "input changed delay:200ms consume",
                "hx-target": "#names",
                "hx-swap": "innerHTML",
                "hx-params": "add",
            }
        ),
    )
    excepted = forms.MultipleChoiceField(
        label=_("Leave out these organisations"), required=False, widget=forms.CheckboxSelectMultiple
    )
    leave_out = forms.CharField(label=_("Leave out an organisation"), max_length=200, required=False)
    colleagues = forms.BooleanField(label=_("My colleagues"), required=False)
    without_vendors = forms.BooleanField(label=_("Leave out vendors"), required=False)
    without_regulators = forms.BooleanField(label=_("Leave out regulators"), required=False)
    frozen = forms.BooleanField(label=_("Today’s readers only: nobody who joins later"), required=False)
    unattributed = forms.BooleanField(label=_("Hide our name"), required=False)

    def __init__(self, *args: object, viewer: Viewer, item: Item | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.viewer = viewer
        self.matches: list[Match] = []
        self.left_out: list[Match] = []
        self.item = item
        chosen = Choice.from_json(item.choice) if item else Choice()
        self._offer(chosen)

    def _offer(self, chosen: Choice) -> None:
        """Options: groups one may know of, sectors, and the organisations and people added so far."""
        groups = Group.objects.listed_or_in(self.viewer.groups | self.viewer.moderates)
        rows = sorted(groups.with_crowd(), key=lambda group: (group.pk not in self.viewer.groups, group.name))
        self._choices("groups", [(str(group.pk), f"{group.name} ({group.people})") for group in rows])
        self._choices("sectors", [(str(sector.pk), sector.name) for sector in Sector.objects.all()])
        posted = self.data if isinstance(self.data, QueryDict) else None
        organisations = set(chosen.organisations) | _numbers(posted.getlist("organisations") if posted else [])
        people = set(chosen.memberships) | _numbers(posted.getlist("people") if posted else [])
        self._choices("organisations", organisation_options(organisations))
        excepted = set(chosen.except_organisations) | _numbers(posted.getlist("excepted") if posted else [])
        self._choices("people", people_options(people))
        self._choices("excepted", organisation_options(excepted))

    def _choices(self, name: str, options: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = options

    def clean_tlp(self) -> Tlp | None:
        word = self.cleaned_data["tlp"]
        return next((level for level in Tlp if level.word == word), None)

    def clean_add(self) -> str:
        """Look the name up; several matches are offered, none is an error beside the field."""
        name = str(self.cleaned_data["add"]).strip()
        if name:
            self.matches = found_by(self.viewer, name)
            if not self.matches:
                raise forms.ValidationError(
                    gettext("No active organisation or person is called “%(name)s”."), params={"name": name}
                )
        return name

    def clean_leave_out(self) -> str:
        """Only organisations are left out, and only by their exact name."""
        name = str(self.cleaned_data["leave_out"]).strip()
        self.left_out = [match for match in found_by(self.viewer, name) if not match.membership] if name else []
        if name and len(self.left_out) != 1:
            raise forms.ValidationError(
                gettext("No active organisation is called “%(name)s”. Write its full name."), params={"name": name}
            )
        return name

    @property
    def stamp(self) -> Stamp:
        """Which window posts, which state of the draft it had before it, and when."""
        posted = self._posted
        turn = posted.get("turn", "")
        return Stamp(
            window=posted.get("window", "")[:36],
            version=posted.get("version", "")[:40],
            turn=int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 16 else 0,
        )

    @property
    def kept(self) -> tuple[str, ...]:
        """Details of one's own that the author wants to leave in the text."""
        return tuple(dict.fromkeys(one[:300] for one in self._posted.getlist("kept") if one))

    @property
    def text(self) -> Text:
        """What the author wrote."""
        content = self.cleaned_data
        return Text(
            kind=content["kind"],
            title=content["title"],
            body=content["body"].replace("\r\n", "\n").replace("\x00", ""),
            language=content["language"],
            severity=int(content["severity"] or 0),
            tlp=content["tlp"],
            safe_line=content["safe_line"],
            unattributed=content["unattributed"],
            declined=self._unticked("declined", shown="shown", ticked="indicator"),
            confirmed=tuple(self._posted.getlist("indicator")),
            kept=self.kept,
            said=tuple(dict.fromkeys(one[:240] for one in self._posted.getlist("said")[:SAID])),
            unsaid=self._unticked("unsaid", shown="said_shown", ticked="said")[-SAID:],
        )

    @property
    def choice(self) -> Choice:
        """Whom the author chose."""
        content = self.cleaned_data
        added = self.matches[0] if len(self.matches) == 1 else None
        organisations, people = _numbers(content["organisations"]), _numbers(content["people"])
        if added and added.membership:
            people.add(added.pk)
        elif added:
            organisations.add(added.pk)
        classes = [("vendor", content["without_vendors"]), ("regulator", content["without_regulators"])]
        return Choice(
            everyone=content["everyone"],
            confirmed=content["confirmed"],
            colleagues=content["colleagues"],
            frozen=content["frozen"],
            memberships=sorted(people),
            organisations=sorted(organisations),
            sectors=sorted(_numbers(content["sectors"])),
            groups=sorted(_numbers(content["groups"])),
            except_classes=[name for name, without in classes if without],
            except_organisations=sorted(_numbers(content["excepted"]) | {match.pk for match in self.left_out}),
        )

    @property
    def _posted(self) -> QueryDict:
        return self.data if isinstance(self.data, QueryDict) else QueryDict()

    def _unticked(self, name: str, *, shown: str, ticked: str) -> tuple[str, ...]:
        """Values that were shown and are not ticked any more, beside those unticked before."""
        offered, wanted = self._posted.getlist(shown), set(self._posted.getlist(ticked))
        before = self.item.choice.get(name, []) if self.item else []
        kept = [value for value in before if value not in set(offered)]
        return tuple(dict.fromkeys([*kept, *(value[:240] for value in offered if value not in wanted)]))


def _numbers(values: list[str]) -> set[int]:
    return {int(value) for value in values if value.isdigit() and len(value) < 19}


def organisation_options(ids: set[int]) -> list[tuple[str, str]]:
    """Organisations already chosen, as options."""
    rows = Organisation.objects.filter(pk__in=ids, status=OrganisationStatus.ACTIVE)
    return [(str(row.pk), row.name) for row in rows]


def people_options(ids: set[int]) -> list[tuple[str, str]]:
    """People already chosen, as options; each is a membership."""
    rows = Membership.objects.current().filter(pk__in=ids).select_related("person", "organisation")
    return [(str(row.pk), f"{row.person.name}, {row.organisation.name}") for row in rows]


def initial_of(item: Item) -> dict[str, object]:
    """What the form shows for a kept draft."""
    choice = Choice.from_json(item.choice)
    return {
        "title": item.title,
        "kind": item.kind,
        "body": item.body,
        "language": item.language,
        "severity": item.severity,
        "safe_line": item.safe_line,
        "unattributed": item.unattributed,
        "tlp": "" if item.tlp is None else Tlp(item.tlp).word,
        "groups": [str(pk) for pk in choice.groups],
        "sectors": [str(pk) for pk in choice.sectors],
        "organisations": [str(pk) for pk in choice.organisations],
        "people": [str(pk) for pk in choice.memberships],
        "excepted": [str(pk) for pk in choice.except_organisations],
        "everyone": choice.everyone,
        "confirmed": choice.confirmed,
        "colleagues": choice.colleagues,
        "frozen": choice.frozen,
        "without_vendors": "vendor" in choice.except_classes,
        "without_regulators": "regulator" in choice.except_classes,
    }
