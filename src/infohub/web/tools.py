"""How to put a collection into the tools that members run: each tool's own names, with the values of this instance.

The names are those on the screens and in the settings of the products, so they are not translated.
"""

from __future__ import annotations

from collections.abc import Collection as Collected
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from infohub.intel.models import Collection
from infohub.web.context import this_site

EVERY_SCOPE = frozenset({"read", "taxii", "misp"})
USER = "token"
SAMPLE = "YOUR_TOKEN"
ACCEPT = "application/taxii+json;version=2.1"

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """One product: where its form is in its menus, what stands in its fields, and what is good to know.

    A note may begin with a word of the product. `each` names the field that takes the id of a collection, where a
    form takes one collection at a time.
    """

    key: str
    name: str
    place: str
    fields: Lines
    notes: Lines = ()
    each: str = ""
    collections: Lines = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Values:
    """What goes into the fields."""

    secret: str
    collections: Lines
    rest: bool

    @property
    def discovery(self) -> str:
        return f"{settings.BASE_URL}/taxii2/"

    @property
    def api_root(self) -> str:
        return f"{settings.BASE_URL}/taxii2/api/"

    @property
    def login(self) -> Lines:
        return (("Username", USER), ("Password", self.secret))


def tools_for(
    collections: Sequence[Collection], secret: str = SAMPLE, *, scopes: Collected[str] = EVERY_SCOPE
) -> list[Tool]:
    """The tools that a token with these scopes serves, with these collections; without a token, a word in its place."""
    values = _Values(secret, tuple((row.title, str(row.uuid)) for row in collections), "read" in scopes)
    over_taxii = (_opencti, _splunk, _sentinel, _curl) if "taxii" in scopes else ()
    over_rest = (_firewall,) if "read" in scopes else ()
    return [make(values) for make in (*((_misp,) if "misp" in scopes else ()), *over_taxii, *over_rest)]


def _misp(values: _Values) -> Tool:
    """As feeds, one for each collection; their token needs the scope for it."""
    feeds = f"{settings.BASE_URL}/misp/collections"
    return Tool(
        key="misp",
        name="MISP",
        place="Sync Actions › Feeds › Add Feed",
        fields=(
            ("Input Source", "Network"),
            ("Source Format", "MISP Feed"),
            ("Headers", f"Authorization: {values.secret}"),
        ),
        each="URL",
        collections=tuple((title, f"{feeds}/{uuid}/") for title, uuid in values.collections),
        notes=(
            ("misp", _("the scope that the token needs")),
            ("Sync Actions › Servers", _("pulls everything at once; with these values:")),
        ),
        commands=(f"Base URL: {settings.BASE_URL}/misp", f"Authkey: {values.secret}"),
    )


def _opencti(values: _Values) -> Tool:
    return Tool(
        key="opencti",
        name="OpenCTI",
        place="Data › Ingestion › TAXII Feeds",
        fields=(
            ("TAXII server URL", values.api_root),
            ("TAXII version", "TAXII 2.1"),
            ("Authentication type", "Basic user / password"),
            *values.login,
        ),
        each="TAXII Collection",
        collections=values.collections,
        notes=(
            ("Integrations", _("where newer versions have the form")),
            ("TAXII server URL", _("the API root, not the address of a collection")),
            ("Import from date", _("may stay empty: then everything comes, once")),
            ("TAXII2 connector", _("a program of its own, with these settings:")),
        ),
        commands=(
            (
                f"TAXII2_DISCOVERY_URL={values.discovery} TAXII2_USERNAME={USER} TAXII2_PASSWORD={values.secret} "
                "TAXII2_V21=true TAXII2_COLLECTIONS=*.*"
            ),
        ),
    )


def _splunk(values: _Values) -> Tool:
    return Tool(
        key="splunk",
        name="Splunk",
        place="Enterprise Security › Configure › Data Enrichment › Threat Intelligence Management › New › TAXII",
        fields=(("Type", "taxii"), ("URL", values.api_root), *values.login),
        each="Collection",
        collections=values.collections,
        notes=(
            (
                "Enterprise Security 8.2",
                _("and newer pull over TAXII 2.1; older ones know TAXII 1 only, which is not here"),
            ),
            ("Credentials", _("from 8.4 on, the password is stored there and the source names the user alone")),
        ),
    )


def _sentinel(values: _Values) -> Tool:
    notes: Lines = (
        ("", _("One connection takes one collection; add one for each you want.")),
        ("", _("Which indicators it takes in, and how often it asks, is chosen in the same form.")),
    )
    if not settings.HTTPS:
        notes += (("", _("It is in the cloud, and reaches only an instance with a public https address.")),)
    return Tool(
        key="sentinel",
        name="Sentinel",
        place="Microsoft Sentinel › Data connectors › Threat Intelligence - TAXII › Open connector page",
        fields=(("Friendly name", this_site().name), ("API root URL", values.api_root), *values.login),
        each="Collection ID",
        collections=values.collections,
        notes=notes,
    )


def _firewall(values: _Values) -> Tool:
    """What pulls a list of values from an address and knows nothing of STIX."""
    lists = f"{settings.BASE_URL}/api/v1/collections"
    return Tool(
        key="firewall",
        name=_("Firewall, resolver"),
        place="",
        fields=values.login,
        each="URL",
        collections=tuple((title, f"{lists}/{uuid}/values") for title, uuid in values.collections),
        notes=(
            ("read", _("the scope that the token needs")),
            ("?type=domain", _("one kind of value alone; the page of a collection names the others")),
            ("?form=rpz", _("a zone for a resolver; the page of a collection names the other forms")),
        ),
    )


def _curl(values: _Values) -> Tool:
    return Tool(
        key="curl",
        name="curl",
        place="",
        fields=(),
        collections=values.collections,
        commands=(
            curl_line("collections/", values.secret),
            curl_line("collections/everything/objects/?limit=20", values.secret),
            *([rest_line(values.secret)] if values.rest else []),
        ),
        notes=(
            ("more, next", _("the answer goes on at the second as long as the first is true")),
            ("added_after", _("asks for what is new since a moment")),
        ),
    )


def rest_line(secret: str = SAMPLE) -> str:
    """A command that asks the REST API for the newest pieces."""
    return f"curl -H 'Authorization: Bearer {secret}' '{settings.BASE_URL}/api/v1/items?limit=5'"


def list_line(collection: str, secret: str = SAMPLE) -> str:
    """A command that asks for the values of a collection, as a firewall does."""
    return f"curl -u '{USER}:{secret}' '{settings.BASE_URL}/api/v1/collections/{collection}/values'"


def curl_line(path: str, secret: str = SAMPLE) -> str:
    """A command that asks the API root for this path."""
    return f"curl -u '{USER}:{secret}' -H 'Accept: {ACCEPT}' '{settings.BASE_URL}/taxii2/api/{path}'"
