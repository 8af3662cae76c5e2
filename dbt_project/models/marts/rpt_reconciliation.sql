{{ config(
    materialized='incremental', incremental_strategy='affected', on_schema_change='fail', sliced=true,
    incremental_predicates=["kind = 'peer_outlier'"]
) }}
-- depends_on: {{ ref('int_affected') }}
-- depends_on: {{ ref('int_report') }}
with checks as (
    select reconciled.* exclude (quantity_ids, slice)
    from {{ ref('int_check') }} as reconciled
    where {{ in_slice('reconciled') }}
    union all by name
    select
        peers.* exclude (quantity_id),
        coalesce(quantity.sentence{% if not flags.FULL_REFRESH %}, previous.sentence{% endif %}) as sentence,
        peers.report_id || ':' || peers.kind || ':' || peers.place as check_id
    from {{ ref('int_check_peers') }} as peers
    left join {{ ref('int_quantity') }} as quantity
        on peers.quantity_id = quantity.quantity_id and {{ in_slice('quantity') }}
    {% if not flags.FULL_REFRESH %}
        left join
            {{ source('previous', 'fct_indicator_yearly') }} as previous
            on peers.quantity_id = previous.quantity_id
    {% else %}
        inner join {{ ref('int_report') }} as report on peers.report_id = report.report_id and {{ in_slice('report') }}
    {% endif %}
)

select
    check_id,
    kind,
    publisher_id,
    report_id,
    report_year,
    indicator_id,
    to_json(inputs)::varchar as inputs,
    expected,
    stated,
    stated - expected as difference,
    tolerance,
    verdict,
    explanation,
    sentence
from checks
order by check_id
