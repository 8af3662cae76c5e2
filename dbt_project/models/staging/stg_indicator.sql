select
    indicator_id,
    name_zh,
    name_en,
    theme,
    nullif(unit, '') as unit,
    kind,
    definition_zh,
    definition_en,
    nullif(parent_id, '') as parent_id,
    nullif(total_id, '') as total_id,
    nullif(component_group, '') as component_group,
    nullif(numerator_id, '') as numerator_id,
    nullif(denominator_id, '') as denominator_id,
    coalesce(may_exceed_100, false) as may_exceed_100,
    since
from {{ ref('indicator_catalogue') }}
