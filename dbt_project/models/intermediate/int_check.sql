-- all checks, each with an id from what it is about
with checks as (
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

listed as (
    select
        *,
        list_filter(list_transform(inputs, lambda input: input.quantity_id), lambda id: id is not null) as quantity_ids
    from checks
)

select
    listed.*,
    quantity.sentence,
    listed.report_id || ':' || listed.kind || ':' || listed.place as check_id
from listed
-- what is checked stands first
left join {{ ref('int_quantity') }} as quantity on listed.quantity_ids[1] = quantity.quantity_id
