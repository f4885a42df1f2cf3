"""Words that look like a name and may stay are remembered, so that nobody is asked about them twice."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "kept_words",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=True),
        sa.Column("coder_id", sa.String(length=36), nullable=True),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_kept_words_document_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["coder_id"], ["coders.id"], name=op.f("fk_kept_words_coder_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_words")),
    )
    op.create_index(op.f("ix_kept_words_coder_id"), "kept_words", ["coder_id"], unique=False)
    op.create_index(op.f("ix_kept_words_document_id"), "kept_words", ["document_id"], unique=False)
