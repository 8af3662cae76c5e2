select
    capture_id,
    section_no,
    path,
    level,
    heading,
    char_start,
    char_end,
    part
from {{ source('staging', 'section') }}
