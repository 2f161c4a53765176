"""Every page. A project's pages live under its slug; names of rooms and people are spelt by rooms.converters."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from rooms import converters  # noqa: F401  registers <name:...>
from rooms.views import (
    accounts,
    audit,
    audit_accounts,
    audit_csv,
    capabilities,
    deletion,
    first_run,
    history,
    home,
    members,
    people,
    persons,
    projects,
    room_facts,
    rooms,
    tokens,
    verbs,
    webhooks,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    # accounts
    path("login/", accounts.login, name="login"),
    path("logout/", accounts.logout, name="logout"),
    path("account/", accounts.account, name="account"),
    path("accounts/", people.accounts, name="accounts"),
    path("accounts/add/", people.account_add, name="account_add"),
    path("accounts/audit/", audit_accounts.accounts_audit, name="accounts_audit"),
    path("accounts/audit/<int:pk>/", audit_accounts.accounts_audit_entry, name="accounts_audit_entry"),
    path("accounts/<int:user_id>/active/", people.account_active, name="account_active"),
    path("accounts/<int:user_id>/superuser/", people.account_superuser, name="account_superuser"),
    path("accounts/<int:user_id>/link/", people.account_link, name="account_link"),
    path("password/<str:uid>/<str:token>/", accounts.one_time_password, name="one_time_password"),
    path("first-run/", first_run.first_run, name="first_run"),
    # LiveKit itself
    path("hooks/<slug:slug>/", login_not_required(webhooks.webhook), name="webhook"),
    # projects and their members
    path("projects/new/", projects.project_create, name="project_create"),
    path("p/<slug:slug>/settings/", projects.project_settings, name="project_settings"),
    path("p/<slug:slug>/settings/delete/", deletion.project_delete, name="project_delete"),
    path("p/<slug:slug>/settings/connection/", projects.project_connection, name="project_connection"),
    path("p/<slug:slug>/settings/groups/<str:group>/", projects.project_group, name="project_group"),
    path("p/<slug:slug>/settings/unlock/", capabilities.project_unlock, name="project_unlock"),
    path("p/<slug:slug>/settings/lock/", capabilities.project_lock, name="project_lock"),
    path(
        "p/<slug:slug>/settings/abilities/<str:name>/check-again/",
        capabilities.ability_check_again,
        name="ability_check_again",
    ),
    path("p/<slug:slug>/settings/members/", members.member_add, name="member_add"),
    path("p/<slug:slug>/settings/members/<int:user_id>/", members.member_role, name="member_role"),
    path("p/<slug:slug>/settings/members/<int:user_id>/remove/", members.member_remove, name="member_remove"),
    path("p/<slug:slug>/settings/members/<int:user_id>/link/", members.member_link, name="member_link"),
    # rooms; nothing else may stand where a room's name does
    path("p/<slug:slug>/rooms/", rooms.rooms, name="rooms"),
    path("p/<slug:slug>/region/", rooms.rooms_region, name="rooms_region"),
    path("p/<slug:slug>/rooms/<name:room>/", rooms.room, name="room"),
    path("p/<slug:slug>/rooms/<name:room>/region/", rooms.room_region, name="room_region"),
    path("p/<slug:slug>/rooms/<name:room>/facts/", room_facts.room_facts, name="room_facts"),
    path("p/<slug:slug>/rooms/<name:room>/facts/region/", room_facts.room_facts_region, name="room_facts_region"),
    path("p/<slug:slug>/new-room/", verbs.room_create, name="room_create"),
    path("p/<slug:slug>/rooms/<name:room>/do/<str:verb>/", verbs.room_verb, name="room_verb"),
    path("p/<slug:slug>/rooms/<name:room>/people/<name:identity>/", persons.person, name="person"),
    path(
        "p/<slug:slug>/rooms/<name:room>/people/<name:identity>/do/<str:verb>/", verbs.person_verb, name="person_verb"
    ),
    path(
        "p/<slug:slug>/rooms/<name:room>/people/<name:identity>/tracks/<str:sid>/do/<str:verb>/",
        verbs.track_verb,
        name="track_verb",
    ),
    path("p/<slug:slug>/tokens/", tokens.tokens, name="tokens"),
    path("p/<slug:slug>/tokens/inspect/", tokens.token_inspect, name="token_inspect"),
    # what was done, what happened
    path("p/<slug:slug>/audit/", audit.audit, name="audit"),
    path("p/<slug:slug>/audit.csv", audit_csv.audit_csv, name="audit_csv"),
    path("p/<slug:slug>/audit/<int:pk>/", audit.audit_entry, name="audit_entry"),
    path("p/<slug:slug>/history/", history.history, name="history"),
    path("p/<slug:slug>/rooms/<name:room>/history/", history.room_history, name="room_history"),
]
