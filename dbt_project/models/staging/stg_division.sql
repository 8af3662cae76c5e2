select
    region_code,
    name,
    short_name,
    level,
    nullif(parent_code, '') as parent_code,
    full_name,
    valid_from,
    valid_to,
    false as is_fictional
from {{ ref('divisions') }}
union all
select
    region_code,
    name,
    short_name,
    level,
    nullif(parent_code, '') as parent_code,
    full_name,
    valid_from,
    valid_to,
    true as is_fictional
from {{ ref('sample_divisions') }}
