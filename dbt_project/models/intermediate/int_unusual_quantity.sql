-- depends_on: {{ ref('int_affected') }}
-- yearly values far from their own history or their peers, of all bodies
select
    publisher_id,
    quantity_ids[1] as quantity_id
from {{ ref('int_check') }}
where kind = 'history_jump'
union
select
    publisher_id,
    quantity_id
from {{ ref('int_check_peers') }}
{% if not flags.FULL_REFRESH %}
    union
    select
        publisher_id,
        inputs ->> '$[0].quantity_id' as quantity_id
    from {{ source('previous', 'rpt_reconciliation') }}
    where
        kind = 'history_jump'
        and publisher_id not in (select affected.publisher_id from {{ ref('int_affected') }} as affected)
{% endif %}
