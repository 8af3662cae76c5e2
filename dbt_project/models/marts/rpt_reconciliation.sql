{{ config(
    materialized='incremental', incremental_strategy='affected', on_schema_change='fail', sliced=true,
    incremental_predicates=["kind = 'peer_outlier'"]
) }}
-- depends_on: {{ ref('int_affected') }}
-- depends_on: {{ ref('int_report') }}
with {% if not flags.FULL_REFRESH %}
    known_outlier as (
    -- the sentences of others' values that were as far from their peers before
        select
            check_id,
            sentence
        from {{ source('previous', 'rpt_reconciliation') }}
        where
            kind = 'peer_outlier'
            and publisher_id not in (select affected.publisher_id from {{ ref('int_affected') }} as affected)
    ),

    new_outlier as materialized (
        select
            peers.publisher_id,
            peers.quantity_id
        from {{ ref('int_check_peers') }} as peers
        where
            peers.publisher_id not in (select affected.publisher_id from {{ ref('int_affected') }} as affected)
            and peers.report_id || ':' || peers.kind || ':' || peers.place not in (
                select known_outlier.check_id from known_outlier
            )
    ),

    new_sentence as (
        select
            previous.quantity_id,
            previous.sentence
        from {{ source('previous', 'fct_indicator_yearly') }} as previous
        inner join new_outlier
            on previous.publisher_id = new_outlier.publisher_id and previous.quantity_id = new_outlier.quantity_id
    ),

{% endif %}
checks as (
    select reconciled.* exclude (quantity_ids, slice)
    from {{ ref('int_check') }} as reconciled
    where {{ in_slice('reconciled') }}
    union all by name
    select
        peers.* exclude (quantity_id),
        coalesce(
            quantity.sentence{% if not flags.FULL_REFRESH %}, known_outlier.sentence, new_sentence.sentence{% endif %}
        ) as sentence,
        peers.report_id || ':' || peers.kind || ':' || peers.place as check_id
    from {{ ref('int_check_peers') }} as peers
    left join {{ ref('int_quantity') }} as quantity
        on peers.quantity_id = quantity.quantity_id and {{ in_slice('quantity') }}
    {% if not flags.FULL_REFRESH %}
        left join known_outlier on peers.report_id || ':' || peers.kind || ':' || peers.place = known_outlier.check_id
        left join new_sentence on peers.quantity_id = new_sentence.quantity_id
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
