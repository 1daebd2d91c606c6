"""Every table: the pipeline's, the making of films (takes, ledger, events, leases), and the library's."""

from vidpipe_tui.db.models.library import (
    ConfidenceLevel,
    Duplicate,
    File,
    Job,
    JobStatus,
    UserDecision,
    job_files,
)
from vidpipe_tui.db.models.making import (
    ApiCall,
    Change,
    Draft,
    Film,
    Lease,
    PipelineEvent,
    ProjectReference,
    Review,
    TakeRequest,
)
from vidpipe_tui.db.models.pipeline import Keyframe, PipelineRun, Project, Scene, VideoClip

__all__ = [
    "ApiCall",
    "Change",
    "ConfidenceLevel",
    "Draft",
    "Duplicate",
    "File",
    "Film",
    "Job",
    "JobStatus",
    "Keyframe",
    "Lease",
    "PipelineEvent",
    "PipelineRun",
    "Project",
    "ProjectReference",
    "Review",
    "Scene",
    "TakeRequest",
    "UserDecision",
    "VideoClip",
    "job_files",
]
