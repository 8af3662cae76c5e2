select
    run_id,
    source_id,
    started_at,
    finished_at,
    status,
    requests,
    listed,
    new,
    changed,
    unchanged,
    gone,
    failed,
    reasons
from {{ source('staging', 'harvest_run') }}
