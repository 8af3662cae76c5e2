select
    run_id || ':' || source_id as harvest_id,
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
from {{ ref('stg_harvest_run') }}
order by run_id, source_id
