"""A memo may be on the study as a whole: the researchers' own reflections belong to no one thing in it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("memos") as memos:  # SQLite takes a reference only by making the table anew
        memos.add_column(sa.Column("study_id", sa.String(length=36), nullable=True))
        memos.create_foreign_key("fk_memos_study_id", "studies", ["study_id"], ["id"], deferrable=True, initially="DEFERRED")
        memos.create_index("ix_memos_study_id", ["study_id"], unique=False)
