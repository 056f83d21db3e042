"""Addresses of the programme office."""

from django.urls import path

from infohub.web.office import (
    groups,
    home,
    jobs,
    moderation,
    organisations,
    people,
    records,
    recoveries,
    releases,
    standing,
    tokens,
)

app_name = "office"

urlpatterns = [
    path("", home.home, name="home"),
    path("moderation/", moderation.moderation, name="moderation"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.admit, name="organisation_new"),
    path("organisations/<str:ref>/", organisations.organisation, name="organisation"),
    path("organisations/<str:ref>/suspend/", organisations.suspend, name="organisation_suspend"),
    path("organisations/<str:ref>/restore/", organisations.restore, name="organisation_restore"),
    path("organisations/<str:ref>/steward/", organisations.steward, name="organisation_steward"),
    path("people/", people.people, name="people"),
    path("people/new/", people.enrol, name="person_new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/invite/", people.invite, name="person_invite"),
    path("people/<int:pk>/recovery/", recoveries.allow, name="person_recovery"),
    path("recoveries/", recoveries.recoveries, name="recoveries"),
    path("people/<int:pk>/suspend/", standing.suspend, name="person_suspend"),
    path("people/<int:pk>/restore/", standing.restore, name="person_restore"),
    path("people/<int:pk>/leave/", standing.leave, name="person_leave"),
    path("people/<int:pk>/role/", standing.role, name="person_role"),
    path("people/<int:pk>/administrator/", standing.administrator, name="person_administrator"),
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.open_one, name="group_new"),
    path("groups/<str:ref>/", groups.group, name="group"),
    path("groups/<str:ref>/change/", groups.change, name="group_change"),
    path("groups/<str:ref>/joining/", groups.joining, name="group_joining"),
    path("groups/<str:ref>/unseat/", groups.unseat, name="group_unseat"),
    path("groups/<str:ref>/moderators/", groups.moderators, name="group_moderators"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/new/", tokens.issue_peer, name="token_new"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="token_revoke"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/retry/", jobs.retry, name="jobs_retry"),
    path("records/", records.records, name="records"),
    path("releases/", releases.desk, name="releases"),
    path("releases/<int:pk>/", releases.proposal, name="release"),
    path("releases/public/<str:ref>/", releases.withdraw, name="release_withdraw"),
]
