"""Promises about the audit's rows: one for each action, and the database refuses to change or delete them."""

import pytest
from django.db import IntegrityError, connection, transaction

from infohub.audit.actions import record, seal_records
from infohub.audit.models import Link, Record
from tests.cast import Cast

CHANGES = [
    "UPDATE audit_record SET verb = 'nothing'",
    "DELETE FROM audit_record",
    "UPDATE audit_link SET digest = ''",
    "DELETE FROM audit_link",
]


def refused(statement: str) -> bool:
    """Whether the database refuses the statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_every_change_of_the_audit(cast: Cast, statement: str) -> None:
    record(cast.as_(cast.ann), "publish", "IH-1")
    seal_records()
    assert refused(statement)
    assert (Record.objects.get().verb, Link.objects.count()) == ("publish", 1)


def test_the_database_refuses_to_empty_the_audit(cast: Cast) -> None:
    record(cast.as_(cast.ann), "publish", "IH-1")
    if connection.vendor == "postgresql":
        assert refused("TRUNCATE audit_record CASCADE")
        assert refused("TRUNCATE audit_link")
    assert refused("DELETE FROM audit_record")
    assert Record.objects.count() == 1


def test_an_action_that_fails_leaves_no_record(cast: Cast) -> None:
    @transaction.atomic
    def publish_half() -> None:
        record(cast.as_(cast.ann), "publish", "IH-1")
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        publish_half()
    assert Record.objects.count() == 0


def test_under_a_seal_a_record_names_neither_person_nor_organisation(cast: Cast) -> None:
    record(cast.as_(cast.ann), "publish", "IH-1", seal="a-seal")
    record(cast.as_(cast.ann), "publish", "IH-2")
    sealed, named = Record.objects.order_by("pk")
    assert (sealed.person, sealed.organisation, sealed.seal) == (None, None, "a-seal")
    assert (named.person, named.organisation, named.seal) == (cast.ann.pk, cast.bank.pk, "")


@pytest.mark.django_db(transaction=True)
def test_emptying_the_test_database_leaves_the_refusal_in_force() -> None:
    connection.ops.execute_sql_flush([])
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_link (position, record_id, digest) SELECT 1, 1, '' WHERE 1 = 0")
    assert Record.objects.count() == 0
