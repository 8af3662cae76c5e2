-- depends_on: {{ ref('int_report') }}
-- the extractor's quantities with people's decisions applied; what was printed (raw, sentence) stays as it is
{{ config(materialized='view') }}
with read_there as (
    select * from {{ ref('stg_quantity') }}
    {% if not flags.FULL_REFRESH %}
        -- asked before anything is joined: of nobody else is anything looked at
        where capture_id in (select report.capture_id from {{ ref('int_report') }} as report)
    {% endif %}
),

decided as (
    select
        capture_id,
        char_start,
        char_end,
        bool_or(field = 'decision' and new_value = 'drop') as is_dropped,
        bool_or(field != 'decision' and outcome = 'applied') as is_changed,
        bool_or(field = 'indicator') as has_indicator,
        bool_or(field = 'unit') as has_unit,
        bool_or(field = 'period_year') as has_period_year,
        max(new_value) filter (where field = 'indicator') as indicator_id,
        max(new_value) filter (where field = 'unit') as unit,
        max(new_value) filter (where field = 'kind') as kind,
        max(try_cast(new_value as double)) filter (where field = 'value') as value,
        max(try_cast(new_value as integer)) filter (where field = 'period_year') as period_year,
        string_agg(distinct reason, ' | ' order by reason) as reason
    from {{ ref('int_correction') }}
    where takes_effect
    group by capture_id, char_start, char_end
)

select
    quantity.* replace (
        case when decided.has_indicator then decided.indicator_id else quantity.indicator_id end as indicator_id,
        case when decided.has_unit then decided.unit else quantity.unit end as unit,
        case when decided.has_period_year then decided.period_year else quantity.period_year end as period_year,
        coalesce(decided.value, quantity.value) as value,
        coalesce(decided.kind, quantity.kind) as kind,
        -- nobody reads better than a person who looked
        case when decided.capture_id is not null then 1.0 else quantity.confidence end as confidence
    ),
    case when decided.is_changed then 'changed' when decided.capture_id is not null then 'accepted' end as review,
    decided.reason as review_reason
from read_there as quantity
left join
    decided
    on
        quantity.capture_id = decided.capture_id
        and quantity.char_start = decided.char_start
        and quantity.char_end = decided.char_end
where not coalesce(decided.is_dropped, false)
