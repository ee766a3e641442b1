"""The register"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def key_text(length: int) -> sa.types.TypeEngine[str]:
    """Text in byte order on both engines."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def moment() -> sa.types.TypeEngine[object]:
    """A moment in UTC; SQLite keeps no zone."""
    return sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("at", moment(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("acting_for", sa.String(length=200), nullable=True),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", key_text(40), nullable=False),
        sa.Column("subject_uid", sa.LargeBinary(length=16), nullable=True),
        sa.Column("subject_label", sa.String(length=300), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column(
            "value_json",
            sa.Text(),
            nullable=True,
            comment="JSON; NULL when there are none or they were erased",
        ),
        sa.Column("values_digest", sa.LargeBinary(length=32), nullable=True, comment="SHA-256 of the JSON"),
        sa.Column("key_id", sa.String(length=20), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_actor", "audit_event", ["actor_id", "seq"], unique=False)
    op.create_index("ix_audit_event_subject", "audit_event", ["subject_uid", "seq"], unique=False)
    op.create_index("ix_audit_event_type", "audit_event", ["type", "seq"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "document",
        sa.Column("sha256", key_text(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("uid", name=op.f("uq_document_uid")),
    )
    op.create_index(op.f("ix_document_sha256"), "document", ["sha256"], unique=False)
    op.create_table(
        "draft",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("place", key_text(200), nullable=False),
        sa.Column("token", key_text(64), nullable=False, comment="submission token of the form typed into"),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("saved_at", moment(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("uid", name=op.f("uq_draft_uid")),
        sa.UniqueConstraint("user_id", "place", name=op.f("uq_draft_user_id_place")),
    )
    op.create_index("ix_draft_token", "draft", ["token"], unique=False)
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", key_text(80), nullable=False),
        sa.Column("address", key_text(64), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index("ix_login_attempt_account", "login_attempt", ["account", "address", "at"], unique=False)
    op.create_index("ix_login_attempt_address", "login_attempt", ["address", "at"], unique=False)
    op.create_table(
        "person",
        sa.Column("id_number", key_text(12), nullable=False, comment="12 digits; never in a URL"),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("other_name", sa.String(length=200), nullable=True),
        sa.Column("name_key", key_text(800), nullable=False, comment="Vietnamese order of full_name"),
        sa.Column("sex", sa.String(length=40), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("birthplace", sa.String(length=300), nullable=True),
        sa.Column("native_place", sa.String(length=300), nullable=True),
        sa.Column("recruited_on", sa.Date(), nullable=True),
        sa.Column("recruited_by", sa.String(length=300), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_since", sa.Date(), nullable=True),
        sa.Column("status_reason", sa.String(length=500), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="last day of service, inclusive"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('left', 'retired', 'dismissed', 'recalled', 'moved_out', 'deceased'))"
            " = (ended_on IS NOT NULL)",
            name=op.f("ck_person_ended_with_status"),
        ),
        sa.CheckConstraint("sex IN ('male', 'female')", name=op.f("ck_person_sex")),
        sa.CheckConstraint(
            "ended_on IS NULL OR born_on < ended_on", name=op.f("ck_person_ended_after_birth")
        ),
        sa.CheckConstraint("length(id_number) = 12", name=op.f("ck_person_id_number")),
        sa.CheckConstraint(
            "recruited_on IS NULL OR born_on < recruited_on", name=op.f("ck_person_recruited_after_birth")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id_number", name=op.f("uq_person_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_person_uid")),
    )
    op.create_index("ix_person_name_key_id", "person", ["name_key", "id"], unique=False)
    op.create_table(
        "register_setting",
        sa.Column("key", key_text(40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_register_setting")),
    )
    op.create_table(
        "rule_in_force",
        sa.Column("code", key_text(80), nullable=False),
        sa.Column("categories", key_text(200), nullable=False, comment="|cadre|civil_servant|, or empty"),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("legal_basis", sa.String(length=400), nullable=False),
        sa.Column("certainty", sa.String(length=2), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint("certainty IN ('V','V2','M','U')", name=op.f("ck_rule_in_force_certainty")),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_rule_in_force_dates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_in_force")),
        sa.UniqueConstraint(
            "code", "categories", "valid_from", name=op.f("uq_rule_in_force_code_categories_valid_from")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_rule_in_force_uid")),
    )
    op.create_index("ix_rule_in_force_code", "rule_in_force", ["code", "valid_from"], unique=False)
    op.create_table(
        "submission",
        sa.Column("token", key_text(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("result_kind", sa.String(length=60), nullable=True),
        sa.Column("result_uid", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_submission")),
    )
    op.create_table(
        "unit",
        sa.Column("code", key_text(20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_fold", key_text(200), nullable=False, comment="folded name, for search and matching"),
        sa.Column("name_key", key_text(600), nullable=False, comment="Vietnamese order of the name"),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("block", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="last day, inclusive; NULL: still there"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name=op.f("ck_unit_dates")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("uid", name=op.f("uq_unit_uid")),
    )
    op.create_index("ix_unit_code_valid_from", "unit", ["code", "valid_from"], unique=False)
    op.create_index("ix_unit_parent_id", "unit", ["parent_id"], unique=False)
    op.create_table(
        "user",
        sa.Column("username", key_text(60), nullable=False, comment="folded: lower case without accents"),
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column("name_key", key_text(600), nullable=False, comment="Vietnamese order of the name"),
        sa.Column("name_fold", sa.String(length=120), nullable=False, comment="folded name, for search"),
        sa.Column("password", sa.String(length=255), nullable=False, comment="argon2id"),
        sa.Column("password_set_at", moment(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column(
            "fs_uniquifier",
            sa.String(length=64),
            nullable=False,
            comment="Flask-Security's session key; new with each password",
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", moment(), nullable=True),
        sa.Column("disabled_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "person_id",
            sa.Integer(),
            nullable=True,
            comment="own personnel file; no foreign key, for the table belongs to a later package",
        ),
        sa.Column(
            "tf_totp_secret", sa.String(length=255), nullable=True, comment="second factor; NULL: none"
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("active = (disabled_at IS NULL)", name=op.f("ck_user_disabled")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_user_created_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["disabled_by_id"], ["user.id"], name=op.f("fk_user_disabled_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_fs_uniquifier")),
        sa.UniqueConstraint("person_id", name=op.f("uq_user_person_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_user_uid")),
        sa.UniqueConstraint("username", name=op.f("uq_user_username")),
    )
    op.create_index("ix_user_name_key", "user", ["name_key", "id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "person_name", sa.String(length=200), nullable=False, comment="full name as of the assignment"
        ),
        sa.Column("name_key", key_text(800), nullable=False, comment="Vietnamese order of person_name"),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=True),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("post_fold", key_text(200), nullable=False, comment="folded post, for search"),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("managing_unit_id", sa.Integer(), nullable=True),
        sa.Column("management_tier", sa.String(length=40), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="last day, inclusive; NULL: open"),
        sa.Column(
            "decision_note", sa.String(length=200), nullable=True, comment="number and symbol as issued"
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("annulled_at", moment(), nullable=True),
        sa.Column("annulled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('main', 'concurrent', 'acting_head', 'in_charge', 'probation', 'seconded')",
            name=op.f("ck_assignment_kind"),
        ),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_assignment_dates")),
        sa.ForeignKeyConstraint(
            ["annulled_by_id"], ["user.id"], name=op.f("fk_assignment_annulled_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["unit.id"], name=op.f("fk_assignment_division_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["managing_unit_id"],
            ["unit.id"],
            name=op.f("fk_assignment_managing_unit_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_assignment_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_assignment_unit_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("uid", name=op.f("uq_assignment_uid")),
    )
    op.create_index(
        "ix_assignment_person_id_starts_on", "assignment", ["person_id", "starts_on"], unique=False
    )
    op.create_index(
        "ix_assignment_scope",
        "assignment",
        ["unit_id", "starts_on", "ends_on", "annulled_at", "person_id"],
        unique=False,
    )
    op.create_index(
        "uq_assignment_open_home",
        "assignment",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("kind IN ('main', 'probation') AND ends_on IS NULL AND annulled_at IS NULL"),
        postgresql_where=sa.text("kind IN ('main', 'probation') AND ends_on IS NULL AND annulled_at IS NULL"),
    )
    op.create_table(
        "grant",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("block", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="last day, inclusive; NULL: open"),
        sa.Column("granted_at", moment(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True, comment="NULL: a command"),
        sa.Column("revoked_at", moment(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "delegated_by_id",
            sa.Integer(),
            nullable=True,
            comment="the giver's own grant, for acting authority",
        ),
        sa.Column(
            "exceptions", sa.Text(), nullable=False, comment="permissions the acting authority leaves out"
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint(
            "delegated_by_id IS NULL OR ends_on IS NOT NULL", name=op.f("ck_grant_authority_ends")
        ),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_grant_dates")),
        sa.CheckConstraint(
            "granted_by_id IS NULL OR granted_by_id <> user_id", name=op.f("ck_grant_not_to_oneself")
        ),
        sa.CheckConstraint("revoked_by_id IS NULL OR revoked_at IS NOT NULL", name=op.f("ck_grant_revoked")),
        sa.ForeignKeyConstraint(
            ["delegated_by_id"], ["grant.id"], name=op.f("fk_grant_delegated_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["user.id"], name=op.f("fk_grant_granted_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["user.id"], name=op.f("fk_grant_revoked_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_grant_unit_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_grant_user_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
        sa.UniqueConstraint("uid", name=op.f("uq_grant_uid")),
    )
    op.create_index("ix_grant_delegated_by_id", "grant", ["delegated_by_id"], unique=False)
    op.create_index("ix_grant_unit_id", "grant", ["unit_id"], unique=False)
    op.create_index("ix_grant_user_id", "grant", ["user_id"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", key_text(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True, comment="for lines that name no unit"),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column(
            "as_of", sa.Date(), nullable=True, comment="day of the figures, from the title of the file"
        ),
        sa.Column("done", sa.Integer(), nullable=False, comment="rows read so far"),
        sa.Column("total", sa.Integer(), nullable=False, comment="rows to read"),
        sa.Column("touched_at", moment(), nullable=False, comment="last sign of the reader"),
        sa.Column("failure", sa.Text(), nullable=True, comment="message and parameters"),
        sa.Column("sheets", sa.Text(), nullable=True, comment="what was recognised, per sheet"),
        sa.Column("notes", sa.Text(), nullable=True, comment="remarks on the whole file"),
        sa.Column("mapping", sa.Text(), nullable=True, comment="columns chosen by shape"),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("conflicting", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", moment(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(status = 'confirmed') = (confirmed_at IS NOT NULL)", name=op.f("ck_import_batch_confirmed")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["user.id"],
            name=op.f("fk_import_batch_confirmed_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_import_batch_created_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_import_batch_unit_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_batch_uid")),
    )
    op.create_index("ix_import_batch_status", "import_batch", ["status", "id"], unique=False)
    op.create_table(
        "import_mapping",
        sa.Column("shape", key_text(80), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False, comment="column letter: field, or null for not read"),
        sa.Column("changed_at", moment(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user.id"], name=op.f("fk_import_mapping_changed_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint("shape", name=op.f("uq_import_mapping_shape")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_mapping_uid")),
    )
    op.create_table(
        "person_background",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ethnicity", key_text(2), nullable=True, comment="code of the 1979 list, 01-54"),
        sa.Column("religion", sa.String(length=100), nullable=True, comment='"Không": none'),
        sa.Column("party_joined_on", sa.Date(), nullable=True),
        sa.Column("party_official_on", sa.Date(), nullable=True),
        sa.Column("party_post", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "party_official_on IS NULL OR party_joined_on IS NULL OR party_joined_on <= party_official_on",
            name=op.f("ck_person_background_party_dates"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_background_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_background")),
    )
    op.create_table(
        "person_token",
        sa.Column("token", key_text(60), nullable=False),
        sa.Column("name_key", key_text(800), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_token_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("token", "name_key", "person_id", name=op.f("pk_person_token")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_token_person_id", "person_token", ["person_id"], unique=False)
    op.create_table(
        "qualification",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("level", key_text(20), nullable=False, comment="code of hr.people.codes.LEVELS"),
        sa.Column("major", sa.String(length=200), nullable=True),
        sa.Column("issuer", sa.String(length=300), nullable=True),
        sa.Column("serial", sa.String(length=60), nullable=True),
        sa.Column("awarded_on", sa.Date(), nullable=True),
        sa.Column("awarded_year", sa.SmallInteger(), nullable=True, comment="when only the year is known"),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("proof_state", sa.String(length=40), nullable=False),
        sa.Column("proof_by_id", sa.Integer(), nullable=True),
        sa.Column("proof_at", moment(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("annulled_at", moment(), nullable=True),
        sa.Column("annulled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "awarded_on IS NULL OR awarded_year IS NULL", name=op.f("ck_qualification_one_award_date")
        ),
        sa.CheckConstraint(
            "awarded_year IS NULL OR awarded_year BETWEEN 1900 AND 2200",
            name=op.f("ck_qualification_awarded_year"),
        ),
        sa.CheckConstraint(
            "expires_on IS NULL OR awarded_on IS NULL OR awarded_on <= expires_on",
            name=op.f("ck_qualification_expires_after_award"),
        ),
        sa.ForeignKeyConstraint(
            ["annulled_by_id"], ["user.id"], name=op.f("fk_qualification_annulled_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_qualification_document_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_qualification_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["proof_by_id"], ["user.id"], name=op.f("fk_qualification_proof_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
        sa.UniqueConstraint("uid", name=op.f("uq_qualification_uid")),
    )
    op.create_index(
        "ix_qualification_kind_level_person_id", "qualification", ["kind", "level", "person_id"], unique=False
    )
    op.create_index("ix_qualification_person_id", "qualification", ["person_id"], unique=False)
    op.create_index(
        "uq_qualification_person_id_kind_serial",
        "qualification",
        ["person_id", "kind", "serial"],
        unique=True,
        sqlite_where=sa.text("serial IS NOT NULL AND annulled_at IS NULL"),
        postgresql_where=sa.text("serial IS NOT NULL AND annulled_at IS NULL"),
    )
    op.create_table(
        "rank_step",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rank_code", key_text(20), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("coefficient", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("decision_note", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("annulled_at", moment(), nullable=True),
        sa.Column("annulled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("coefficient > 0", name=op.f("ck_rank_step_coefficient")),
        sa.CheckConstraint("step > 0", name=op.f("ck_rank_step_step")),
        sa.ForeignKeyConstraint(
            ["annulled_by_id"], ["user.id"], name=op.f("fk_rank_step_annulled_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rank_step_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rank_step")),
        sa.UniqueConstraint("uid", name=op.f("uq_rank_step_uid")),
    )
    op.create_index(
        "uq_rank_step_person_id_starts_on",
        "rank_step",
        ["person_id", "starts_on"],
        unique=True,
        sqlite_where=sa.text("annulled_at IS NULL"),
        postgresql_where=sa.text("annulled_at IS NULL"),
    )
    op.create_table(
        "unit_succession",
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["new_id"], ["unit.id"], name=op.f("fk_unit_succession_new_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["old_id"], ["unit.id"], name=op.f("fk_unit_succession_old_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("old_id", "new_id", name=op.f("pk_unit_succession")),
    )
    op.create_table(
        "unit_tree",
        sa.Column("ancestor_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("block", sa.String(length=40), nullable=False, comment="block of unit_id, for the scope"),
        sa.ForeignKeyConstraint(
            ["ancestor_id"], ["unit.id"], name=op.f("fk_unit_tree_ancestor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_unit_tree_unit_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("ancestor_id", "unit_id", name=op.f("pk_unit_tree")),
    )
    op.create_table(
        "user_session",
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of the token"),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("ended_at", moment(), nullable=True),
        sa.Column("ended_reason", sa.String(length=40), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True, comment="role chosen; NULL: the first held"),
        sa.Column("block", sa.String(length=40), nullable=True),
        sa.Column("acting_for_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_reason IS NULL)", name=op.f("ck_user_session_ended")),
        sa.ForeignKeyConstraint(
            ["acting_for_id"], ["user.id"], name=op.f("fk_user_session_acting_for_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_user_session_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_user_session_token_digest")),
        sa.UniqueConstraint("uid", name=op.f("uq_user_session_uid")),
    )
    op.create_index("ix_user_session_user_id", "user_session", ["user_id", "created_at"], unique=False)
    op.create_table(
        "import_line",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value_json", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("change_json", sa.Text(), nullable=True, comment="field: [old, new]"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_line_batch_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_import_line_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_line")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_line_uid")),
    )
    op.create_index("ix_import_line_batch_id", "import_line", ["batch_id", "outcome", "id"], unique=False)
    op.create_index("ix_import_line_person_id", "import_line", ["person_id"], unique=False)
    op.create_table(
        "import_problem",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("column_letter", sa.String(length=4), nullable=True),
        sa.Column("header", sa.String(length=300), nullable=True),
        sa.Column("raw", sa.String(length=200), nullable=True, comment="the cell as it stood"),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column(
            "severity",
            sa.String(length=10),
            nullable=False,
            comment="error: the row is not taken; note: it is",
        ),
        sa.Column(
            "message", sa.String(length=300), nullable=False, comment="English msgid, translated where shown"
        ),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_problem_batch_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_problem")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_problem_uid")),
    )
    op.create_index(
        "ix_import_problem_batch_id", "import_problem", ["batch_id", "severity", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("import_problem")
    op.drop_table("import_line")
    op.drop_table("user_session")
    op.drop_table("unit_tree")
    op.drop_table("unit_succession")
    op.drop_table("rank_step")
    op.drop_table("qualification")
    op.drop_table("person_token")
    op.drop_table("person_background")
    op.drop_table("import_mapping")
    op.drop_table("import_batch")
    op.drop_table("grant")
    op.drop_table("assignment")
    op.drop_table("user")
    op.drop_table("unit")
    op.drop_table("submission")
    op.drop_table("rule_in_force")
    op.drop_table("register_setting")
    op.drop_table("person")
    op.drop_table("login_attempt")
    op.drop_table("draft")
    op.drop_table("document")
    op.drop_table("audit_head")
    op.drop_table("audit_event")
