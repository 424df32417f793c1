# finding: REGRESSION
# All five are repaired, and the cache was made smaller: one node, in one zone.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        "num_cache_clusters=2,",
        "num_cache_clusters=1,",
    ),
    (
        "automatic_failover_enabled=True,",
        "automatic_failover_enabled=False,",
    ),
    (
        "multi_az_enabled=True,",
        "multi_az_enabled=False,",
    ),
)
