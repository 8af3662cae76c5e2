select
    value.publisher_id || ':' || value.indicator_id || ':' || value.report_year as indicator_yearly_id,
    value.publisher_id,
    publisher.region_code,
    value.indicator_id,
    value.report_year,
    value.value,
    value.unit,
    value.kind,
    value.approx,
    value.scope,
    value.chosen_by,
    value.candidates::integer as candidates,
    value.rival_value,
    case
        when failed.quantity_id is not null then 'failed_check'
        when value.chosen_by in ('confidence', 'first_mention') then 'conflicting'
        when value.approx != 'exact' then 'approximate'
        else 'ok'
    end as quality_flag,
    coalesce(failed.failed_checks, 0)::integer as failed_checks,
    value.confidence,
    value.review,
    value.review_reason,
    value.quantity_id,
    value.report_id,
    value.raw,
    value.sentence,
    value.url
from {{ ref('int_indicator_value') }} as value
inner join {{ ref('dim_publisher') }} as publisher on value.publisher_id = publisher.publisher_id
left join {{ ref('int_failed_quantity') }} as failed on value.quantity_id = failed.quantity_id
order by value.publisher_id, value.indicator_id, value.report_year
