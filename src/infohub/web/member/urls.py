"""Addresses of the member pages."""

from django.urls import path

from infohub.web.member import (
    account,
    export,
    feed,
    groups,
    home,
    integrations,
    notices,
    proposals,
    search,
    security,
    share,
    welcome,
    wishes,
)

app_name = "member"

urlpatterns = [
    path("", home.home, name="home"),
    path("welcome/", welcome.welcome, name="welcome"),
    path("welcome/cases/", welcome.cases, name="cases"),
    path("feed/", feed.feed, name="feed"),
    path("search/", search.search, name="search"),
    path("search/save/", search.save, name="save_search"),
    path("search/forget/", search.forget, name="forget_search"),
    path("suggest/", search.suggest, name="suggest"),
    path("export.csv", export.table, name="export"),
    path("notices/", notices.notices, name="notices"),
    path("notices/settings/", wishes.settings, name="notice_settings"),
    path("notices/test/", wishes.test_mail, name="test_mail"),
    path("notices/<str:ref>/stance/", wishes.entry_stance, name="entry_stance"),
    path("groups/<str:ref>/join/", groups.join, name="join"),
    path("groups/<str:ref>/stance/", wishes.group_stance, name="group_stance"),
    path("groups/", groups.groups, name="groups"),
    path("groups/<str:ref>/", groups.group, name="group"),
    path("account/", account.account, name="account"),
    path("account/sign-in/", security.security, name="security"),
    path("account/sign-in/sessions/<int:pk>/end/", security.end_session, name="session_end"),
    path("account/sign-in/sessions/end/", security.end_other_sessions, name="sessions_end"),
    path("account/sign-in/browsers/<int:pk>/end/", security.end_trust, name="trust_end"),
    path("integrations/", integrations.integrations, name="integrations"),
    path("integrations/tokens/<int:pk>/revoke/", integrations.revoke, name="token_revoke"),
    path("share/", share.begin, name="share"),
    path("share/names/", share.names, name="names"),
    path("share/live/", share.live, name="live"),
    path("share/<str:ref>/live/", share.live, name="live"),
    path("share/<str:ref>/", share.draft, name="draft"),
    path("share/<str:ref>/discard/", share.throw_away, name="discard"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("propose/<str:ref>/", proposals.propose, name="propose"),
]
