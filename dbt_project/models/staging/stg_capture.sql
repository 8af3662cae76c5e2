select
    capture_id,
    source_id,
    run_id,
    url,
    canonical_url,
    parent_url,
    role,
    link_text,
    fetched_at,
    coalesce(has_returned, false) as has_returned,
    http_status,
    media_type,
    content_sha256,
    content_bytes,
    warc_file,
    warc_offset
from {{ source('staging', 'capture') }}
