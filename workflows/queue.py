"""Where workers wait for what there is to do."""

TASK_QUEUE = "qingqian"
