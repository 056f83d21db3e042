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


def headers(answer: Answer) -> Answer:
    """Add the fixed headers; whoever is signed in gets pages that no cache may keep."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        for name, content in _ALWAYS.items():
            response.setdefault(name, content)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and not request.path.startswith("/static/"):
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware
