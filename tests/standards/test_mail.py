"""E-mails as files: what they say is read, whatever they are made of; nothing of them is loaded or believed."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.mail import Mail, read_mail, text_of_html, without_receivers
from infohub.standards.problem import Problem


def mail(*, html: str = "", text: str = "Your parcel waits.", files: dict[str, bytes] | None = None) -> bytes:
    made = EmailMessage()
    made["From"] = "Parcel Desk <desk@parcels.example>"
    made["To"] = "victim@bank.example"
    made["Reply-To"] = "collect@other.example"
    made["Subject"] = "Your parcel 包裹"
    if text:
        made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html") if text else made.set_content(html, subtype="html")
    for name, content in (files or {}).items():
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def read(raw: bytes) -> Mail:
    found = read_mail(raw)
    assert isinstance(found, Mail), found
    return found


def test_headers_words_and_files_are_read_and_the_victim_is_left_out() -> None:
    found = read(mail(files={"invoice.pdf": b"%PDF-1.4", "收據.txt": b"x"}))
    assert found.subject == "Your parcel 包裹"
    assert found.as_markdown.startswith("- From: Parcel Desk <desk@parcels.example>\n- Reply-To: collect@other.example")
    assert found.text == "Your parcel waits."
    assert [(file.name, file.content) for file in found.files] == [("invoice.pdf", b"%PDF-1.4"), ("收據.txt", b"x")]
    assert "victim" not in found.as_markdown


def test_html_alone_is_read_as_its_reader_sees_it_with_the_address_of_each_link() -> None:
    html = (
        "<head><style>p{color:red}</style></head><p>Pay&nbsp;<b>now</b><br>or <a href='http://evil.example/p'>here</a>"
        "</p><script>alert(1)</script><img src='http://track.example/1.gif'>"
    )
    found = read(mail(text="", html=html))
    assert found.text == "Pay now\nor here <http://evil.example/p>"


@pytest.mark.parametrize(
    ("charset", "words"), [("big5", "請付款"), ("gb2312", "请付款"), ("utf-8", "請付款"), ("iso-8859-1", "réglez")]
)
def test_every_usual_character_set_is_read(charset: str, words: str) -> None:
    head = f'From: a@b.example\r\nSubject: x\r\nContent-Type: text/plain; charset="{charset}"\r\n\r\n'
    assert read(head.encode() + words.encode(charset)).text == words


@pytest.mark.parametrize("charset", ["no-such-thing", "utf-7\r\n", ""])
def test_an_unknown_character_set_loses_no_mail(charset: str) -> None:
    head = f'From: a@b.example\r\nContent-Type: text/plain; charset="{charset}"\r\n\r\nPay now'
    assert "Pay now" in read(head.encode()).text


@pytest.mark.parametrize("raw", [b"", b"just words, no headers", b"\x00\x01\x02", b"\n\nFrom: nobody"])
def test_what_is_no_mail_says_so(raw: bytes) -> None:
    assert isinstance(read_mail(raw), Problem)


@given(st.binary(max_size=2000))
def test_nothing_makes_it_stumble(raw: bytes) -> None:
    found = read_mail(b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + raw)
    assert isinstance(found, Mail | Problem)
    assert not isinstance(found, Mail) or found.as_markdown.encode()


HEAD = b"From: a@b.example\r\nSubject: x\r\n"
WILD = [
    HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\nA-" + b"b" * 400_000,
    HEAD + b"Content-Type: text/plain; " + b"".join(b"a*%d=x;" % n for n in range(40_000)) + b"\r\n\r\nhi",
    HEAD + b"Content-Type: text/plain; charset*=%00u''x\r\n\r\nhi",
    HEAD + b"Content-Type: text/plain; charset=undefined\r\n\r\nhi\xff",
    HEAD + b"Content-Type: text/plain; charset=idna\r\n\r\nhi\xff",
    HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n+2AA-",
    HEAD + b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\ud800",
    b"From: a@b.example\r\nSubject: =?utf-7?Q?+2AA-?=\r\n\r\nhi",
    HEAD + b"Content-Disposition: attachment; filename*=a%00b''x\r\n\r\nhi",
    HEAD + b"Content-Disposition: attachment; filename*=utf-7''%2B2AA-.txt\r\n\r\nhi",
]


@pytest.mark.parametrize("raw", WILD)
def test_a_wild_character_set_neither_hangs_nor_breaks_anything(raw: bytes) -> None:
    begun, found = time.process_time(), read_mail(raw)
    assert time.process_time() - begun < 5
    if isinstance(found, Mail):
        kept = "".join((found.as_markdown, found.subject, *(file.name for file in found.files)))
        assert kept.encode()
        assert "\x00" not in kept


def test_whom_it_was_for_is_nowhere_in_the_file_that_is_kept() -> None:
    raw = (
        b"Return-Path: <b+ann=bank.example@x.example>\r\nReceived: from a by mx.bank.example\r\n"
        b" for <ann@bank.example>;"
        b" Mon\r\nFrom: desk@parcels.example\r\nTo: ann@bank.example,\r\n ben@bank.example\r\nSubject: Parcel\r\n"
        b"DELIVERED-TO: ann@bank.example\r\n\r\nTo: you, pay now\r\n\r\nbank"
    )
    bare = without_receivers(raw)
    assert b"bank.example" not in bare
    assert bare == b"From: desk@parcels.example\r\nSubject: Parcel\r\n\r\nTo: you, pay now\r\n\r\nbank"
    assert without_receivers(b"no mail") == b"no mail"


def test_hostile_mails_take_bounded_time() -> None:
    nested = b"From: a@b.example\r\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)
    )
    begun = time.process_time()
    wild = ["<" * 500_000, "<!--" * 100_000, "<div>" * 100_000, "<a href='x'>" * 50_000, "<script" * 100_000]
    for html in wild:
        text_of_html(html)
    parameters = b"From: a\r\nContent-Type: text/plain; " + b"a=b; " * 20_000 + b"\r\n\r\nhi"
    for raw in (nested, mail(text="x" * 900_000), parameters):
        read_mail(raw)
    assert time.process_time() - begun < 20  # the square of any of these would take minutes
