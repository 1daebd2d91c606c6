"""The first schema"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('job_type', sa.String(length=50), nullable=False),
    sa.Column('status', sa.Enum('pending', 'running', 'completed', 'failed', name='jobstatus', native_enum=False, length=20), server_default='pending', nullable=False),
    sa.Column('progress_current', sa.Integer(), server_default='0', nullable=False),
    sa.Column('progress_total', sa.Integer(), server_default='0', nullable=False),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=True),
    sa.Column('completed_at', sa.DateTime(), nullable=True),
    sa.Column('error_message', sa.Text(), nullable=True),
    sa.Column('retry_count', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_jobs_status'), ['status'], unique=False)

    op.create_table('projects',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('prompt', sa.Text(), nullable=False),
    sa.Column('style', sa.String(length=50), nullable=False),
    sa.Column('aspect_ratio', sa.String(length=10), nullable=False),
    sa.Column('target_clip_duration', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=50), nullable=False),
    sa.Column('style_guide', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('storyboard_raw', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('output_path', sa.String(length=255), nullable=True),
    sa.Column('error_message', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('updated_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=True),
    sa.Column('provider', sa.String(length=50), server_default='local', nullable=False),
    sa.Column('scene_count', sa.Integer(), nullable=True),
    sa.Column('seed', sa.BigInteger(), nullable=True),
    sa.Column('review_mode', sa.String(length=20), server_default='none', nullable=False),
    sa.Column('budget', sa.Float(), nullable=True),
    sa.Column('crossfade_seconds', sa.Float(), server_default='0', nullable=False),
    sa.Column('storyboard_model', sa.String(length=100), nullable=True),
    sa.Column('image_model', sa.String(length=100), nullable=True),
    sa.Column('video_model', sa.String(length=100), nullable=True),
    sa.Column('resolution', sa.String(length=20), nullable=True),
    sa.Column('image_size', sa.String(length=20), nullable=True),
    sa.Column('audio', sa.Boolean(), server_default=sa.text('1'), nullable=False),
    sa.Column('auto_soften', sa.Boolean(), server_default=sa.text('0'), nullable=False),
    sa.Column('estimated_cost', sa.Float(), server_default='0', nullable=False),
    sa.Column('error_hint', sa.Text(), nullable=True),
    sa.Column('error_kind', sa.String(length=50), nullable=True),
    sa.Column('deleted_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_projects'))
    )
    with op.batch_alter_table('projects', schema=None) as batch_op:
        batch_op.create_index('ix_projects_created_at', ['created_at'], unique=False)
        batch_op.create_index('ix_projects_deleted_at', ['deleted_at'], unique=False)
        batch_op.create_index('ix_projects_status', ['status'], unique=False)
        batch_op.create_index('ix_projects_updated_at', ['updated_at'], unique=False)

    op.create_table('changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('before', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('after', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('undone_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_changes_project_id_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_changes')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('changes', schema=None) as batch_op:
        batch_op.create_index('ix_changes_project_id_undone_at', ['project_id', 'undone_at'], unique=False)

    op.create_table('files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('original_filename', sa.String(length=255), nullable=False),
    sa.Column('original_path', sa.String(length=500), nullable=False),
    sa.Column('storage_path', sa.String(length=500), nullable=False),
    sa.Column('file_hash_sha256', sa.String(length=64), nullable=True),
    sa.Column('file_hash_perceptual', sa.String(length=64), nullable=True),
    sa.Column('file_size_bytes', sa.Integer(), nullable=True),
    sa.Column('mime_type', sa.String(length=100), nullable=True),
    sa.Column('detected_timestamp', sa.DateTime(timezone=True), nullable=True),
    sa.Column('timestamp_source', sa.String(length=50), nullable=True),
    sa.Column('confidence', sa.Enum('high', 'medium', 'low', 'none', name='confidencelevel', native_enum=False, length=10), server_default='low', nullable=False),
    sa.Column('output_path', sa.String(length=500), nullable=True),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('updated_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=True),
    sa.Column('status', sa.String(length=20), server_default='imported', nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('duration_seconds', sa.Float(), nullable=True),
    sa.Column('project_id', sa.Uuid(), nullable=True),
    sa.Column('discarded', sa.Boolean(), server_default=sa.text('0'), nullable=False),
    sa.Column('purged_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_files_project_id_projects'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_files')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_files_detected_timestamp'), ['detected_timestamp'], unique=False)
        batch_op.create_index(batch_op.f('ix_files_file_hash_sha256'), ['file_hash_sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_files_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_files_status'), ['status'], unique=False)

    op.create_table('pipeline_runs',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('started_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('completed_at', sa.DateTime(), nullable=True),
    sa.Column('total_duration_seconds', sa.Float(), nullable=True),
    sa.Column('total_api_cost_estimate', sa.Float(), nullable=True),
    sa.Column('log', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('outcome', sa.String(length=50), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_pipeline_runs_project_id_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pipeline_runs'))
    )
    with op.batch_alter_table('pipeline_runs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pipeline_runs_project_id'), ['project_id'], unique=False)

    op.create_table('scenes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('scene_index', sa.Integer(), nullable=False),
    sa.Column('scene_description', sa.Text(), nullable=False),
    sa.Column('start_frame_prompt', sa.Text(), nullable=False),
    sa.Column('end_frame_prompt', sa.Text(), nullable=False),
    sa.Column('video_motion_prompt', sa.Text(), nullable=False),
    sa.Column('transition_notes', sa.Text(), nullable=True),
    sa.Column('status', sa.String(length=50), nullable=False),
    sa.Column('opens_with_cut', sa.Boolean(), server_default=sa.text('0'), nullable=False),
    sa.Column('duration_seconds', sa.Float(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('reference_tags', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('error_message', sa.Text(), nullable=True),
    sa.Column('error_hint', sa.Text(), nullable=True),
    sa.Column('error_kind', sa.String(length=50), nullable=True),
    sa.Column('error_slot', sa.String(length=10), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_scenes_project_id_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenes')),
    sa.UniqueConstraint('project_id', 'scene_index', name=op.f('uq_scenes_project_id_scene_index'))
    )
    with op.batch_alter_table('scenes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scenes_project_id'), ['project_id'], unique=False)

    op.create_table('api_calls',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=True),
    sa.Column('project_title', sa.String(length=200), nullable=True),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.Column('scene_id', sa.Uuid(), nullable=True),
    sa.Column('scene_index', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('slot', sa.String(length=10), nullable=True),
    sa.Column('provider', sa.String(length=50), nullable=False),
    sa.Column('model', sa.String(length=100), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False),
    sa.Column('operation_name', sa.String(length=255), nullable=True),
    sa.Column('result', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('used', sa.Boolean(), server_default=sa.text('0'), nullable=False),
    sa.Column('units', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('usage', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('cost_estimate', sa.Float(), server_default='0', nullable=False),
    sa.Column('cost', sa.Float(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('error_kind', sa.String(length=50), nullable=True),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_api_calls_project_id_projects'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['run_id'], ['pipeline_runs.id'], name=op.f('fk_api_calls_run_id_pipeline_runs'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['scene_id'], ['scenes.id'], name=op.f('fk_api_calls_scene_id_scenes'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_calls')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('api_calls', schema=None) as batch_op:
        batch_op.create_index('ix_api_calls_created_at', ['created_at'], unique=False)
        batch_op.create_index('ix_api_calls_project_id_state', ['project_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_api_calls_run_id'), ['run_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_api_calls_scene_id'), ['scene_id'], unique=False)

    op.create_table('drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('scene_id', sa.Uuid(), nullable=True),
    sa.Column('field', sa.String(length=50), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_drafts_project_id_projects'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['scene_id'], ['scenes.id'], name=op.f('fk_drafts_scene_id_scenes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drafts')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_drafts_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_drafts_scene_id'), ['scene_id'], unique=False)

    op.create_table('duplicates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('duplicate_of_id', sa.Integer(), nullable=False),
    sa.Column('match_type', sa.String(length=20), nullable=False),
    sa.Column('similarity_score', sa.Float(), nullable=False),
    sa.Column('detected_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.ForeignKeyConstraint(['duplicate_of_id'], ['files.id'], name=op.f('fk_duplicates_duplicate_of_id_files'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_duplicates_file_id_files'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duplicates')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('duplicates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duplicates_duplicate_of_id'), ['duplicate_of_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_duplicates_file_id'), ['file_id'], unique=False)
        batch_op.create_index('ix_duplicates_file_id_duplicate_of_id', ['file_id', 'duplicate_of_id'], unique=True)

    op.create_table('films',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('take', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('file_path', sa.String(length=255), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('selected', sa.Boolean(), server_default=sa.text('0'), nullable=False),
    sa.Column('input_hash', sa.String(length=64), nullable=False),
    sa.Column('crossfade_seconds', sa.Float(), server_default='0', nullable=False),
    sa.Column('duration_seconds', sa.Float(), nullable=True),
    sa.Column('join_seconds', sa.Float(), nullable=True),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_films_file_id_files')),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_films_project_id_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_films')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('films', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_films_file_id'), ['file_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_films_project_id'), ['project_id'], unique=False)
        batch_op.create_index('uq_films_selected', ['project_id'], unique=True, sqlite_where=sa.text('selected'), postgresql_where=sa.text('selected'))

    op.create_table('job_files',
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_job_files_file_id_files'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_job_files_job_id_jobs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('job_id', 'file_id', name=op.f('pk_job_files'))
    )
    with op.batch_alter_table('job_files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_files_file_id'), ['file_id'], unique=False)

    op.create_table('leases',
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('token', sa.Integer(), server_default='0', nullable=False),
    sa.Column('owner', sa.String(length=100), nullable=True),
    sa.Column('host', sa.String(length=255), nullable=True),
    sa.Column('pid', sa.Integer(), nullable=True),
    sa.Column('process_started', sa.String(length=50), nullable=True),
    sa.Column('beat', sa.Integer(), server_default='0', nullable=False),
    sa.Column('heartbeat_at', sa.DateTime(), nullable=True),
    sa.Column('expires_at', sa.DateTime(), nullable=True),
    sa.Column('stop_requested_at', sa.DateTime(), nullable=True),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_leases_project_id_projects'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['pipeline_runs.id'], name=op.f('fk_leases_run_id_pipeline_runs'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('project_id', name=op.f('pk_leases'))
    )
    with op.batch_alter_table('leases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_leases_owner'), ['owner'], unique=False)
        batch_op.create_index(batch_op.f('ix_leases_run_id'), ['run_id'], unique=False)

    op.create_table('pipeline_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.Column('scene_index', sa.Integer(), nullable=True),
    sa.Column('step', sa.String(length=20), nullable=False),
    sa.Column('level', sa.String(length=10), server_default='info', nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_pipeline_events_project_id_projects'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['pipeline_runs.id'], name=op.f('fk_pipeline_events_run_id_pipeline_runs'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pipeline_events')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('pipeline_events', schema=None) as batch_op:
        batch_op.create_index('ix_pipeline_events_project_id_id', ['project_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pipeline_events_run_id'), ['run_id'], unique=False)

    op.create_table('project_references',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('scene_id', sa.Uuid(), nullable=True),
    sa.Column('tag', sa.String(length=100), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('accepted', sa.Boolean(), server_default=sa.text('0'), nullable=False),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_project_references_file_id_files')),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_project_references_project_id_projects'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['scene_id'], ['scenes.id'], name=op.f('fk_project_references_scene_id_scenes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_references')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('project_references', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_references_file_id'), ['file_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_references_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_references_scene_id'), ['scene_id'], unique=False)

    op.create_table('reviews',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.Column('scene_id', sa.Uuid(), nullable=True),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('decision', sa.String(length=20), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('undone_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_reviews_project_id_projects'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['scene_id'], ['scenes.id'], name=op.f('fk_reviews_scene_id_scenes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviews')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('reviews', schema=None) as batch_op:
        batch_op.create_index('ix_reviews_project_id_stage', ['project_id', 'stage'], unique=False)
        batch_op.create_index(batch_op.f('ix_reviews_scene_id'), ['scene_id'], unique=False)

    op.create_table('take_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scene_id', sa.Uuid(), nullable=False),
    sa.Column('slot', sa.String(length=10), nullable=False),
    sa.Column('overrides', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('requested_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('settled_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['scene_id'], ['scenes.id'], name=op.f('fk_take_requests_scene_id_scenes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_take_requests')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('take_requests', schema=None) as batch_op:
        batch_op.create_index('ix_take_requests_scene_id_settled_at', ['scene_id', 'settled_at'], unique=False)

    op.create_table('user_decisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('decision_type', sa.String(length=50), nullable=False),
    sa.Column('decision_value', sa.Text(), nullable=False),
    sa.Column('decided_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('undone_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_user_decisions_file_id_files'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_decisions')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('user_decisions', schema=None) as batch_op:
        batch_op.create_index('ix_user_decisions_file_id_decision_type', ['file_id', 'decision_type'], unique=False)

    op.create_table('keyframes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('scene_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.String(length=10), nullable=False),
    sa.Column('prompt_used', sa.Text(), nullable=False),
    sa.Column('file_path', sa.String(length=255), nullable=False),
    sa.Column('mime_type', sa.String(length=20), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('take', sa.Integer(), server_default='1', nullable=False),
    sa.Column('selected', sa.Boolean(), server_default=sa.text('0'), nullable=False),
    sa.Column('pinned', sa.Boolean(), server_default=sa.text('0'), nullable=False),
    sa.Column('model', sa.String(length=100), nullable=True),
    sa.Column('seed', sa.BigInteger(), nullable=True),
    sa.Column('input_hash', sa.String(length=64), nullable=True),
    sa.Column('overrides', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('template_version', sa.Integer(), nullable=True),
    sa.Column('references_sent', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('cost', sa.Float(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('api_call_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['api_call_id'], ['api_calls.id'], name=op.f('fk_keyframes_api_call_id_api_calls'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_keyframes_file_id_files')),
    sa.ForeignKeyConstraint(['scene_id'], ['scenes.id'], name=op.f('fk_keyframes_scene_id_scenes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_keyframes'))
    )
    with op.batch_alter_table('keyframes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_keyframes_api_call_id'), ['api_call_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_keyframes_file_id'), ['file_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_keyframes_scene_id'), ['scene_id'], unique=False)
        batch_op.create_index('uq_keyframes_selected', ['scene_id', 'position'], unique=True, sqlite_where=sa.text('selected'), postgresql_where=sa.text('selected'))

    op.create_table('video_clips',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('scene_id', sa.Uuid(), nullable=False),
    sa.Column('operation_name', sa.String(length=255), nullable=True),
    sa.Column('status', sa.String(length=50), nullable=False),
    sa.Column('gcs_uri', sa.String(length=500), nullable=True),
    sa.Column('local_path', sa.String(length=255), nullable=True),
    sa.Column('duration_seconds', sa.Float(), nullable=True),
    sa.Column('poll_count', sa.Integer(), server_default='0', nullable=False),
    sa.Column('error_message', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('completed_at', sa.DateTime(), nullable=True),
    sa.Column('take', sa.Integer(), server_default='1', nullable=False),
    sa.Column('selected', sa.Boolean(), server_default=sa.text('0'), nullable=False),
    sa.Column('pinned', sa.Boolean(), server_default=sa.text('0'), nullable=False),
    sa.Column('prompt_used', sa.Text(), nullable=True),
    sa.Column('error_kind', sa.String(length=50), nullable=True),
    sa.Column('softened', sa.Boolean(), server_default=sa.text('0'), nullable=False),
    sa.Column('model', sa.String(length=100), nullable=True),
    sa.Column('seed', sa.BigInteger(), nullable=True),
    sa.Column('input_hash', sa.String(length=64), nullable=True),
    sa.Column('overrides', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('template_version', sa.Integer(), nullable=True),
    sa.Column('references_sent', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('cost', sa.Float(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('api_call_id', sa.Integer(), nullable=True),
    sa.Column('request_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['api_call_id'], ['api_calls.id'], name=op.f('fk_video_clips_api_call_id_api_calls'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_video_clips_file_id_files')),
    sa.ForeignKeyConstraint(['request_id'], ['take_requests.id'], name=op.f('fk_video_clips_request_id_take_requests'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['scene_id'], ['scenes.id'], name=op.f('fk_video_clips_scene_id_scenes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_video_clips'))
    )
    with op.batch_alter_table('video_clips', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_video_clips_api_call_id'), ['api_call_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_video_clips_file_id'), ['file_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_video_clips_request_id'), ['request_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_video_clips_scene_id'), ['scene_id'], unique=False)
        batch_op.create_index('ix_video_clips_status', ['status'], unique=False)
        batch_op.create_index('uq_video_clips_selected', ['scene_id'], unique=True, sqlite_where=sa.text('selected'), postgresql_where=sa.text('selected'))

