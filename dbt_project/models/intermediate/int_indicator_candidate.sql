{{ config(materialized='view') }}
-- every quantity that could be the year's value of its indicator, with what speaks for it (lower is better)
with unit_class as (
    select
        unit,
        class
    from {{ ref('unit_classes') }}
)

select
    quantity.report_id,
    quantity.publisher_id,
    quantity.slice,
    quantity.report_year,
    quantity.indicator_id,
    quantity.quantity_id,
    quantity.value,
    quantity.unit,
    quantity.kind,
    quantity.approx,
    quantity.scope,
    quantity.raw,
    quantity.char_start,
    quantity.confidence,
    quantity.review,
    quantity.review_reason,
    (quantity.period_year is null)::integer as period_rank,
    (quantity.approx != 'exact')::integer as approx_rank,
    (quantity.scope is not null and not starts_with(quantity.scope, '全'))::integer as scope_rank,
    quantity.is_detail::integer as detail_rank,
    (quantity.kind = 'stated_zero')::integer as zero_rank,
    case quantity.part when 'achievements' then 0 when 'problems' then 2 when 'plan' then 3 else 1 end as part_rank,
    round(1 - quantity.confidence, 2) as doubt
from {{ ref('int_quantity') }} as quantity
inner join {{ ref('stg_indicator') }} as indicator on quantity.indicator_id = indicator.indicator_id
left join unit_class as stated on quantity.unit = stated.unit
left join unit_class as wanted on indicator.unit = wanted.unit
where
    quantity.value is not null
    and not quantity.is_target
    and coalesce(quantity.period_year, quantity.report_year) = quantity.report_year
    and (quantity.kind = indicator.kind or quantity.kind = 'stated_zero')
    and (
        quantity.kind = 'stated_zero'
        or indicator.unit is null
        or quantity.unit is not distinct from indicator.unit
        or stated.class = wanted.class
    )
