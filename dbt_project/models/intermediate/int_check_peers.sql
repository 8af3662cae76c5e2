-- depends_on: {{ ref('int_affected') }}
-- values far from those that bodies of the same kind and level give for the year; of all bodies, since one report more
-- moves the middle for everybody
with own as (
    -- numbers alone: millions of ids are not carried along
    select
        publisher_id,
        report_year,
        indicator_id,
        value
    from {{ ref('int_indicator_value') }}
    where kind in ('count', 'amount') and value > 0
    {% if not flags.FULL_REFRESH %}
        union all
        select
            publisher_id,
            report_year,
            indicator_id,
            value
        from {{ source('previous', 'fct_indicator_yearly') }}
        where
            kind in ('count', 'amount')
            and value > 0
            and publisher_id not in (select affected.publisher_id from {{ ref('int_affected') }} as affected)
    {% endif %}
),

body_class as (
    select
        publisher_id,
        dense_rank() over (order by level, kind)::utinyint as class_no
    from {{ ref('dim_publisher') }}
    where level is not null
),

measured as (
    select
        own.* exclude (value),
        log10(own.value) as magnitude,
        body_class.class_no
    from own
    inner join body_class on own.publisher_id = body_class.publisher_id
),

peers as (
    select
        indicator_id,
        report_year,
        class_no,
        count(*) as bodies,
        median(magnitude) as middle,
        mad(magnitude) as spread
    from measured
    group by indicator_id, report_year, class_no
    having count(*) >= {{ var('least_peers') }}
),

far as (
    select
        measured.publisher_id,
        measured.report_year,
        measured.indicator_id,
        peers.bodies,
        peers.middle,
        {{ robust_z('measured.magnitude', 'peers.middle', 'peers.spread') }} as z
    from measured
    inner join peers
        on
            measured.indicator_id = peers.indicator_id
            and measured.report_year = peers.report_year
            and measured.class_no = peers.class_no
    where
        abs(measured.magnitude - peers.middle) >= {{ var('unusual_magnitude') }}
        and z >= {{ var('unusual_z') }}
),

judged as (
    select
        own.report_id,
        own.quantity_id,
        own.value,
        own.raw,
        far.*
    from far
    inner join {{ ref('int_indicator_value') }} as own
        on
            far.publisher_id = own.publisher_id
            and far.indicator_id = own.indicator_id
            and far.report_year = own.report_year
    {% if not flags.FULL_REFRESH %}
        union all
        select
            own.report_id,
            own.quantity_id,
            own.value,
            own.raw,
            far.*
        from far
        inner join {{ source('previous', 'fct_indicator_yearly') }} as own
            on
                far.publisher_id = own.publisher_id
                and far.indicator_id = own.indicator_id
                and far.report_year = own.report_year
        where far.publisher_id not in (select affected.publisher_id from {{ ref('int_affected') }} as affected)
    {% endif %}
)

select
    'peer_outlier' as kind,
    publisher_id,
    report_id,
    report_year,
    indicator_id,
    indicator_id as place,
    quantity_id,
    [{{ check_input('value', 'judged') }}, {{ computed_input('median of peers', 'round(pow(10, middle), 4)') }}]
        as inputs,
    round(pow(10, middle), 4) as expected,
    value as stated,
    round(pow(10, middle + {{ var('unusual_magnitude') }}) - pow(10, middle), 4) as tolerance,
    'unusual' as verdict,
    printf('robust z %.1f against %d bodies of its kind and level', z, bodies) as explanation
from judged
