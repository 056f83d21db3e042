"""The shapes of STIX cyber-observable objects (section 6)."""

from collections.abc import Mapping

from infohub.standards.jsontext import Json

from . import sentences
from .extensions import account_extensions, file_extensions, process_extensions, traffic_extensions
from .shape import Shape, any_part, needs, not_before, one, part, shape, some, texts
from .spellings import character_set, cpe, domain, email, ipv4, ipv6, language, mac, registry_key, uri
from .values import (
    FINE,
    Check,
    Problems,
    dictionary,
    hashes,
    listed,
    one_of,
    ref,
    ref_but,
    refused,
    text,
    text_or_whole,
    under,
    whole_within,
)
from .vocabulary import BUNDLE, DOMAIN, ENCRYPTIONS, META, REGISTRY_DATA, RELATION

_address = ref("email-addr")
_addresses = listed(_address)
_artifact = ref("artifact")
_traffic_end = ref("ipv4-addr", "ipv6-addr", "mac-addr", "domain-name")
_traffic = ref("network-traffic")
_account = ref("user-account")
_process = ref("process")
_port = whole_within(0, 65535, sentences.PORT)


def _body(given: Mapping[str, Json]) -> Problems:
    wrong = "body" if given["is_multipart"] is True else "body_multipart"
    return under(wrong, refused(sentences.BODY, given[wrong])) if wrong in given else FINE


def _header(value: Json) -> Problems:
    """Section 6.6.1 wants lists; the examples of the standard's own committee hold plain texts too."""
    return text(value) and texts(value)


def _active(given: Mapping[str, Json]) -> Problems:
    running = given.get("is_active") is True and "end" in given
    return under("end", refused(sentences.ACTIVE, given["end"])) if running else FINE


def _any(**properties: str | Check) -> Shape:
    """Everything is optional, but something is there."""
    return shape("", some(" ".join(shape("", **properties).properties)), **properties)


SHAPES: Mapping[str, Shape] = {
    "artifact": shape(
        "",
        one("payload_bin url"),
        needs("url", "hashes"),
        needs("decryption_key", "encryption_algorithm"),
        text="mime_type decryption_key",
        payload_bin=text,
        url=uri,
        hashes=hashes,
        encryption_algorithm=one_of(ENCRYPTIONS),
    ),
    "autonomous-system": shape("number", wholes="number", text="name rir"),
    "directory": shape(
        "path",
        text="path",
        times="ctime mtime atime",
        path_enc=character_set,
        contains_refs=listed(ref("file", "directory")),
    ),
    "domain-name": shape("value", value=domain, resolves_to_refs=listed(ref("ipv4-addr", "ipv6-addr", "domain-name"))),
    "email-addr": shape("value", text="display_name", value=email, belongs_to_ref=_account),
    "email-message": shape(
        "is_multipart",
        _body,
        flags="is_multipart",
        text="content_type message_id subject body",
        texts="received_lines",
        times="date",
        from_ref=_address,
        sender_ref=_address,
        to_refs=_addresses,
        cc_refs=_addresses,
        bcc_refs=_addresses,
        additional_header_fields=dictionary(_header),
        body_multipart=listed(
            part(
                "",
                one("body body_raw_ref"),
                text="body content_type content_disposition",
                body_raw_ref=ref("artifact", "file"),
            )
        ),
        raw_email_ref=_artifact,
    ),
    "file": shape(
        "",
        some("hashes name"),
        needs("name_enc", "name"),
        text="name mime_type",
        times="ctime mtime atime",
        counts="size",
        hexes="magic_number_hex",
        hashes=hashes,
        name_enc=character_set,
        parent_directory_ref=ref("directory"),
        contains_refs=listed(ref_but(*DOMAIN, *RELATION, *META, BUNDLE)),
        content_ref=_artifact,
        extensions=file_extensions,
    ),
    "ipv4-addr": shape(
        "value",
        value=ipv4,
        resolves_to_refs=listed(ref("mac-addr")),
        belongs_to_refs=listed(ref("autonomous-system")),
    ),
    "ipv6-addr": shape(
        "value",
        value=ipv6,
        resolves_to_refs=listed(ref("mac-addr")),
        belongs_to_refs=listed(ref("autonomous-system")),
    ),
    "mac-addr": shape("value", value=mac),
    "mutex": shape("name", text="name"),
    "network-traffic": shape(
        "protocols",
        some("src_ref dst_ref"),
        _active,
        not_before("start", "end"),
        times="start end",
        flags="is_active",
        texts="protocols",
        counts="src_byte_count dst_byte_count src_packets dst_packets",
        src_ref=_traffic_end,
        dst_ref=_traffic_end,
        src_port=_port,
        dst_port=_port,
        ipfix=dictionary(text_or_whole),
        src_payload_ref=_artifact,
        dst_payload_ref=_artifact,
        encapsulates_refs=listed(_traffic),
        encapsulated_by_ref=_traffic,
        extensions=traffic_extensions,
    ),
    "process": _any(
        flags="is_hidden",
        wholes="pid",
        times="created_time",
        text="cwd command_line",
        environment_variables=dictionary(text),
        opened_connection_refs=listed(_traffic),
        creator_user_ref=_account,
        image_ref=ref("file"),
        parent_ref=_process,
        child_refs=listed(_process),
        extensions=process_extensions,
    ),
    "software": shape("name", text="name swid vendor version", cpe=cpe, languages=listed(language)),
    "url": shape("value", value=uri),
    "user-account": _any(
        text="user_id credential account_login account_type display_name",
        flags="is_service_account is_privileged can_escalate_privs is_disabled",
        times="account_created account_expires credential_last_changed account_first_login account_last_login",
        extensions=account_extensions,
    ),
    "windows-registry-key": _any(
        key=registry_key,
        wholes="number_of_subkeys",
        times="modified_time",
        values=listed(any_part(text="name data", data_type=one_of(REGISTRY_DATA))),
        creator_user_ref=_account,
    ),
    "x509-certificate": _any(
        flags="is_self_signed",
        text="version serial_number signature_algorithm issuer subject subject_public_key_algorithm"
        " subject_public_key_modulus",
        times="validity_not_before validity_not_after",
        wholes="subject_public_key_exponent",
        hashes=hashes,
        x509_v3_extensions=any_part(
            text="basic_constraints name_constraints policy_constraints key_usage extended_key_usage"
            " subject_key_identifier authority_key_identifier subject_alternative_name issuer_alternative_name"
            " subject_directory_attributes crl_distribution_points inhibit_any_policy certificate_policies"
            " policy_mappings",
            times="private_key_usage_period_not_before private_key_usage_period_not_after",
        ),
    ),
}
