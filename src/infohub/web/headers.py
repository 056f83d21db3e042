"""Response headers every page carries, beside those of Django and the content security policy."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

_ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_NEVER_KEPT = ("/member/", "/items/", "/office/", "/accounts/")


def headers(answer: Answer) -> Answer:
    """Add the fixed headers; what only signed-in people see, no cache may keep."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        for name, content in _ALWAYS.items():
            response.setdefault(name, content)
        if request.path.startswith(_NEVER_KEPT):
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware
