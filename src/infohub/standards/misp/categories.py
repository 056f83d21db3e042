"""Which type of attribute may stand in which category (MISP core format, section 2.4.2.3, and what came since)."""

from collections.abc import Mapping
from types import MappingProxyType


def _of(*lists: str) -> frozenset[str]:
    """The types in these lists, separated by commas because one has a space in its name."""
    return frozenset(one.strip() for listed in lists for one in listed.split(","))


def _filename_and(digests: str) -> str:
    return ", ".join(f"filename|{digest.strip()}" for digest in digests.split(","))


_TALK = "comment, text, other, anonymised"
_MAIN_DIGESTS = "md5, sha1, sha256, sha3-224, sha3-256, sha3-384, sha3-512"
_DIGESTS = f"{_MAIN_DIGESTS}, sha224, sha384, sha512, sha512/224, sha512/256"
_LIKENESSES = "authentihash, vhash, ssdeep, tlsh, imphash, impfuzzy, pehash"
_DROPPED = (
    f"filename, {_DIGESTS}, {_filename_and(_DIGESTS)}, {_filename_and(_LIKENESSES)},"
    "ssdeep, imphash, telfhash, impfuzzy, authentihash, vhash, cdhash"
)
_PAYLOAD = f"{_DROPPED}, pehash, tlsh"
_ADDRESS = (
    "ip-src, ip-dst, ip-src|port, ip-dst|port, hostname, domain, mac-address, mac-eui-64, url, user-agent, AS,"
    "onion-address"
)
_CERTIFICATE = "x509-fingerprint-md5, x509-fingerprint-sha1, x509-fingerprint-sha256"
_SERVER = f"{_CERTIFICATE}, ja3-fingerprint-md5, jarm-fingerprint, hassh-md5, hasshserver-md5"
_MAIL = (
    "email-subject, email-attachment, email-body, email-dst-display-name, email-src-display-name, email-header,"
    "email-reply-to, email-x-mailer, email-mime-boundary, email-thread-index, email-message-id"
)
_IN_FILE = "pattern-in-file, filename-pattern"
_RULES = f"stix2-pattern, yara, sigma, mime-type, attachment, malware-sample, {_IN_FILE}"
_FLAWS = "vulnerability, cpe, weakness"
_PROGRAMS = "azure-application-id, mobile-application-id, chrome-extension-id, edge-extension-id, malware-type"
_KEYS = "pgp-public-key, pgp-private-key"
_REGISTRY = "regkey, regkey|value"

CATEGORIES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "Antivirus detection": _of(_TALK, "link, hex, attachment"),
        "Artifacts dropped": _of(
            *(_DROPPED, _REGISTRY, _RULES, _CERTIFICATE, _TALK, _KEYS),
            "pattern-in-memory, pdb, named pipe, mutex, process-state, hex, cookie, gene, kusto-query",
            "windows-scheduled-task, windows-service-name, windows-service-displayname",
        ),
        "Attribution": _of(
            *(_CERTIFICATE, _TALK),
            "threat-actor, campaign-name, campaign-id, dns-soa-email, email, whois-registrar, whois-creation-date",
            "whois-registrant-phone, whois-registrant-email, whois-registrant-name, whois-registrant-org",
        ),
        "External analysis": _of(
            *("filename", _MAIN_DIGESTS, _filename_and(_MAIN_DIGESTS)),
            *(_ADDRESS, _REGISTRY, _IN_FILE, _FLAWS, _SERVER, _TALK),
            "domain|ip, snort, suricata, bro, zeek, pattern-in-traffic, pattern-in-memory, attachment, malware-sample",
            "link, github-repository, cortex, community-id, dom-hash",
        ),
        "Financial fraud": _of(
            _TALK, "btc, dash, xmr, iban, bic, bank-account-nr, aba-rtn, bin, cc-number, prtn, phone-number, hex"
        ),
        "Internal reference": _of(_TALK, "link, hex, git-commit-id"),
        "Network activity": _of(
            *(_ADDRESS, _IN_FILE, _SERVER, _TALK),
            "domain|ip, port, hostname|port, email, email-dst, email-src, email-subject, eppn, uri, http-method",
            "snort, suricata, bro, zeek, stix2-pattern, pattern-in-traffic, hex, cookie, attachment, community-id",
            "favicon-mmh3, dkim, dkim-signature, ssh-fingerprint, dom-hash",
        ),
        "Other": _of(
            *(_TALK, _KEYS),
            "size-in-bytes, counter, integer, datetime, cpe, port, float, hex, phone-number, boolean, uuid",
        ),
        "Payload delivery": _of(
            *(_PAYLOAD, _ADDRESS, _MAIL, _RULES, _PROGRAMS, _FLAWS, _SERVER, _TALK),
            "email, email-src, email-dst, whois-registrant-email, hostname|port, pattern-in-traffic, link, hex",
        ),
        "Payload installation": _of(
            *(_PAYLOAD, _RULES, _FLAWS, _PROGRAMS, _CERTIFICATE, _TALK), "pattern-in-traffic, pattern-in-memory, hex"
        ),
        "Payload type": _of(_TALK),
        "Persistence mechanism": _of(_REGISTRY, _TALK, "filename, hex"),
        "Person": _of(
            *(_TALK, _KEYS),
            "first-name, middle-name, last-name, full-name, date-of-birth, place-of-birth, gender, nationality",
            "passport-number, passport-country, passport-expiration, identity-card-number, redress-number",
            "visa-number, issue-date-of-the-visa, primary-residence, country-of-residence, phone-number, email",
            "special-service-request, frequent-flyer-number, travel-details, payment-details",
            "place-port-of-original-embarkation, place-port-of-clearance, place-port-of-onward-foreign-destination",
            "passenger-name-record-locator-number",
        ),
        "Social network": _of(
            *(_TALK, _KEYS),
            "github-username, github-repository, github-organisation, jabber-id, twitter-id, eppn",
            "email, email-src, email-dst, whois-registrant-email",
        ),
        "Support Tool": _of(_TALK, "link, attachment, hex"),
        "Targeting data": _of(
            "target-user, target-email, target-machine, target-org, target-location, target-external",
            "comment, anonymised",
        ),
    }
)
