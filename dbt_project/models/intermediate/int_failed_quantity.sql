-- quantities that stand in a failed check
with involved as (
    select unnest(quantity_ids) as quantity_id
    from {{ ref('int_check') }}
    where verdict = 'fail'
)

select
    quantity_id,
    count(*) as failed_checks
from involved
group by quantity_id
