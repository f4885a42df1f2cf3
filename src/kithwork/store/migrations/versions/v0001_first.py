"""The first tables, as they were when the first study was made; never changed afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "circles",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circles")),
        sa.UniqueConstraint("version", "position", name=op.f("uq_circles_version_position")),
    )
    op.create_table(
        "coders",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coders")),
        sa.UniqueConstraint("name", name=op.f("uq_coders_name")),
    )
    op.create_table(
        "codes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=True),
        sa.Column("example", sa.Text(), nullable=True),
        sa.Column("limits", sa.Text(), nullable=True),
        sa.Column("color", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("is_starter", sa.Boolean(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["codes.id"], name=op.f("fk_codes_parent_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codes")),
    )
    op.create_index(op.f("ix_codes_parent_id"), "codes", ["parent_id"], unique=False)
    op.create_table(
        "journal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("participant", sa.Text(), nullable=True),
        sa.Column("map", sa.Text(), nullable=True),
        sa.Column("request", sa.Text(), nullable=True),
        sa.Column("undoes", sa.Text(), nullable=True),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("contents", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("device", "sequence", name=op.f("uq_journal_device_sequence")),
        sa.UniqueConstraint("place", name=op.f("uq_journal_place")),
        sa.UniqueConstraint("request", name=op.f("uq_journal_request")),
    )
    op.create_index(op.f("ix_journal_map"), "journal", ["map"], unique=False)
    op.create_index(op.f("ix_journal_participant"), "journal", ["participant"], unique=False)
    op.create_table(
        "lenses",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("lens", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["lenses.id"], name=op.f("fk_lenses_parent_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lenses")),
        sa.UniqueConstraint("lens", "code", name=op.f("uq_lenses_lens_code")),
    )
    op.create_index(op.f("ix_lenses_parent_id"), "lenses", ["parent_id"], unique=False)
    op.create_table(
        "participants",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("enrolled_on", sa.Text(), nullable=True),
        sa.Column("withdrawn_on", sa.Text(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("gender", sa.Text(), nullable=True),
        sa.Column("age_band", sa.Text(), nullable=True),
        sa.Column("lives_alone", sa.Boolean(), nullable=True),
        sa.Column("housing", sa.Text(), nullable=True),
        sa.Column("education", sa.Text(), nullable=True),
        sa.Column("employment", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_participants_pseudonym")),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=True),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("answer_kind", sa.Text(), nullable=True),
        sa.Column("options", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("kinds", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_questions_code_version")),
    )
    op.create_table(
        "resources",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("access", sa.Text(), nullable=True),
        sa.Column("checked_on", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("role_group", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("is_retired", sa.Boolean(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("code", name=op.f("uq_roles_code")),
    )
    op.create_table(
        "studies",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("aims", sa.Text(), nullable=True),
        sa.Column("analytic_family", sa.Text(), nullable=True),
        sa.Column("circle_meaning", sa.Text(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=True),
        sa.Column("template_name", sa.Text(), nullable=True),
        sa.Column("template_version", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studies")),
    )
    op.create_table(
        "support_types",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("is_retired", sa.Boolean(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_types")),
        sa.UniqueConstraint("code", name=op.f("uq_support_types_code")),
    )
    op.create_table(
        "themes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("central_idea", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
    )
    op.create_table(
        "views",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("view_kind", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_views")),
        sa.UniqueConstraint("name", name=op.f("uq_views_name")),
    )
    op.create_table(
        "waves",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("months", sa.Double(), nullable=True),
        sa.Column("circle_version", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waves")),
        sa.UniqueConstraint("position", name=op.f("uq_waves_position")),
    )
    op.create_table(
        "alters",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("participant_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("known_since", sa.Text(), nullable=True),
        sa.Column("met_where", sa.Text(), nullable=True),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_alters_participant_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alters")),
    )
    op.create_index(op.f("ix_alters_participant_id"), "alters", ["participant_id"], unique=False)
    op.create_table(
        "asked",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("question_id", sa.String(length=36), nullable=False),
        sa.Column("wave_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_asked_question_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_asked_wave_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked")),
        sa.UniqueConstraint("question_id", "wave_id", name=op.f("uq_asked_question_id_wave_id")),
    )
    op.create_index(op.f("ix_asked_question_id"), "asked", ["question_id"], unique=False)
    op.create_index(op.f("ix_asked_wave_id"), "asked", ["wave_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("participant_id", sa.String(length=36), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("is_given", sa.Boolean(), nullable=True),
        sa.Column("given_on", sa.Text(), nullable=True),
        sa.Column("withdrawn_on", sa.Text(), nullable=True),
        sa.Column("coder_id", sa.String(length=36), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["coder_id"], ["coders.id"], name=op.f("fk_consents_coder_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_consents_participant_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_coder_id"), "consents", ["coder_id"], unique=False)
    op.create_index(op.f("ix_consents_participant_id"), "consents", ["participant_id"], unique=False)
    op.create_table(
        "interviews",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("participant_id", sa.String(length=36), nullable=False),
        sa.Column("wave_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("missed_reason", sa.Text(), nullable=True),
        sa.Column("held_on", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("coder_id", sa.String(length=36), nullable=True),
        sa.Column("others_present", sa.Text(), nullable=True),
        sa.Column("started_at", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Double(), nullable=True),
        sa.Column("is_recorded", sa.Boolean(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["coder_id"], ["coders.id"], name=op.f("fk_interviews_coder_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_interviews_participant_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_interviews_wave_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interviews")),
        sa.UniqueConstraint("participant_id", "wave_id", name=op.f("uq_interviews_participant_id_wave_id")),
    )
    op.create_index(op.f("ix_interviews_coder_id"), "interviews", ["coder_id"], unique=False)
    op.create_index(op.f("ix_interviews_participant_id"), "interviews", ["participant_id"], unique=False)
    op.create_index(op.f("ix_interviews_wave_id"), "interviews", ["wave_id"], unique=False)
    op.create_table(
        "lens_links",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("lens_id", sa.String(length=36), nullable=False),
        sa.Column("code_id", sa.String(length=36), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["code_id"], ["codes.id"], name=op.f("fk_lens_links_code_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["lens_id"], ["lenses.id"], name=op.f("fk_lens_links_lens_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lens_links")),
        sa.UniqueConstraint("lens_id", "code_id", name=op.f("uq_lens_links_lens_id_code_id")),
    )
    op.create_index(op.f("ix_lens_links_code_id"), "lens_links", ["code_id"], unique=False)
    op.create_index(op.f("ix_lens_links_lens_id"), "lens_links", ["lens_id"], unique=False)
    op.create_table(
        "summaries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("participant_id", sa.String(length=36), nullable=False),
        sa.Column("theme_id", sa.String(length=36), nullable=True),
        sa.Column("code_id", sa.String(length=36), nullable=True),
        sa.Column("wave_id", sa.String(length=36), nullable=True),
        sa.Column("coder_id", sa.String(length=36), nullable=True),
        sa.Column("prompt", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["codes.id"], name=op.f("fk_summaries_code_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["coder_id"], ["coders.id"], name=op.f("fk_summaries_coder_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_summaries_participant_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_summaries_theme_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_summaries_wave_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summaries")),
    )
    op.create_index(op.f("ix_summaries_code_id"), "summaries", ["code_id"], unique=False)
    op.create_index(op.f("ix_summaries_coder_id"), "summaries", ["coder_id"], unique=False)
    op.create_index(op.f("ix_summaries_participant_id"), "summaries", ["participant_id"], unique=False)
    op.create_index(op.f("ix_summaries_theme_id"), "summaries", ["theme_id"], unique=False)
    op.create_index(op.f("ix_summaries_wave_id"), "summaries", ["wave_id"], unique=False)
    op.create_table(
        "theme_codes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("theme_id", sa.String(length=36), nullable=False),
        sa.Column("code_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["codes.id"], name=op.f("fk_theme_codes_code_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_theme_codes_theme_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_codes")),
        sa.UniqueConstraint("theme_id", "code_id", name=op.f("uq_theme_codes_theme_id_code_id")),
    )
    op.create_index(op.f("ix_theme_codes_code_id"), "theme_codes", ["code_id"], unique=False)
    op.create_index(op.f("ix_theme_codes_theme_id"), "theme_codes", ["theme_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("interview_id", sa.String(length=36), nullable=True),
        sa.Column("participant_id", sa.String(length=36), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document_kind", sa.Text(), nullable=True),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_documents_interview_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_documents_participant_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_interview_id"), "documents", ["interview_id"], unique=False)
    op.create_index(op.f("ix_documents_participant_id"), "documents", ["participant_id"], unique=False)
    op.create_table(
        "identities",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("participant_id", sa.String(length=36), nullable=True),
        sa.Column("alter_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["alter_id"], ["alters.id"], name=op.f("fk_identities_alter_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_identities_participant_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("alter_id", name=op.f("uq_identities_alter_id")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_identities_participant_id")),
    )
    op.create_index(op.f("ix_identities_alter_id"), "identities", ["alter_id"], unique=False)
    op.create_index(op.f("ix_identities_participant_id"), "identities", ["participant_id"], unique=False)
    op.create_table(
        "maps",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("interview_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("recall_finished_at", sa.Text(), nullable=True),
        sa.Column("alter_ties_asked", sa.Text(), nullable=False),
        sa.Column("boundary_rule", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_maps_interview_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maps")),
        sa.UniqueConstraint("interview_id", "state", name=op.f("uq_maps_interview_id_state")),
    )
    op.create_index(op.f("ix_maps_interview_id"), "maps", ["interview_id"], unique=False)
    op.create_table(
        "wishes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("participant_id", sa.String(length=36), nullable=False),
        sa.Column("interview_id", sa.String(length=36), nullable=True),
        sa.Column("resource_id", sa.String(length=36), nullable=True),
        sa.Column("alter_id", sa.String(length=36), nullable=True),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("barrier", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("review_on", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["alter_id"], ["alters.id"], name=op.f("fk_wishes_alter_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_wishes_interview_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_wishes_participant_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_wishes_resource_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
    )
    op.create_index(op.f("ix_wishes_alter_id"), "wishes", ["alter_id"], unique=False)
    op.create_index(op.f("ix_wishes_interview_id"), "wishes", ["interview_id"], unique=False)
    op.create_index(op.f("ix_wishes_participant_id"), "wishes", ["participant_id"], unique=False)
    op.create_index(op.f("ix_wishes_resource_id"), "wishes", ["resource_id"], unique=False)
    op.create_table(
        "fates",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("map_id", sa.String(length=36), nullable=False),
        sa.Column("alter_id", sa.String(length=36), nullable=False),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("replaced_by_id", sa.String(length=36), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["alter_id"], ["alters.id"], name=op.f("fk_fates_alter_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["map_id"], ["maps.id"], name=op.f("fk_fates_map_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["alters.id"], name=op.f("fk_fates_replaced_by_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fates")),
        sa.UniqueConstraint("map_id", "alter_id", name=op.f("uq_fates_map_id_alter_id")),
    )
    op.create_index(op.f("ix_fates_alter_id"), "fates", ["alter_id"], unique=False)
    op.create_index(op.f("ix_fates_map_id"), "fates", ["map_id"], unique=False)
    op.create_index(op.f("ix_fates_replaced_by_id"), "fates", ["replaced_by_id"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("made_at", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("is_pseudonymised", sa.Boolean(), nullable=True),
        sa.Column("signed_off_at", sa.Text(), nullable=True),
        sa.Column("coder_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["coder_id"], ["coders.id"], name=op.f("fk_revisions_coder_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_revisions_document_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_revisions_document_id_number")),
    )
    op.create_index(op.f("ix_revisions_coder_id"), "revisions", ["coder_id"], unique=False)
    op.create_index(op.f("ix_revisions_document_id"), "revisions", ["document_id"], unique=False)
    op.create_table(
        "ties",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("map_id", sa.String(length=36), nullable=False),
        sa.Column("alter_id", sa.String(length=36), nullable=False),
        sa.Column("circle", sa.BigInteger(), nullable=True),
        sa.Column("angle", sa.Double(), nullable=True),
        sa.Column("distance", sa.Double(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("contact_mode", sa.Text(), nullable=True),
        sa.Column("is_local", sa.Boolean(), nullable=True),
        sa.Column("trust", sa.Text(), nullable=True),
        sa.Column("trust_basis", sa.Text(), nullable=True),
        sa.Column("reliability", sa.BigInteger(), nullable=True),
        sa.Column("security", sa.BigInteger(), nullable=True),
        sa.Column("valence", sa.Text(), nullable=True),
        sa.Column("effort", sa.BigInteger(), nullable=True),
        sa.Column("reciprocity", sa.Text(), nullable=True),
        sa.Column("conditional_on", sa.Text(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("via_tie_id", sa.String(length=36), nullable=True),
        sa.Column("meaning", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["alter_id"], ["alters.id"], name=op.f("fk_ties_alter_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["map_id"], ["maps.id"], name=op.f("fk_ties_map_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["via_tie_id"], ["ties.id"], name=op.f("fk_ties_via_tie_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ties")),
        sa.UniqueConstraint("map_id", "alter_id", name=op.f("uq_ties_map_id_alter_id")),
    )
    op.create_index(op.f("ix_ties_alter_id"), "ties", ["alter_id"], unique=False)
    op.create_index(op.f("ix_ties_map_id"), "ties", ["map_id"], unique=False)
    op.create_index(op.f("ix_ties_via_tie_id"), "ties", ["via_tie_id"], unique=False)
    op.create_table(
        "alter_ties",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("map_id", sa.String(length=36), nullable=False),
        sa.Column("from_tie_id", sa.String(length=36), nullable=False),
        sa.Column("to_tie_id", sa.String(length=36), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("relation_label", sa.Text(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=True),
        sa.Column("is_directed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["from_tie_id"], ["ties.id"], name=op.f("fk_alter_ties_from_tie_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["map_id"], ["maps.id"], name=op.f("fk_alter_ties_map_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["to_tie_id"], ["ties.id"], name=op.f("fk_alter_ties_to_tie_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alter_ties")),
    )
    op.create_index(op.f("ix_alter_ties_from_tie_id"), "alter_ties", ["from_tie_id"], unique=False)
    op.create_index(op.f("ix_alter_ties_map_id"), "alter_ties", ["map_id"], unique=False)
    op.create_index(op.f("ix_alter_ties_to_tie_id"), "alter_ties", ["to_tie_id"], unique=False)
    op.create_table(
        "nominations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tie_id", sa.String(length=36), nullable=False),
        sa.Column("question_id", sa.String(length=36), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_nominations_question_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["tie_id"], ["ties.id"], name=op.f("fk_nominations_tie_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominations")),
        sa.UniqueConstraint("tie_id", name=op.f("uq_nominations_tie_id")),
    )
    op.create_index(op.f("ix_nominations_question_id"), "nominations", ["question_id"], unique=False)
    op.create_index(op.f("ix_nominations_tie_id"), "nominations", ["tie_id"], unique=False)
    op.create_table(
        "replacements",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision_id", sa.String(length=36), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("stop", sa.BigInteger(), nullable=False),
        sa.Column("original", sa.Text(), nullable=True),
        sa.Column("replacement", sa.Text(), nullable=True),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("participant_id", sa.String(length=36), nullable=True),
        sa.Column("alter_id", sa.String(length=36), nullable=True),
        sa.Column("coder_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["alter_id"], ["alters.id"], name=op.f("fk_replacements_alter_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["coder_id"], ["coders.id"], name=op.f("fk_replacements_coder_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_replacements_participant_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_replacements_revision_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replacements")),
    )
    op.create_index(op.f("ix_replacements_alter_id"), "replacements", ["alter_id"], unique=False)
    op.create_index(op.f("ix_replacements_coder_id"), "replacements", ["coder_id"], unique=False)
    op.create_index(op.f("ix_replacements_participant_id"), "replacements", ["participant_id"], unique=False)
    op.create_index(op.f("ix_replacements_revision_id"), "replacements", ["revision_id"], unique=False)
    op.create_table(
        "segments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision_id", sa.String(length=36), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("stop", sa.BigInteger(), nullable=False),
        sa.Column("quotation", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("is_lost", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_segments_revision_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segments")),
    )
    op.create_index(op.f("ix_segments_revision_id"), "segments", ["revision_id"], unique=False)
    op.create_table(
        "supports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tie_id", sa.String(length=36), nullable=False),
        sa.Column("support_type", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("sufficiency", sa.Text(), nullable=True),
        sa.Column("conditional_on", sa.Text(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("via_tie_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["tie_id"], ["ties.id"], name=op.f("fk_supports_tie_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["via_tie_id"], ["ties.id"], name=op.f("fk_supports_via_tie_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supports")),
        sa.UniqueConstraint("tie_id", "support_type", name=op.f("uq_supports_tie_id_support_type")),
    )
    op.create_index(op.f("ix_supports_tie_id"), "supports", ["tie_id"], unique=False)
    op.create_index(op.f("ix_supports_via_tie_id"), "supports", ["via_tie_id"], unique=False)
    op.create_table(
        "turns",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("stop", sa.BigInteger(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("speaker_role", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.Double(), nullable=True),
        sa.Column("stops_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_turns_revision_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
        sa.UniqueConstraint("revision_id", "position", name=op.f("uq_turns_revision_id_position")),
    )
    op.create_index(op.f("ix_turns_revision_id"), "turns", ["revision_id"], unique=False)
    op.create_table(
        "answers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("question_id", sa.String(length=36), nullable=False),
        sa.Column("participant_id", sa.String(length=36), nullable=True),
        sa.Column("interview_id", sa.String(length=36), nullable=True),
        sa.Column("map_id", sa.String(length=36), nullable=True),
        sa.Column("alter_id", sa.String(length=36), nullable=True),
        sa.Column("tie_id", sa.String(length=36), nullable=True),
        sa.Column("alter_tie_id", sa.String(length=36), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("number", sa.Double(), nullable=True),
        sa.Column("codes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["alter_id"], ["alters.id"], name=op.f("fk_answers_alter_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["alter_tie_id"], ["alter_ties.id"], name=op.f("fk_answers_alter_tie_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_answers_interview_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["map_id"], ["maps.id"], name=op.f("fk_answers_map_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_answers_participant_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_answers_question_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["tie_id"], ["ties.id"], name=op.f("fk_answers_tie_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_alter_id"), "answers", ["alter_id"], unique=False)
    op.create_index(op.f("ix_answers_alter_tie_id"), "answers", ["alter_tie_id"], unique=False)
    op.create_index(op.f("ix_answers_interview_id"), "answers", ["interview_id"], unique=False)
    op.create_index(op.f("ix_answers_map_id"), "answers", ["map_id"], unique=False)
    op.create_index(op.f("ix_answers_participant_id"), "answers", ["participant_id"], unique=False)
    op.create_index(op.f("ix_answers_question_id"), "answers", ["question_id"], unique=False)
    op.create_index(op.f("ix_answers_tie_id"), "answers", ["tie_id"], unique=False)
    op.create_table(
        "codings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("segment_id", sa.String(length=36), nullable=False),
        sa.Column("code_id", sa.String(length=36), nullable=False),
        sa.Column("coder_id", sa.String(length=36), nullable=True),
        sa.Column("coded_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["code_id"], ["codes.id"], name=op.f("fk_codings_code_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["coder_id"], ["coders.id"], name=op.f("fk_codings_coder_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["segment_id"], ["segments.id"], name=op.f("fk_codings_segment_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codings")),
        sa.UniqueConstraint("segment_id", "code_id", "coder_id", name=op.f("uq_codings_segment_id_code_id_coder_id")),
    )
    op.create_index(op.f("ix_codings_code_id"), "codings", ["code_id"], unique=False)
    op.create_index(op.f("ix_codings_coder_id"), "codings", ["coder_id"], unique=False)
    op.create_index(op.f("ix_codings_segment_id"), "codings", ["segment_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("segment_id", sa.String(length=36), nullable=False),
        sa.Column("code_id", sa.String(length=36), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=True),
        sa.Column("coder_id", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["code_id"], ["codes.id"], name=op.f("fk_decisions_code_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["coder_id"], ["coders.id"], name=op.f("fk_decisions_coder_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segments.id"], name=op.f("fk_decisions_segment_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("segment_id", "code_id", name=op.f("uq_decisions_segment_id_code_id")),
    )
    op.create_index(op.f("ix_decisions_code_id"), "decisions", ["code_id"], unique=False)
    op.create_index(op.f("ix_decisions_coder_id"), "decisions", ["coder_id"], unique=False)
    op.create_index(op.f("ix_decisions_segment_id"), "decisions", ["segment_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("alter_id", sa.String(length=36), nullable=False),
        sa.Column("interview_id", sa.String(length=36), nullable=True),
        sa.Column("map_id", sa.String(length=36), nullable=True),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Text(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("effect", sa.Text(), nullable=True),
        sa.Column("segment_id", sa.String(length=36), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["alter_id"], ["alters.id"], name=op.f("fk_events_alter_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_events_interview_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["map_id"], ["maps.id"], name=op.f("fk_events_map_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["segment_id"], ["segments.id"], name=op.f("fk_events_segment_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_alter_id"), "events", ["alter_id"], unique=False)
    op.create_index(op.f("ix_events_interview_id"), "events", ["interview_id"], unique=False)
    op.create_index(op.f("ix_events_map_id"), "events", ["map_id"], unique=False)
    op.create_index(op.f("ix_events_segment_id"), "events", ["segment_id"], unique=False)
    op.create_table(
        "memos",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("memo_kind", sa.Text(), nullable=True),
        sa.Column("participant_id", sa.String(length=36), nullable=True),
        sa.Column("map_id", sa.String(length=36), nullable=True),
        sa.Column("alter_id", sa.String(length=36), nullable=True),
        sa.Column("document_id", sa.String(length=36), nullable=True),
        sa.Column("segment_id", sa.String(length=36), nullable=True),
        sa.Column("code_id", sa.String(length=36), nullable=True),
        sa.Column("theme_id", sa.String(length=36), nullable=True),
        sa.Column("coder_id", sa.String(length=36), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["alter_id"], ["alters.id"], name=op.f("fk_memos_alter_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["code_id"], ["codes.id"], name=op.f("fk_memos_code_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["coder_id"], ["coders.id"], name=op.f("fk_memos_coder_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_memos_document_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["map_id"], ["maps.id"], name=op.f("fk_memos_map_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_memos_participant_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["segment_id"], ["segments.id"], name=op.f("fk_memos_segment_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_memos_theme_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memos")),
    )
    op.create_index(op.f("ix_memos_alter_id"), "memos", ["alter_id"], unique=False)
    op.create_index(op.f("ix_memos_code_id"), "memos", ["code_id"], unique=False)
    op.create_index(op.f("ix_memos_coder_id"), "memos", ["coder_id"], unique=False)
    op.create_index(op.f("ix_memos_document_id"), "memos", ["document_id"], unique=False)
    op.create_index(op.f("ix_memos_map_id"), "memos", ["map_id"], unique=False)
    op.create_index(op.f("ix_memos_participant_id"), "memos", ["participant_id"], unique=False)
    op.create_index(op.f("ix_memos_segment_id"), "memos", ["segment_id"], unique=False)
    op.create_index(op.f("ix_memos_theme_id"), "memos", ["theme_id"], unique=False)
    op.create_table(
        "mentions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("segment_id", sa.String(length=36), nullable=False),
        sa.Column("alter_id", sa.String(length=36), nullable=False),
        sa.Column("tie_id", sa.String(length=36), nullable=True),
        sa.Column("event_id", sa.String(length=36), nullable=True),
        sa.Column("coder_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["alter_id"], ["alters.id"], name=op.f("fk_mentions_alter_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["coder_id"], ["coders.id"], name=op.f("fk_mentions_coder_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_mentions_event_id"), initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segments.id"], name=op.f("fk_mentions_segment_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["tie_id"], ["ties.id"], name=op.f("fk_mentions_tie_id"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint("segment_id", "alter_id", name=op.f("uq_mentions_segment_id_alter_id")),
    )
    op.create_index(op.f("ix_mentions_alter_id"), "mentions", ["alter_id"], unique=False)
    op.create_index(op.f("ix_mentions_coder_id"), "mentions", ["coder_id"], unique=False)
    op.create_index(op.f("ix_mentions_event_id"), "mentions", ["event_id"], unique=False)
    op.create_index(op.f("ix_mentions_segment_id"), "mentions", ["segment_id"], unique=False)
    op.create_index(op.f("ix_mentions_tie_id"), "mentions", ["tie_id"], unique=False)
