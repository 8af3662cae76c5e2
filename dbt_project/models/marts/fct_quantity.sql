{{ config(
    materialized='incremental', incremental_strategy='affected', on_schema_change='fail', sliced=true
) }}
-- depends_on: {{ ref('int_affected') }}
select
    quantity.quantity_id,
    quantity.report_id,
    quantity.publisher_id,
    report.region_code,
    quantity.report_year,
    quantity.indicator_id,
    quantity.subject,
    quantity.value,
    quantity.unit,
    quantity.kind,
    quantity.approx,
    quantity.direction,
    quantity.scope,
    quantity.period_year,
    quantity.is_target,
    quantity.raw,
    quantity.confidence,
    quantity.review,
    quantity.review_reason,
    case
        when failed.quantity_id is not null then 'failed_check'
        when quantity.approx != 'exact' then 'approximate'
        else 'ok'
    end as quality_flag,
    coalesce(chosen.quantity_id is not null, false) as is_yearly_value,
    quantity.sentence,
    quantity.sentence_start,
    quantity.char_start,
    quantity.char_end,
    quantity.section_no,
    quantity.section_path,
    quantity.section_heading,
    quantity.part,
    report.url,
    quantity.capture_id
from {{ ref('int_quantity') }} as quantity
inner join {{ ref('int_report') }} as report on quantity.report_id = report.report_id
left join {{ ref('int_failed_quantity') }} as failed on quantity.quantity_id = failed.quantity_id
left join {{ ref('int_indicator_value') }} as chosen
    on quantity.quantity_id = chosen.quantity_id and {{ in_slice('chosen') }}
where {{ in_slice('quantity') }}
order by quantity.report_id, quantity.char_start, quantity.char_end
