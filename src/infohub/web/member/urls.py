"""Addresses of the member pages."""

from django.urls import path

from infohub.web.member import account, feed, groups, home, notices, search, share

app_name = "member"

urlpatterns = [
    path("", home.home, name="home"),
    path("feed/", feed.feed, name="feed"),
    path("search/", search.search, name="search"),
    path("notices/", notices.notices, name="notices"),
    path("groups/", groups.groups, name="groups"),
    path("groups/<str:ref>/", groups.group, name="group"),
    path("account/", account.account, name="account"),
    path("share/", share.begin, name="share"),
    path("share/<str:ref>/", share.draft, name="draft"),
    path("share/<str:ref>/discard/", share.throw_away, name="discard"),
]
