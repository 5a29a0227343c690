"""The one task queue of workflows and activities."""

TASK_QUEUE = "qingqian"
