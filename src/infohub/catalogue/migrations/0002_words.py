"""The search index: an FTS5 table on SQLite, a tsvector table on PostgreSQL."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MAKE = {
    "sqlite": [
        """CREATE VIRTUAL TABLE catalogue_words USING fts5(
           tokens, tokenize="unicode61 remove_diacritics 0 tokenchars '-._:/@+#&=?%~'")""",
    ],
    "postgresql": [
        """CREATE TABLE catalogue_words (
           entry_id bigint PRIMARY KEY REFERENCES catalogue_entry (id) ON DELETE CASCADE, tokens tsvector NOT NULL)""",
        "CREATE INDEX catalogue_words_tokens ON catalogue_words USING gin (tokens)",
    ],
}


def make(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in MAKE[editor.connection.vendor]:
        editor.execute(statement)


def unmake(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute("DROP TABLE catalogue_words")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunPython(make, unmake)]
