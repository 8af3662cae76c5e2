select
    indicator_id,
    name_zh,
    name_en,
    theme,
    unit,
    kind,
    definition_zh,
    definition_en,
    parent_id,
    total_id,
    component_group,
    numerator_id,
    denominator_id,
    may_exceed_100,
    since
from {{ ref('stg_indicator') }}
order by indicator_id
