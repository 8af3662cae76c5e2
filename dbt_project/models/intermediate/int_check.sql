{{ config(sliced=true) }}
-- all checks, each with an id from what it is about
with report as (
    select
        report.report_id,
        report.slice
    from {{ ref('int_report') }} as report
    where {{ in_slice('report') }}
),

checks as (
    select * from {{ ref('int_check_sentence_parts') }}
    union all by name
    select * from {{ ref('int_check_sentence_rate') }}
    union all by name
    select * from {{ ref('int_check_change') }}
    union all by name
    select * from {{ ref('int_check_range') }}
    union all by name
    select * from {{ ref('int_check_components') }}
    union all by name
    select * from {{ ref('int_check_history') }}
),

sliced as (
    select
        checks.*,
        report.slice
    from checks
    inner join report on checks.report_id = report.report_id
),

listed as (
    select
        *,
        list_filter(list_transform(inputs, lambda input: input.quantity_id), lambda id: id is not null) as quantity_ids
    from sliced
)

select
    listed.*,
    quantity.sentence,
    listed.report_id || ':' || listed.kind || ':' || listed.place as check_id
from listed
-- what is checked stands first
left join {{ ref('int_quantity') }} as quantity
    on listed.quantity_ids[1] = quantity.quantity_id and {{ in_slice('quantity') }}
