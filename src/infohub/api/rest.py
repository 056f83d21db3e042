"""The REST API as one: its operations, what every one of them may answer, and its own description (OpenAPI 3.1)."""

from __future__ import annotations

from typing import cast

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import BaseRenderer

from infohub.api import exchange, exporting, finding, items, members, public, sharing, values
from infohub.api.door import Door, StrictParser, whole_address
from infohub.api.problems import MEDIA_TYPE, Problem, ProblemError, Wrong, problem

ABOUT = """Everything a member's programs read and share, behind the same policy as the pages. Lists have `items` and
`next`, the address of the following page. Errors are problem documents (RFC 9457). What is not yours does not exist."""
RESPONSES = {
    400: "What was sent could not be read.",
    401: "No living token.",
    403: "The token has not the scope for it.",
    404: "Nothing there, or nothing that you may read.",
    413: "Too large.",
    422: "A value or a rule stands against it; `errors` says where.",
    429: "Too many requests in this minute; `Retry-After` says how long to wait.",
}
OWN = {409: "The key named another piece before.", 415: "Not JSON."}
"""What only some operations answer; they say so themselves."""
OPEN = (400, 404, 422)


class Renderer(BaseRenderer):
    """JSON by orjson: times with their zone, UTF-8."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: object, *, response_status: int) -> bytes:  # noqa: ARG002  (ninja's)
        return orjson.dumps(data, default=str)


class Rest(NinjaAPI):
    """The API; its description tells of the errors that the door and the parser answer for every operation."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, object] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for methods in schema["paths"].values():
            for operation in methods.values():
                _tell_errors(operation)
                for parameter in operation.get("parameters", []):
                    _left_out(parameter)
        schema["components"]["schemas"] |= _problem_shapes()
        return schema


def _left_out(parameter: dict[str, dict[str, object]]) -> None:
    """A parameter of an address is left out; it is never null."""
    kinds = cast(list[dict[str, object]], parameter["schema"].pop("anyOf", []))
    for kind in kinds:
        if kind != {"type": "null"}:
            parameter["schema"] |= kind


def _tell_errors(operation: dict[str, dict[object, object]]) -> None:
    """Every operation may answer with these problems, in their own media type."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses = operation["responses"]
    for status, words in RESPONSES.items():
        if status in OPEN or operation.get("security"):
            responses[status] = {"description": words, "content": content}
    for status, words in OWN.items():
        if status in responses:
            responses[status] = {"description": words, "content": content}


def _problem_shapes() -> dict[str, object]:
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    inner = cast(dict[str, object], shape.pop("$defs"))
    return {"Problem": shape, **inner}


def _as_it_is(_request: HttpRequest, refused: ProblemError) -> HttpResponse:
    return refused.answer


def _invalid(_request: HttpRequest, found: ValidationError) -> HttpResponse:
    wrong = [Wrong(where=_where(each["loc"]), what=str(each["msg"])) for each in found.errors]
    return problem(422, "Part of this is not what is needed there.", errors=wrong)


def _where(place: tuple[str | int, ...]) -> str:
    """`audience.people[0]` in a body, `query.limit` in an address."""
    steps = list(place[2:] if place[0] == "body" else place)
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")


def _unread(_request: HttpRequest, found: HttpError) -> HttpResponse:
    cause = found.__cause__
    return cause.answer if isinstance(cause, ProblemError) else problem(found.status_code, str(found))


def _too_large(_request: HttpRequest, _found: RequestDataTooBig) -> HttpResponse:
    megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
    return problem(413, f"A body has at most {megabytes} MB; send it in several.")


def _stranger(_request: HttpRequest, _found: AuthenticationError) -> HttpResponse:
    return problem(401)


api = Rest(
    title="Infohub",
    version="1",
    description=ABOUT,
    docs_url=None,
    auth=Door(),
    parser=StrictParser(),
    renderer=Renderer(),
    urls_namespace="api",
)
api.add_decorator(whole_address)
sharing.open_on(items.router)
for router in (
    items.router,
    exporting.router,
    finding.router,
    exchange.router,
    values.router,
    members.router,
    public.router,
):
    api.add_router("", router)
api.exception_handler(ProblemError)(_as_it_is)
api.exception_handler(ValidationError)(_invalid)
api.exception_handler(HttpError)(_unread)
api.exception_handler(RequestDataTooBig)(_too_large)
api.exception_handler(AuthenticationError)(_stranger)
