"""The database itself refuses to change or delete what the audit holds."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("audit_record", "audit_link")

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
FUNCTION = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'integrity_constraint_violation';
END $$
"""
POSTGRES = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
"""


def install(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Add the triggers; whoever remakes these tables on SQLite must add them again (`infohub verify` says so)."""
    verbs = ["update", "delete"]
    template = SQLITE
    if editor.connection.vendor == "postgresql":
        editor.execute(FUNCTION)
        verbs, template = [*verbs, "truncate"], POSTGRES
    for table in TABLES:
        for verb in verbs:
            editor.execute(template.format(table=table, verb=verb))


def remove(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away again."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION audit_refuse() CASCADE")
        return
    for table in TABLES:
        for verb in ("update", "delete"):
            editor.execute(f"DROP TRIGGER {table}_no_{verb}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
