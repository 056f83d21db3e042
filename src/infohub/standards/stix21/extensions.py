"""The extensions of observables that STIX itself defines (sections 6.7, 6.12, 6.13 and 6.16)."""

from .properties import extensions
from .shape import any_part, part, texts
from .values import (
    dictionary,
    entry,
    hashes,
    listed,
    listed_hashes,
    number,
    one_of,
    ref,
    second,
    text,
    text_or_whole,
    whole,
)
from .vocabulary import (
    ADDRESS_FAMILIES,
    INTEGRITY_LEVELS,
    SERVICE_STARTS,
    SERVICE_STATES,
    SERVICE_TYPES,
    SOCKET_TYPES,
)

_optional_header = any_part(
    wholes="major_linker_version minor_linker_version address_of_entry_point base_of_code base_of_data image_base"
    " section_alignment file_alignment major_os_version minor_os_version major_image_version minor_image_version"
    " major_subsystem_version minor_subsystem_version number_of_rva_and_sizes",
    counts="size_of_code size_of_initialized_data size_of_uninitialized_data size_of_image size_of_headers"
    " size_of_stack_reserve size_of_stack_commit size_of_heap_reserve size_of_heap_commit",
    hexes="magic_hex win32_version_value_hex checksum_hex subsystem_hex dll_characteristics_hex loader_flags_hex",
    hashes=hashes,
)

file_extensions = extensions(
    {
        "archive-ext": part("contains_refs", text="comment", contains_refs=listed(ref("file", "directory"))),
        "ntfs-ext": any_part(
            text="sid",
            alternate_data_streams=listed(part("name", text="name", counts="size", hashes=listed_hashes)),
        ),
        "pdf-ext": any_part(text="version pdfid0 pdfid1", flags="is_optimized", document_info_dict=dictionary(text)),
        "raster-image-ext": any_part(
            wholes="image_height image_width bits_per_pixel", exif_tags=dictionary(text_or_whole)
        ),
        "windows-pebinary-ext": any_part(
            "pe_type",
            text="pe_type imphash",
            hexes="machine_hex pointer_to_symbol_table_hex characteristics_hex",
            counts="number_of_sections number_of_symbols size_of_optional_header",
            time_date_stamp=second,
            file_header_hashes=hashes,
            optional_header=_optional_header,
            sections=listed(part("name", text="name", counts="size", entropy=number, hashes=hashes)),
        ),
    }
)

traffic_extensions = extensions(
    {
        "http-request-ext": part(
            "request_method request_value",
            text="request_method request_value request_version",
            wholes="message_body_length",
            request_header=dictionary(texts),
            message_body_data_ref=ref("artifact"),
        ),
        "icmp-ext": part("icmp_type_hex icmp_code_hex", hexes="icmp_type_hex icmp_code_hex"),
        "socket-ext": part(
            "address_family",
            flags="is_blocking is_listening",
            counts="socket_descriptor",
            wholes="socket_handle",
            address_family=one_of(ADDRESS_FAMILIES),
            socket_type=one_of(SOCKET_TYPES),
            options=dictionary(whole),
        ),
        "tcp-ext": any_part(hexes="src_flags_hex dst_flags_hex"),
    }
)

process_extensions = extensions(
    {
        "windows-process-ext": any_part(
            flags="aslr_enabled dep_enabled",
            text="priority owner_sid window_title",
            startup_info=dictionary(entry),
            integrity_level=one_of(INTEGRITY_LEVELS),
        ),
        "windows-service-ext": any_part(
            text="service_name display_name group_name",
            texts="descriptions",
            start_type=one_of(SERVICE_STARTS),
            service_type=one_of(SERVICE_TYPES),
            service_status=one_of(SERVICE_STATES),
            service_dll_refs=listed(ref("file")),
        ),
    }
)

account_extensions = extensions({"unix-account-ext": any_part(wholes="gid", texts="groups", text="home_dir shell")})
