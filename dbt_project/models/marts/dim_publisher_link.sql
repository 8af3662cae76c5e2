select
    predecessor_id,
    successor_id,
    since,
    kind,
    why
from {{ ref('int_publisher_link') }}
order by predecessor_id
