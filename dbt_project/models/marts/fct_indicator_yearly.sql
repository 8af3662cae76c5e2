{{ config(
    materialized='incremental', incremental_strategy='affected', on_schema_change='fail',
    unique_key=['publisher_id', 'indicator_yearly_id'], sliced=true
) }}
-- depends_on: {{ ref('int_affected') }}
-- depends_on: {{ ref('int_check_peers') }}
{% if not flags.FULL_REFRESH %}
    -- others' values that have become unusual beside their peers or are so no longer; their own history is as it was
    with outlier as (
        select
            publisher_id,
            quantity_id
        from {{ ref('int_check_peers') }}
    ),

    known_outlier as (
        select
            publisher_id,
            inputs ->> '$[0].quantity_id' as quantity_id
        from {{ source('previous', 'rpt_reconciliation') }}
        where kind = 'peer_outlier'
    ),

    changed as (
        (
            select * from outlier
            except
            select * from known_outlier
        )
        union all
        (
            select * from known_outlier
            except
            select * from outlier
        )
    ),

    turned as materialized (
        select
            changed.publisher_id,
            changed.quantity_id,
            unusual.quantity_id is not null as is_unusual
        from changed
        left join {{ ref('int_unusual_quantity') }} as unusual on changed.quantity_id = unusual.quantity_id
        where changed.publisher_id not in (select affected.publisher_id from {{ ref('int_affected') }} as affected)
    )

{% endif %}
select
    value.publisher_id || ':' || value.indicator_id || ':' || value.report_year as indicator_yearly_id,
    value.publisher_id,
    nullif(split_part(value.publisher_id, '-', 1), 'xxxxxx') as region_code,
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
    {{ quality_flag(
        'failed.quantity_id is not null', 'value.chosen_by', 'unusual.quantity_id is not null', 'value.approx'
    ) }} as quality_flag,
    coalesce(failed.failed_checks, 0)::integer as failed_checks,
    value.confidence,
    value.review,
    value.review_reason,
    value.quantity_id,
    value.report_id,
    value.raw,
    quantity.sentence,
    report.url
from {{ ref('int_indicator_value') }} as value
inner join {{ ref('int_report') }} as report on value.report_id = report.report_id
inner join {{ ref('int_quantity') }} as quantity
    on value.quantity_id = quantity.quantity_id and {{ in_slice('quantity') }}
left join {{ ref('int_failed_quantity') }} as failed on value.quantity_id = failed.quantity_id
left join {{ ref('int_unusual_quantity') }} as unusual on value.quantity_id = unusual.quantity_id
where {{ in_slice('value') }}
{% if not flags.FULL_REFRESH %}
    union all
    select
        previous.*
        replace (
            {{ quality_flag(
                'previous.failed_checks > 0', 'previous.chosen_by', 'turned.is_unusual', 'previous.approx'
            ) }} as quality_flag
        )
    from {{ source('previous', 'fct_indicator_yearly') }} as previous
    -- the publisher is asked too: by it the rows lie in order
    inner join turned
        on previous.publisher_id = turned.publisher_id and previous.quantity_id = turned.quantity_id
{% endif %}
order by publisher_id, indicator_id, report_year
