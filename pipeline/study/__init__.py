"""One study on this machine: project, store, executors, planning, running, timing."""
