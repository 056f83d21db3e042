"""The one spelling of an e-mail address under which a person is kept, found and throttled."""

import unicodedata


def canonical(address: str) -> str:
    """Full-width and capital letters are the same address to the person who types them."""
    return unicodedata.normalize("NFKC", address).strip().lower()
