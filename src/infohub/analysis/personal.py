"""Numbers that belong to a person: telephone numbers, Hong Kong identity cards; places in a comparable text."""

import re
from collections.abc import Iterator

_PHONE = re.compile(
    r"(?<![0-9A-Za-z_.+-])(?:(?:(?:\+|00)[0-9]{1,3}|852)(?:[ -]| - )[0-9]{4} ?[0-9]{4}"
    r"|\+[0-9]{1,3}[ -]?\([0-9]{1,4}\)[ -]?[0-9]{2,5}(?:[ .-][0-9]{2,5}){1,4}"
    r"|\+?(?:\(\+?[0-9]{1,4}\)[ -]?)?[0-9]{1,11}(?:[ .-][0-9]{2,5}){0,4})"
    r"(?![0-9A-Za-z_]|[.-][0-9])"
)
_DATE = re.compile(  # or the years from one to another
    r"(?:(?:19|20)[0-9]{2}([ .-]?)(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])"
    r"|[0-3]?[0-9]([ .-])[0-3]?[0-9]\2(?:19|20)[0-9]{2})(?: [0-9]{1,2})?|(?:(?:19|20)[0-9]{2}[ .-]?){2}"
)
_FEWEST_DIGITS, _MOST_DIGITS = 8, 15
_WRITTEN_LIKE_ONE = re.compile(
    r"\+[0-9 ().-]{8,}|\(\+[0-9]{1,4}\)[0-9 -]{8,}"
    r"|(?:\(?(?:00)?852\)?[ -]?)?[2-9][0-9]{3}[ -][0-9]{4}|\(?(?:00)?852\)?[ -]?[2-9][0-9]{7}"
)
_LOCAL = re.compile(r"[2-9][0-9]{3}\.?[0-9]{4}")
_RING = (
    r"(?:\b(?:tel|telephone|phone|mobile|call|ring|dial|reach|contact|whatsapp|fax|hotline|help ?desk)\b"
    r"|電話|电话|致電|致电|手機|手机|聯絡|联络|聯繫|联系|查詢|查询|☎)"
)
_RINGS = re.compile(rf"{_RING}[^\n]{{0,40}}\Z", re.IGNORECASE)
_RINGS_RIGHT_HERE = re.compile(rf"{_RING}(?: (?:at|on|us|no|number|is)\b){{0,2}}[ .:]{{0,3}}\Z", re.IGNORECASE)
_SEEN_BEFORE = 60
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])(?:([A-Z]{1,2})([0-9]{6}) ?[-(\[]? ?([0-9A])[)\]]?"
    r"|([A-Za-z]{1,2})[ -]?([0-9]{3} ?[0-9]{3}) ?[(\[] ?([0-9Aa]) ?[)\]])(?![0-9A-Za-z])"
)


def phones_in(text: str) -> Iterator[tuple[int, int]]:
    """Whatever has as many digits as a telephone number, and is no date."""
    for found in _PHONE.finditer(text):
        digits = sum(sign.isdigit() for sign in found.group())
        if _FEWEST_DIGITS <= digits <= _MOST_DIGITS and not _DATE.fullmatch(found.group()):
            yield found.span()


def is_likely_phone(text: str, start: int, end: int) -> bool:
    """Whether one of them is written like one, or something before it says that one can ring there."""
    written, before = text[start:end], text[max(0, start - _SEEN_BEFORE) : start]
    if _WRITTEN_LIKE_ONE.fullmatch(written) or _RINGS_RIGHT_HERE.search(before):
        return True
    return bool(_LOCAL.fullmatch(written) and _RINGS.search(before))


def identities_in(text: str) -> Iterator[tuple[int, int]]:
    """Hong Kong identity card numbers whose check digit is right."""
    for found in _IDENTITY.finditer(text):
        letters, digits, check = found.groups()[:3] if found[1] else found.groups()[3:]
        if _check_digit(letters.upper(), digits.replace(" ", "")) == check.upper():
            yield found.span()


def _check_digit(letters: str, digits: str) -> str:
    """Letters count from A = 10, a missing first one as 36; weights 9 to 2; the sum with the digit is 0 modulo 11."""
    values = [36, *(ord(letter) - 55 for letter in letters)][-2:] + [int(digit) for digit in digits]
    rest = -sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    return "A" if rest == 10 else str(rest)
