"""Names met in the talk that are of nobody on a map are remembered, with what is put for them and where it was."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "other_names",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_other_names_participant_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_names")),
    )
    op.create_index(op.f("ix_other_names_participant_id"), "other_names", ["participant_id"], unique=False)
    with op.batch_alter_table("replacements") as replacements:  # SQLite takes a reference only by making the table anew
        replacements.add_column(sa.Column("other_name_id", sa.String(length=36), nullable=True))
        replacements.create_foreign_key(
            "fk_replacements_other_name_id", "other_names", ["other_name_id"], ["id"], deferrable=True, initially="DEFERRED"
        )
        replacements.create_index("ix_replacements_other_name_id", ["other_name_id"], unique=False)
