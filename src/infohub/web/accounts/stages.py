"""The second step as a stage of sign-in: everybody's, unless the person trusts this browser."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from infohub.web.accounts.browsers import is_trusted


class SecondStepStage(AuthenticateStage):  # type: ignore[misc]  # allauth carries no types
    """allauth's own trust is a signed cookie, which nobody can list or end; ours is a row."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return bool(super()._should_handle(request)) and not is_trusted(request, self.login.user)
