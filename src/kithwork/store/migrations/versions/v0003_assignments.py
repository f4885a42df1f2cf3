"""Who codes which document, when they finished it, and whether coders see each other's codings before that."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("studies", sa.Column("is_blind", sa.Boolean(), nullable=True))
    op.add_column("documents", sa.Column("is_blind", sa.Boolean(), nullable=True))
    op.create_table(
        "assignments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("coder_id", sa.String(length=36), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_assignments_document_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["coder_id"], ["coders.id"], name=op.f("fk_assignments_coder_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("document_id", "coder_id", name=op.f("uq_assignments_document_id_coder_id")),
    )
    op.create_index(op.f("ix_assignments_coder_id"), "assignments", ["coder_id"], unique=False)
    op.create_index(op.f("ix_assignments_document_id"), "assignments", ["document_id"], unique=False)
