"""What a request may weigh: a body over the limit is refused unread, a file is cut so that its form survives."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def limited(answer: Answer) -> Answer:
    """Refuse a body that is larger than any form of ours before reading it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > settings.REQUEST_BYTES:
            megabytes = settings.REQUEST_BYTES // (1024 * 1024)
            return HttpResponse(f"At most {megabytes} MB at once.\n", status=413, content_type="text/plain")
        return answer(request)

    return middleware


class LimitedUpload(TemporaryFileUploadHandler):
    """Writes at most one byte over the limit to disk: enough for the action to refuse the file by its size."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = settings.UPLOAD_BYTES + 1 - start
        if room > 0:
            super().receive_data_chunk(raw_data[:room], start)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        return super().file_complete(min(file_size, settings.UPLOAD_BYTES + 1))
