"""Everything that changes the register, as verbs; the files are named after what they change."""

from infohub.register.actions.entry import (
    accept_terms,
    arrive,
    change_password,
    choose_password,
    first_operator,
    give_demonstration_credentials,
    invite,
    renew_codes,
    reseal,
    set_up_second_step,
    store_codes,
)
from infohub.register.actions.groups import appoint, open_group, seat, unseat
from infohub.register.actions.organisations import admit, name_steward, restore_organisation, suspend_organisation
from infohub.register.actions.people import (
    change_details,
    enrol,
    grant_role,
    join,
    leave,
    make_administrator,
    restore_person,
    suspend_person,
    withdraw_role,
)
from infohub.register.actions.tokens import issue_token, revoke_token

__all__ = [
    "accept_terms",
    "admit",
    "appoint",
    "arrive",
    "change_details",
    "change_password",
    "choose_password",
    "enrol",
    "first_operator",
    "give_demonstration_credentials",
    "grant_role",
    "invite",
    "issue_token",
    "join",
    "leave",
    "make_administrator",
    "name_steward",
    "open_group",
    "renew_codes",
    "reseal",
    "restore_organisation",
    "restore_person",
    "revoke_token",
    "seat",
    "set_up_second_step",
    "store_codes",
    "suspend_organisation",
    "suspend_person",
    "unseat",
    "withdraw_role",
]
