"""Pictures, clips and films as files: probing, checking, joining, small copies, and the processes that do it."""
