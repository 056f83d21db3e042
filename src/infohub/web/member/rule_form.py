"""The form of a rule: its conditions, how to be told, and the name they make."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infohub.catalogue.models import Severity
from infohub.delivery.models import Pace, Rule
from infohub.delivery.rules import Conditions
from infohub.members.models import Group, Sector
from infohub.policy.viewer import Viewer
from infohub.sharing.models import ItemKind
from infohub.web.lists import asked

NAME_CHARACTERS = 120


class RuleForm(forms.Form):
    """Nothing is marked optional: every condition may stay empty, and what lacks is said when the rule is saved."""

    may_stay_empty = True

    words = forms.CharField(
        label=_("Words"),
        max_length=300,
        required=False,
        help_text=_("All of them stand in the piece: a product you run, a technique, an indicator. Chinese works."),
    )
    severity = forms.ChoiceField(label=_("Severity at least"), required=False)
    groups = forms.MultipleChoiceField(label=_("Your groups"), required=False, widget=forms.CheckboxSelectMultiple)
    kinds = forms.MultipleChoiceField(
        label=_("Kind"), choices=ItemKind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    sectors = forms.MultipleChoiceField(label=_("Sector"), required=False, widget=forms.CheckboxSelectMultiple)
    pace = forms.ChoiceField(label=_("By e-mail"), choices=Pace.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_CHARACTERS,
        required=False,
        help_text=_("Without one it is called by its conditions."),
    )

    def __init__(self, data: QueryDict | None, *, viewer: Viewer, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial={"pace": Pace.AT_ONCE, **(initial or {})})
        self.own = list(Group.objects.filter(pk__in=viewer.groups))
        self.known = list(Sector.objects.all())
        levels = [(level.value, level.label) for level in Severity if level]
        self._offer("severity", [("", _("Any")), *levels])
        self._offer("groups", [(group.ref, group.name) for group in self.own])
        self._offer("sectors", [(sector.key, sector.name) for sector in self.known])

    def _offer(self, name: str, options: list[tuple[object, object]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options

    @property
    def conditions(self) -> Conditions:
        """What is chosen: what was sent, else what the form begins with."""
        chosen = self.cleaned_data if self.is_bound else self.initial
        groups, sectors = chosen.get("groups") or (), chosen.get("sectors") or ()
        return Conditions(
            kinds=tuple(chosen.get("kinds") or ()),
            severity=int(chosen.get("severity") or 0),
            groups=frozenset(group.pk for group in self.own if group.ref in groups),
            sectors=frozenset(sector.pk for sector in self.known if sector.key in sectors),
            words=chosen.get("words") or "",
        )

    @property
    def wished_pace(self) -> Pace:
        """How to be told."""
        return Pace(self.cleaned_data["pace"])

    @property
    def title(self) -> str:
        """The name given, else the one that the conditions make."""
        return str(self.cleaned_data["name"]) or self.made_name

    @property
    def made_name(self) -> str:
        """The conditions in a few words."""
        conditions = self.conditions
        words = [
            *(group.name for group in self.own if group.pk in conditions.groups),
            *(sector.name for sector in self.known if sector.pk in conditions.sectors),
            *(str(ItemKind(kind).label) for kind in conditions.kinds),
        ]
        if conditions.severity:
            level = Severity(conditions.severity)
            words.append(
                str(level.label)
                if level is Severity.CRITICAL
                else gettext("%(severity)s or above") % {"severity": level.label}
            )
        if conditions.words:
            words.append(gettext("“%(words)s”") % {"words": conditions.words})
        return " · ".join(words)[:NAME_CHARACTERS]


def of_address(request: HttpRequest) -> dict[str, object]:
    """What a form begins with that was opened from a filtered list: the filters that a rule knows."""
    kind, severity = asked(request, "kind"), asked(request, "severity")
    return {
        "words": asked(request, "q", most=2000),
        "severity": next((level.value for level in Severity if level and level.name.lower() == severity), 0),
        "kinds": [kind] if kind in ItemKind.values else [],
        "groups": [asked(request, "group")],
        "sectors": [asked(request, "sector")],
    }


def of_rule(rule: Rule, viewer: Viewer) -> dict[str, object]:
    """What a form begins with that changes a rule; a name that its conditions made stays theirs."""
    initial: dict[str, object] = {
        "words": rule.words,
        "severity": rule.severity,
        "kinds": rule.kinds,
        "groups": [group.ref for group in rule.groups.all()],
        "sectors": [sector.key for sector in rule.sectors.all()],
        "pace": rule.pace,
    }
    made = RuleForm(None, viewer=viewer, initial=initial).made_name
    return initial | {"name": "" if rule.name == made else rule.name}
