"""A release on paper, made once for everybody and kept for an hour; what cannot be made is not tried again at once."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import gettext

from infohub.analysis.findings import Kind
from infohub.members.programme import clock
from infohub.releases.export import address_of
from infohub.releases.models import Release
from infohub.standards.refang import defang
from infohub.standards.tlp import Tlp
from infohub.support.pdf import BusyError, NotPrintedError, Sheet, printed
from infohub.web.findings import KINDS
from infohub.web.handling import may_pass_on
from infohub.web.moments import day_in_words, in_words
from infohub.web.public.rows import Telling, telling_of

KEPT_SECONDS, FAILED_SECONDS = 3600, 60


def paper_of(release: Release) -> bytes:
    """The release as PDF in the language of the page. Raises NotPrintedError."""
    told = telling_of(release)
    words = f"{told.text.language}-{gettext('Indicators')}-{clock()}"
    key = f"advisory.pdf-{release.ref}-{words}-{release.updated_at.timestamp()}"
    kept = cache.get(key)
    if isinstance(kept, bytes):
        return kept
    if isinstance(kept, str):
        raise NotPrintedError(kept)
    try:
        made = printed(_sheet(release, told))
    except BusyError:
        raise
    except NotPrintedError as problem:
        cache.set(key, str(problem), FAILED_SECONDS)
        raise
    cache.set(key, made, KEPT_SECONDS)
    return made


def _sheet(release: Release, told: Telling) -> Sheet:
    summary = [told.text.summary] if told.has_own_summary else []
    sectors = [(gettext("Sectors"), ", ".join(told.sectors))] if told.sectors else []
    return Sheet(
        language=told.language.html,
        marking=Tlp.CLEAR,
        title=told.text.title,
        above=(f"{told.kind} / {release.ref}",),
        below=(in_words(release.published_at), *_origin(told), *summary),
        stamp=address_of(release),
        audience=f"{gettext('Everyone can see this.')} {may_pass_on(Tlp.CLEAR, '')}",
        facts=(
            *told.blocks,
            *sectors,
            (gettext("Released"), day_in_words(release.published_at)),
            (gettext("Reference"), release.ref),
        ),
        body=told.text.body,
        indicators_title=gettext("Indicators"),
        indicators_head=(gettext("Type"), gettext("Value")),
        indicators=tuple((str(KINDS[Kind(kind)]), defang(value)) for kind, value in release.indicators),
    )


def _origin(told: Telling) -> list[str]:
    if told.is_converted:
        return [gettext("Converted from Traditional Chinese by a program.")]
    return [gettext("Translated by a machine.")] if told.is_machine else []
