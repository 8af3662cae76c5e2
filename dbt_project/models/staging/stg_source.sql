select
    source_id,
    name,
    nullif(trim(publisher), '') as publisher,
    nullif(trim(region_code), '') as region_code,
    start_urls,
    cms_family,
    expect_min,
    expect_max,
    first_year,
    status,
    status_reason,
    is_sample
from {{ source('staging', 'source') }}
