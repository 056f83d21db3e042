"""Why something of a source was changed or refused, in the reader's language: the fixed sentences of what reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from infohub.standards.losses import Line, Outcome

# Named here so that the catalogues have them.
SENTENCES = (
    # standards/jsontext.py
    _("this is no JSON"),
    _("a key stands twice in one object"),
    _("this is nested deeper than is read"),
    # standards/xmltext.py
    _("this is not well-formed XML"),
    _("this character set is not read"),
    _("a document type could hide endless or foreign text, so this is not read"),
    _("this has more elements, or deeper ones, than are read"),
    # standards/stix21/sentences.py
    _("Add this property: every object of this type needs it."),
    _("Convert the object to STIX 2.1 and say so in spec_version: STIX 2.0 is not taken."),
    _("Write 2.1 as spec_version."),
    _("Send the objects of the bundle by themselves: a bundle is no object."),
    _("Name the type with 3 to 250 small letters, digits and single hyphens, beginning with a letter."),
    _("Begin the id with the type of the object, followed by two hyphens and a UUID (RFC 4122)."),
    _("Name a property with at most 250 small letters, digits and underscores."),
    _("Nest values at most 64 levels deep."),
    _("Give a text."),
    _("Give true or false, without quotation marks."),
    _("Give a whole number of at most 53 bits, without quotation marks."),
    _("Give a whole number that is not negative, without quotation marks."),
    _("Give a number, without quotation marks."),
    _("Give a whole number from 0 to 100."),
    _("Give a whole number from 0 to 65535."),
    _("Give a whole number from 0 to 999999999."),
    _("Give a whole number from 1 to 999999999."),
    _("Give a number of degrees from -90 to 90."),
    _("Give a number of degrees from -180 to 180."),
    _("Write the time in UTC, such as 2026-02-02T01:00:00Z."),
    _("Write the time in UTC without a fraction of a second, such as 2026-02-02T01:00:00Z."),
    _("Give an even number of hexadecimal digits."),
    _("Use one of the values that the standard lists for this property: the list is closed."),
    _("Give a language tag (RFC 5646), such as en or zh-HK."),
    _("Give a full address with its scheme (RFC 3986)."),
    _("Refer by id (type, two hyphens, UUID) to an object of a type that this property allows."),
    _("Give a list with at least one value, or leave the property out."),
    _("Give a JSON object."),
    _("Give a JSON object with at least one entry, or leave the property out."),
    _("Use at most 250 letters, digits, hyphens and underscores as a key."),
    _("Give a value: null is none."),
    _("Give a text or a whole number."),
    _("Give the hash in the form of its algorithm."),
    _("Name the hash MD5, SHA-1, SHA-256, SHA-512, SHA3-256, SHA3-512, SSDEEP or TLSH."),
    _("Name an extension by the id of its definition, or by a name of small letters that ends in -ext."),
    _("Give exactly one of these properties."),
    _("Give at least one of these properties."),
    _("Add this property: another one of the object needs it."),
    _("Give a time that is not before the beginning."),
    _("Give a time after the beginning."),
    _("Give the malware family a name."),
    _("Name cve or capec as the source of exactly the entries that carry their number (CVE-2026-1234, CAPEC-12)."),
    _("Shorten the pattern to at most 16 kB."),
    _("Name the relationship with small letters, digits and hyphens."),
    _("Point at something in the object: property names and list places such as labels.[0], joined by dots."),
    _("Leave the marking out of its own markings."),
    _("Give a text, a list or a JSON object, as the translated property has."),
    _("Use the TLP marking definition of the standard: its id and its level belong together."),
    _("Leave the property names out, or add toplevel-property-extension to the extension types."),
    _("Give body where is_multipart is false, and body_multipart where it is true."),
    _("Leave the end out while the traffic is active."),
    _("Refer to at least one observable."),
    _("Refer to another object of this container by its key."),
    _("Give an IPv4 address or a CIDR range such as 198.51.100.0/24."),
    _("Give an IPv6 address or a CIDR range such as 2001:db8::/32."),
    _("Give a MAC address as six pairs of small hexadecimal digits, joined by colons."),
    _("Give a domain name: labels of at most 63 letters, digits and hyphens, joined by dots, 253 characters in all."),
    _("Give the plain e-mail address, without a display name."),
    _("Give the name of a character set as IANA registered it."),
    _("Give a CPE 2.3 name (cpe:2.3:a:vendor:product:...)."),
    _("Write the hive of the registry key in full, such as HKEY_LOCAL_MACHINE."),
    # standards/stix21/misspelt.py
    _("a pattern may have 16,384 bytes at most"),
    _("parentheses may stand in each other 50 deep at most"),
    _("an observation in square brackets is needed here, such as [ipv4-addr:value = '198.51.100.7']"),
    _("this parenthesis was not opened"),
    _("a parenthesis that was opened is not closed"),
    _("an observation has one WITHIN, one REPEATS and one START with STOP at most"),
    _("what AND joins must hold for one object: join different types of objects with OR"),
    _("AND, OR or the closing bracket is needed here, words in capitals"),
    _("the calendar has no such day"),
    _("IN needs a list in parentheses, such as ('a', 'b')"),
    _("the values of a list must all be of one type"),
    _("a list needs the operator IN"),
    _("this operator needs text in apostrophes"),
    _("true and false have no order: compare them with = or !="),
    _("write WITHIN with a number above 0 and no plus sign, as in WITHIN 300 SECONDS"),
    _("write REPEATS with a whole number above 0 and no plus sign, as in REPEATS 5 TIMES"),
    _("write START t'2026-01-31T12:00:00Z' STOP t'2026-02-01T12:00:00Z'"),
    _("AND, OR, FOLLOWEDBY, WITHIN, REPEATS, START or the end is needed here, words in capitals"),
    _("NOT stands before the operator, as in file:name NOT = 'a', or before EXISTS"),
    _("an object path is needed here, such as file:name or file:hashes.'SHA-256'"),
    _("a name with a hyphen stands in apostrophes, as in file:hashes.'SHA-256'"),
    _("a name is needed after the full stop, in apostrophes where it has other signs than letters, digits and _"),
    _("a place in a list is [0], [1] and so on, or [*] for any"),
    _("an operator is needed here: = != < <= > >= IN LIKE MATCHES ISSUBSET ISSUPERSET, words in capitals"),
    _("text ends with an apostrophe; inside, write \\' for an apostrophe and \\\\ for a backslash"),
    _("a moment is written t'2026-01-31T12:00:00Z'"),
    _("h'…' holds pairs of hexadecimal digits"),
    _("b'…' holds Base64, its padding included"),
    _("a list has constants with commas between them, such as ('a', 'b')"),
    _("a number is written without a plus sign"),
    _("a value is needed here: text in apostrophes, a number, true, false, t'…', h'…' or b'…'"),
    # standards/taxii21/status.py
    _("this is no status resource"),
    # standards/feeds
    _("this is no text"),
    _("this is no date with a time zone"),
    _("this is no web address"),
    _("this is no CVE number"),
    _("this is missing"),
    _("this is too long and was cut"),
    _("these are more than are taken"),
    _("this came before in the same document"),
    _("this is no advisory in CSAF 2.0"),
    _("this is no level of the Traffic Light Protocol"),
    _("this vulnerability has neither a number nor a title"),
    _("which products are affected is not taken over"),
    _("this is no path below the list's folder"),
    _("this is no metadata of a CSAF provider"),
    _("this is no ROLIE feed"),
    _("this is no catalogue of known exploited vulnerabilities"),
    _("this is not UTF-8"),
    _("a row of this table does not end"),
    _("this is not one value"),
    _("this table has no such column"),
    _("this entry says no time; that of reading stands for it"),
    _("this is neither RSS nor Atom"),
    # standards/misp/remarks.py
    _("This is no MISP event"),
    _("An event needs a valid UUID"),
    _("This is no JSON object"),
    _("There is no valid UUID here; one was made from the content"),
    _("There is no valid time here; the time of what holds it was taken"),
    _("There is no value here"),
    _("This was taken back without its value; what was taken of it before is still there"),
    _("There is no type here"),
    _("It does not say who made it"),
    _("There is nothing in it"),
    _("The same UUID stands for another thing before"),
    _("This marking is not one of TLP 2.0, so nobody can be shown what it marks"),
    _("This marking is not one of TLP 2.0; what it marks waits until somebody says what it means"),
    _("This file is not the one that the list of events promises"),
    _("A stricter marking stands beside this one"),
    _("A tag for the sending server alone is not taken"),
    _("How a tag relates to what it stands on is not taken"),
    _("The attached file is not taken"),
    _("STIX has no word for this type; it is kept as a note that no machine looks for"),
    _("This value is not what its type promises; it is kept as a note that no machine looks for"),
    _("A sharing group is not taken"),
    _("The description of a galaxy cluster is not taken; its tag is"),
    _("What others propose is not taken"),
    _("What analysts say beside the event is not taken"),
    _("A key is not taken"),
    _("That it expired is not taken"),
    _("This points at nothing that was taken"),
    _("There are more than are read at once; the rest was left out"),
    # intel/actions
    _("This is stricter than the collection allows."),
    _("This version is here with other content; a change needs a later `modified`."),
    _("Only its creator may give an object a new version; derive one of your own."),
    _("Only who added the object first may add versions of it; derive one of your own."),
    _("The collection holds as many versions of this object as it keeps."),
    _("The object is revoked, and stays so; a new one needs a new id."),
    _("The object belongs to a piece that is shared here; correct the piece instead."),
    _("This marking is not known here; send its definition along, or use TLP 2.0."),
    _("This identity is another organisation of this programme; use your own."),
    _("too many objects wait for a decision about their marking already"),
    # intel/pulls
    _("this is no address, name, link or file hash that STIX has a word for"),
    _("there is more, but the server does not say where"),
    _("this is no object"),
    _("this advisory is of another publisher than the provider"),
    _("this is no list of events"),
    _("there is nothing at this address"),
    _("this is larger than is read"),
)
_COUNTED = re.compile(r"\b(line|entry|character) ([0-9]+)\Z")


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a run; each reason is a sentence, and where and what it is about."""

    subject: str
    refused: bool
    reasons: list[tuple[str, str]]


def told(lines: Iterable[Line]) -> list[Told]:
    """The lines for a page."""
    return [
        Told(
            subject=_counted(line.subject),
            refused=line.outcome is Outcome.REFUSED,
            reasons=[
                (gettext(one.message), ": ".join(filter(None, (_counted(one.path), one.found))))
                for one in line.problems
            ],
        )
        for line in lines
    ]


def rows_of(lines: Iterable[Line]) -> Iterator[tuple[str, ...]]:
    """The lines for a table: a row for each reason."""
    for line in lines:
        for one in line.problems:
            place = _counted(one.path)
            yield _counted(line.subject), line.outcome.value, place, gettext(one.message), one.found


def _counted(place: str) -> str:
    """`line 7` in the reader's words; anything else as it is."""
    found = _COUNTED.search(place)
    if found is None:
        return place
    words = {
        "line": gettext("line %(n)s"),
        "entry": gettext("entry %(n)s"),
        "character": gettext("character %(n)s"),
    }
    return place[: found.start()] + words[found[1]] % {"n": found[2]}
