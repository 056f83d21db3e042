"""What findings are called on pages: their kinds, and why one may not be worth sharing."""

from django.utils.translation import gettext_lazy as _

from infohub.analysis import addresses, hosts, known, references
from infohub.analysis.findings import Kind

KINDS = {
    Kind.IPV4: _("IPv4 address"),
    Kind.IPV6: _("IPv6 address"),
    Kind.DOMAIN: _("Domain name"),
    Kind.URL: _("Web address"),
    Kind.EMAIL: _("E-mail address"),
    Kind.MD5: _("MD5 hash"),
    Kind.SHA1: _("SHA-1 hash"),
    Kind.SHA256: _("SHA-256 hash"),
    Kind.SSDEEP: _("Fuzzy hash (ssdeep)"),
    Kind.CVE: _("Vulnerability (CVE)"),
    Kind.CWE: _("Weakness (CWE)"),
    Kind.ASN: _("Network number (AS)"),
    Kind.BTC: _("Bitcoin address"),
    Kind.ETH: _("Ethereum address"),
    Kind.FILE: _("File name"),
    Kind.PATH: _("File path"),
    Kind.REGISTRY: _("Registry key"),
    Kind.ATTACK: _("ATT&CK id"),
}
NOTES = {
    addresses.DOCUMENTATION: _("documentation range"),
    addresses.PRIVATE: _("private range"),
    addresses.RESERVED: _("reserved range"),
    hosts.DOCUMENTATION_NAME: _("documentation name"),
    hosts.INTERNAL_NAME: _("internal name"),
    hosts.WELL_KNOWN: _("well known"),
    hosts.PUNYCODE: _("punycode"),
    hosts.LOOK_ALIKE: _("look-alike letters"),
    known.WEAK: _("weak on its own"),
    references.REFERENCE: _("only referred to"),
}
