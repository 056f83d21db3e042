"""Every address of the service is held against the table here, or is known to carry no piece."""

from __future__ import annotations

import re

from tests.test_channels import addresses

HELD = {
    *("/", "/advisories", "/advisories/<str:ref>", "/statistics", "/guidance", "/about"),
    *("/feeds/public.atom", "/feeds/public.json", "/feeds/mine/<str:secret>.atom", "/feeds/mine/<str:secret>.json"),
    *("/member/", "/member/feed/", "/member/search/", "/member/suggest/", "/member/export.csv", "/member/notices/"),
    *("/member/groups/", "/member/groups/<str:ref>/", "/member/notices/settings/", "/member/integrations/"),
    *("/member/account/", "/member/share/", "/member/rules/", "/member/rules/new/"),
    *("/member/export/", "/member/export/<str:form>", "/api/v1/export"),
    *("/items/<str:ref>", "/items/<str:ref>/edit", "/items/<str:ref>/export/<str:form>"),
    "/items/<str:ref>/relations",
    "/items/<str:ref>/files/<uuid:handle>",
    *("/office/", "/office/moderation/", "/office/releases/", "/office/records/", "/office/jobs/"),
    *("/office/jobs/mail/", "/office/seals/"),
    *("/taxii2/api/collections/", "/taxii2/api/collections/NAME/objects/", "/taxii2/api/collections/NAME/manifest/"),
    *("/misp/events/index", "/misp/events/restSearch", "/misp/attributes/restSearch", "/misp/tags/index"),
    "/misp/events/view/UUID",
    *("/misp/collections/NAME/manifest.json", "/misp/collections/NAME/hashes.csv", "/misp/collections/NAME/UUID.json"),
    *("/api/v1/items", "/api/v1/items/<ref>", "/api/v1/items/<ref>/comments", "/api/v1/items/<ref>/attachments"),
    *("/api/v1/items/<ref>/attachments/<handle>", "/api/v1/items/<ref>/related", "/api/v1/items/<ref>/stix"),
    *("/api/v1/items/<ref>/indicators", "/api/v1/items/<ref>/sightings", "/api/v1/items/<ref>/misp"),
    *("/api/v1/search", "/api/v1/suggest", "/api/v1/lookup", "/api/v1/groups", "/api/v1/groups/<ref>"),
    *("/api/v1/collections/<name>/objects", "/api/v1/collections/<name>/objects/<stix_id>"),
    *("/api/v1/collections/<name>/values", "/member/integrations/collections/<uuid:handle>/"),
    "/member/integrations/collections/<uuid:handle>/lists/<str:form>",
    "/member/integrations/collections/<uuid:handle>/objects/<str:stix_id>/",
    *("/api/v1/notices", "/api/v1/collections", "/api/v1/releases", "/api/v1/releases/<ref>", "/api/v1/figures"),
}
"""What the other modules here open."""

ACTS = {
    *("/member/search/save/", "/member/search/forget/", "/member/notices/<str:ref>/stance/"),
    *("/member/groups/<str:ref>/join/", "/member/groups/<str:ref>/stance/", "/member/propose/<str:ref>/"),
    *("/member/account/sign-in/sessions/<int:pk>/end/", "/member/account/sign-in/sessions/end/"),
    *("/member/account/sign-in/browsers/<int:pk>/end/", "/member/integrations/tokens/<int:pk>/revoke/"),
    *("/member/share/live/", "/member/share/<str:ref>/live/", "/member/share/<str:ref>/discard/"),
    *("/items/<str:ref>/comments", "/items/<str:ref>/comments/<int:pk>", "/items/<str:ref>/acknowledge"),
    *(
        "/items/<str:ref>/sighting",
        "/items/<str:ref>/findings/<int:pk>",
        "/items/<str:ref>/course",
        "/items/<str:ref>/withdraw",
        "/items/<str:ref>/review",
    ),
    *("/items/<str:ref>/indicators/<int:pk>", "/office/jobs/retry/", "/api/v1/readers", "/items/<str:ref>/pin"),
    "/api/v1/collections/<name>/objects/<stix_id>/false-positive",
    *("/items/<str:ref>/comments/<int:pk>/order", "/member/notices/test/", "/member/rules/<int:pk>/act/"),
}
"""They only take what is sent, and lead to a page or answer with numbers."""

ELSEWHERE = {
    "/member/attack/": "numbers of pieces that one reads: tests/web/test_attack.py",
    "/member/attack/<str:domain>.json": "the same numbers: tests/web/test_attack.py",
    "/member/ask/": "sentences of pieces that one reads: tests/web/test_ask.py",
    "/member/share/<str:ref>/": "a draft, its author's alone: tests/web/test_composer.py",
    "/member/proposals/<int:pk>/": "a release in the making: tests/web/test_release_desk.py",
    "/member/integrations/tokens/<int:pk>/": "calls without their content: tests/web/test_token_page.py",
    "/member/rules/<int:pk>/": "a person's own rule: tests/web/test_rules.py",
    "/member/rules/preview/": "takes what is sent, and shows what one reads: tests/web/test_rules.py",
    "/office/releases/<int:pk>/": "a release in the making: tests/web/test_release_desk.py",
    "/office/releases/public/<str:ref>/": "a release: tests/web/test_release_desk.py",
    "/items/<str:ref>/words/<str:language>": "its author's alone: tests/sharing/test_translating.py",
    "/items/<str:ref>/suggestions": "a reader's: tests/sharing/test_suggesting.py",
    "/items/<str:ref>/suggestions/<int:pk>": "between two: tests/sharing/test_suggesting.py",
    "/office/seals/<int:pk>/": "an opening: tests/sharing/test_seals.py",
    "/items/<str:ref>/revisions": "a corrected piece: tests/web/test_leaks.py, tests/web/test_item_page.py",
    "/advisories/<str:ref>/advisory.pdf": "a release: tests/web/test_paper.py",
    "/advisories/<str:ref>/indicators.csv": "a release: tests/web/test_public.py",
    "/advisories/<str:ref>/stix.json": "a release: tests/web/test_public.py",
    "/taxii2/api/collections/NAME/objects/ID/": "one of the objects: tests/taxii/test_reading.py",
    "/taxii2/api/status/UUID/": "what its own token sent: tests/taxii/test_writing.py",
    "/taxii2/api/collections/NAME/objects/ID/versions/": "dates alone: tests/taxii/test_reading.py",
}

ELSEWHERE |= {
    "/member/incoming/": "reports of sources, from collections one may read: tests/web/test_incoming.py",
    "/member/incoming/<str:stix_id>/draft/": "leads to an own draft: tests/web/test_incoming.py",
    "/office/quality/": "numbers of five organisations and more: tests/web/test_quality.py",
    "/office/quality/read/": "lets everything be read again: tests/web/test_quality.py",
    "/office/quality/learn/": "lets the worker count: tests/web/test_learning.py",
    "/office/quality/promote/<int:pk>/": "kinds of findings, none of them: tests/web/test_learning.py",
    "/office/quality/shipped/": "takes what is sent: tests/web/test_learning.py",
    "/office/quality/names/": "names of pieces the officer reads: tests/web/test_stop_list.py",
    "/office/quality/names/<int:pk>/": "takes a name off the list: tests/web/test_stop_list.py",
}

ELSEWHERE |= {
    f"/office/pushes/<uuid:handle>/{rest}": "ids of what a peer is sent, never content: tests/web/test_office_pushes.py"
    for rest in ("", "ledger.csv", "dry-run/", "dry-run.csv")
}

NO_PIECE = re.compile(
    r"/accounts/|/en/|/mark/|/\.well-known/|/healthz|/readyz|/guidance/|/about/|/member/account/sign-in/$|/member/share/names/|/member/welcome/"
    r"|/office/(organisations|people|groups|tokens|recoveries|programme|sources)/|/misp/($|servers/|users/|attributes/describeTypes)"
    r"|/office/pushes/($|new/|<uuid:handle>/(act|credential|remove)/)|/taxii2(/?$|/api/$|/api/collections/NAME/$)"
    r"|/api/v1/((me|people|openapi\.json)?$|submissions/|collections/<name>$)"
)
"""Sign-in, operation, the register, texts of the programme's own, what became of envelopes: none asks for pieces."""


def plainly(address: str) -> str:
    """An address without the signs of its pattern."""
    for pattern, name in (
        *((r"\(\?P<name>[^)]*\)", "NAME"), (r"\(\?P<stix_id>[^)]*\)", "ID")),
        *((r"\(\?P<uuid>[^()]*(\(\?:[^)]*\)[^()]*)*\)", "UUID"), (r"\(\?P<more>.*\)\*\)", "")),
        *((r"\(\?:\\\.json(\|/json)?\)\?", ""), (r"^(/misp/.*)/\?", r"\1"), (r"/\?", "/"), (r"\\\.", ".")),
    ):
        address = re.sub(pattern, name, address)
    return address.replace(r"\x00", "")


def test_every_address_is_held_against_the_table_or_known_to_carry_no_piece() -> None:
    known = HELD | ACTS | ELSEWHERE.keys()
    assert [one for one in map(plainly, addresses()) if one not in known and not NO_PIECE.match(one)] == []


def test_no_list_names_an_address_that_is_gone() -> None:
    present = set(map(plainly, addresses()))
    assert sorted((HELD | ACTS | ELSEWHERE.keys()) - present) == []


def test_a_new_address_that_carries_pieces_is_noticed() -> None:
    for new in ("/member/everything/", "/items/<str:ref>/original", "/api/v1/everything", "/misp/everything.json"):
        assert not NO_PIECE.match(new)
