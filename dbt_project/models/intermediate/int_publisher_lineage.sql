-- each body under the id that it is called by last; bodies that were merged into another keep their own
with recursive chain as (
    select distinct
        publisher_id,
        publisher_id as lineage_id,
        0 as steps
    from {{ ref('int_publisher_name') }}
    union
    select
        chain.publisher_id,
        link.successor_id as lineage_id,
        chain.steps + 1 as steps
    from chain
    inner join {{ ref('int_publisher_link') }} as link on chain.lineage_id = link.predecessor_id
    where link.kind = 'renamed' and chain.steps < 5
)

select
    publisher_id,
    arg_max(lineage_id, steps) as lineage_id
from chain
group by publisher_id
