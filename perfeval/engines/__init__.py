"""Where scoring runs, when tables are larger than memory: parts of whole projects, one by one."""
