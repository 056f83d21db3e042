"""Tokens on pages: shown once, working at once, dead when revoked, and never further than policy lets them."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from infohub.intel.actions import ensure_collections
from infohub.intel.models import Collection
from infohub.members.models import Token
from infohub.policy.clause import Clause
from infohub.policy.models import Audience
from infohub.standards.tlp import Tlp
from infohub.support.ids import keyed_digest
from tests import make
from tests.cast import Cast, make_administrator, sign_in
from tests.intel import pieces
from tests.taxii.machine import Machine
from tests.web import entering

pytestmark = pytest.mark.django_db

INTEGRATIONS, TOKENS, PEER = "/member/integrations/", "/office/tokens/", "/office/tokens/new/"


def wish(kind: str, *, ceiling: Tlp = Tlp.GREEN, name: str = "SIEM", days: int = 30) -> dict[str, str | int]:
    """The form as it is sent."""
    typed = {"name": name, "scopes": "taxii", "ceiling": ceiling.value, "days": days}
    return {"kind": kind, **{f"{kind}-{field}": value for field, value in typed.items()}}


def secret_on(page: str) -> str:
    """The secret on the page that shows it."""
    found = re.search(r'id="secret"[^>]*>([^<]+)<', page)
    assert found, page
    return found[1]


def test_a_personal_token_is_shown_once_works_at_once_and_dies_when_revoked(client: Client, cast: Cast) -> None:
    ensure_collections()
    sign_in(client, cast.ann)
    answer = client.post(INTEGRATIONS, wish("personal", ceiling=Tlp.AMBER))
    secret = secret_on(answer.text)
    assert answer["Cache-Control"] == "no-store, private"
    token = Token.objects.get(digest=keyed_digest(secret))
    assert (token.kind, token.membership, token.ceiling, token.scopes) == (
        "personal",
        make.membership(cast.ann),
        Tlp.AMBER.value,
        ["taxii"],
    )
    assert token.expires is not None
    line = shown_line(answer.text, "pull-line")
    user, path = re.findall(r"'([^']*)'", line)[0], re.findall(r"https?://[^/]+([^']+)'", line)[0]
    assert user == f"token:{secret}"
    assert Machine(secret).ask(path).status == 200
    page = client.get(INTEGRATIONS).text
    assert "SIEM" in page
    assert secret not in page
    told = client.post(reverse("member:token_revoke", args=[token.pk]), follow=True)
    assert "“SIEM” is revoked" in told.text
    assert Machine(secret).ask("collections/").status == 401
    assert "SIEM" not in client.get(INTEGRATIONS).text


def test_a_token_for_a_misp_comes_with_the_addresses_and_the_header_it_works_with(client: Client, cast: Cast) -> None:
    ensure_collections()
    sign_in(client, cast.ann)
    page = client.post(INTEGRATIONS, wish("personal") | {"personal-scopes": "misp"}).text
    secret, panel = secret_on(page), panel_of(page)
    assert f">Authorization: {secret}</dd>" in panel
    feeds = re.findall(r">https?://[^/]+(/misp/collections/[^<]+)<", panel)
    assert len(feeds) == Collection.objects.readable(cast.as_(cast.ann)).count()
    for feed in feeds:
        assert client.get(f"{feed}manifest.json", headers={"Authorization": secret}).status_code == 200
    assert Machine(secret).ask("collections/").status == 403


def test_the_page_lists_exactly_the_collections_the_token_will_read(client: Client, cast: Cast) -> None:
    assert cast.banking.name == "Banking"
    assert cast.healthcare.name == "Healthcare"
    ensure_collections()
    sign_in(client, cast.ann)
    page = client.get(INTEGRATIONS).text
    told = set(re.findall(r"/taxii2/api/collections/([0-9a-f-]{36})/", page))
    secret = secret_on(client.post(INTEGRATIONS, wish("personal")).text)
    read = Machine(secret).ask("collections/").listed("collections")
    assert told == {row["id"] for row in read}
    assert "Healthcare" not in page


def test_only_an_administrator_issues_and_ends_the_organisations_tokens(cast: Cast) -> None:
    ben, ann = sign_in(Client(), cast.ben), sign_in(Client(), make_administrator(cast.ann))
    assert ben.post(INTEGRATIONS, wish("organisation")).status_code == 404
    assert ben.post(INTEGRATIONS, wish("peer")).status_code == 404
    assert not Token.objects.exists()
    ensure_collections()
    secret = secret_on(ann.post(INTEGRATIONS, wish("organisation")).text)
    token = Token.objects.get()
    assert token.organisation == cast.bank
    assert Machine(secret).ask("collections/").status == 200
    assert "SIEM" in ann.get(INTEGRATIONS).text
    assert "SIEM" not in ben.get(INTEGRATIONS).text
    revoke = reverse("member:token_revoke", args=[token.pk])
    assert ben.post(revoke).status_code == 404
    assert sign_in(Client(), make_administrator(cast.cara)).post(revoke).status_code == 404
    ann.post(revoke)
    assert Machine(secret).ask("collections/").status == 401


def test_what_a_token_may_not_have_is_refused_and_what_was_typed_stays(client: Client, cast: Cast) -> None:
    sign_in(client, cast.ann)
    red = client.post(INTEGRATIONS, wish("personal", ceiling=Tlp.RED))
    assert (red.status_code, len(entering.errors(red))) == (422, 1)
    assert 'value="SIEM"' in red.text
    empty = client.post(INTEGRATIONS, {"kind": "personal", "personal-name": "SIEM", "personal-days": "9999"})
    assert len(entering.errors(empty)) == 3
    officer = sign_in(Client(), cast.opal)
    assert officer.post(PEER, wish("peer", ceiling=Tlp.AMBER)).status_code == 422
    assert not Token.objects.exists()


def test_an_office_without_an_organisation_has_nothing_to_pull(client: Client, cast: Cast) -> None:
    ensure_collections()
    page = sign_in(client, cast.opal).get(INTEGRATIONS).text
    assert "No collection is open to you" in page
    assert "an office alone reads nothing" in page
    assert client.post(INTEGRATIONS, wish("personal")).status_code == 404


def test_a_peer_token_is_the_steering_offices_and_reads_what_all_members_read(cast: Cast) -> None:
    ensure_collections()
    operator = sign_in(Client(), cast.opal)
    secret = secret_on(operator.post(PEER, wish("peer", name="Straits")).text)
    aliases = {row["alias"] for row in Machine(secret).ask("collections/").listed("collections")}
    assert aliases == {"members"}
    vetting = sign_in(Client(), cast.vera)
    assert vetting.post(PEER, wish("peer")).status_code == 404
    assert "Straits" in vetting.get(TOKENS).text
    vetting.post(reverse("office:token_revoke", args=[Token.objects.get().pk]), follow=True)
    assert Machine(secret).ask("collections/").status == 401
    assert "Straits" not in vetting.get(TOKENS).text
    assert "revoked" in vetting.get(f"{TOKENS}?all=1").text


def test_the_office_sees_every_token_but_no_secret_and_no_set_up_link(client: Client, cast: Cast) -> None:
    secrets = [pieces.token(holder)[1] for holder in (cast.ann, cast.clinic, None)]
    Token.objects.create(kind="setup", name="set-up", digest="0" * 64, person=cast.ben, created=make.START)
    sign_in(client, cast.opal)
    page = client.get(TOKENS).text
    for holder in ("Ann, Bank", "Clinic", "a peer programme"):
        assert holder in page
    assert not [secret for secret in secrets if secret in page]
    assert "set-up" not in page
    narrowed = client.get(f"{TOKENS}?kind=organisation").text
    assert "Clinic" in narrowed
    assert "Ann, Bank" not in narrowed
    assert "Ann, Bank" in client.get(f"{TOKENS}?q=ann").text


def test_each_tool_has_its_own_fields_with_the_values_of_this_instance(client: Client, cast: Cast) -> None:
    assert cast.banking.name == "Banking"
    assert cast.healthcare.name == "Healthcare"
    ensure_collections()
    sign_in(client, cast.ann)
    mine = {str(row.uuid) for row in Collection.objects.readable(cast.as_(cast.ann))}
    for tool, root, field, address in (
        ("misp", "Source Format", "URL", "http://localhost:8000/misp<"),
        ("opencti", "TAXII server URL", "TAXII Collection", "http://localhost:8000/taxii2/api/<"),
        ("splunk", "URL", "Collection", "http://localhost:8000/taxii2/api/<"),
        ("sentinel", "API root URL", "Collection ID", "http://localhost:8000/taxii2/api/<"),
    ):
        panel = panel_of(client.get(f"{INTEGRATIONS}?tool={tool}").text)
        assert f">{root}</dt>" in panel
        assert f">{field}<" in panel
        assert address in panel
        assert "YOUR_TOKEN" in panel
        assert set(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", panel)) == mine
        assert panel.count('aria-current="true"') == 1
    assert "curl -u" in panel_of(client.get(f"{INTEGRATIONS}?tool=curl").text)
    assert panel_of(client.get(f"{INTEGRATIONS}?tool=none").text) == panel_of(client.get(INTEGRATIONS).text)


def test_the_tools_come_with_the_token_in_them_once_and_with_what_the_token_reads(client: Client, cast: Cast) -> None:
    assert cast.banking.name == "Banking"
    ensure_collections()
    sign_in(client, make_administrator(cast.ann))
    page = client.post(INTEGRATIONS, wish("organisation")).text
    secret = secret_on(page)
    panel = panel_of(page)
    assert panel.count(f">{secret}</dd>") == 3
    assert "MISP" not in panel  # nor for that
    assert "YOUR_TOKEN" not in panel
    assert "All members" in panel
    assert "/api/v1/" not in panel  # it has not the scope for it
    assert "Banking" not in panel  # a seat of hers, not of the bank
    for path in (INTEGRATIONS, f"{INTEGRATIONS}?tool=curl", f"{INTEGRATIONS}tokens/{Token.objects.get().pk}/"):
        assert secret not in client.get(path).text


def test_adding_is_offered_where_some_collection_is_open_to_the_holder(client: Client, cast: Cast) -> None:
    ensure_collections()
    sign_in(client, make_administrator(cast.ann))
    asked = wish("personal") | {"personal-scopes": "taxii-write"}
    page = client.get(INTEGRATIONS).text
    assert 'value="taxii-write"' not in page
    assert "The programme office opens one." in page
    assert client.post(INTEGRATIONS, asked).status_code == 422
    clause = Clause(organisations=frozenset({cast.bank.pk}))
    Collection.objects.filter(alias="members").update(writers=Audience.objects.intern(clause))
    page = client.get(INTEGRATIONS).text
    assert page.count('value="taxii-write"') == 2
    assert "The programme office opens one." not in page
    assert secret_on(client.post(INTEGRATIONS, asked).text)
    assert 'value="taxii-write"' not in sign_in(Client(), cast.cara).get(INTEGRATIONS).text


def panel_of(page: str) -> str:
    """What the page says about tools."""
    return page[page.index('aria-labelledby="tools"') :].partition("</section>")[0]


def shown_line(page: str, name: str) -> str:
    """A command on the page, as a reader copies it."""
    found = re.search(rf'id="{name}"[^>]*>([^<]+)<', page)
    assert found, page
    return unescape(found[1])
