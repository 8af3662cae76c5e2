-- depends_on: {{ ref('int_affected') }}
-- values far from those that bodies of the same kind and level give for the year; of all bodies, since one report more
-- moves the middle for everybody
with
{% if not flags.FULL_REFRESH %}
    present as (
        select
            publisher_id,
            report_year,
            indicator_id,
            value,
            quantity_id,
            raw
        from {{ ref('int_indicator_value') }}
        where kind in ('count', 'amount') and value > 0
    ),

    published as (
        select
            publisher_id,
            report_year,
            indicator_id,
            value,
            quantity_id,
            raw
        from {{ source('previous', 'fct_indicator_yearly') }}
        where
            kind in ('count', 'amount')
            and value > 0
            and publisher_id in (select affected.publisher_id from {{ ref('int_affected') }} as affected)
    ),

    -- most values of those whose marts are made anew are as they were: of the others, everybody's are compared anew
    touched as materialized (
        select distinct
            indicator_id,
            report_year
        from (
            (
                select * from present
                except
                select * from published
            )
            union all
            (
                select * from published
                except
                select * from present
            )
        ) as changed
    ),

{% endif %}
own as (
    -- numbers alone: millions of ids are not carried along
    select
        publisher_id,
        report_year,
        indicator_id,
        value
    from {{ ref('int_indicator_value') }}
    where
        kind in ('count', 'amount')
        and value > 0
        {% if not flags.FULL_REFRESH %}
            and (indicator_id, report_year) in (select (touched.indicator_id, touched.report_year) from touched)
        {% endif %}
    {% if not flags.FULL_REFRESH %}
        union all
        select
            previous.publisher_id,
            previous.report_year,
            previous.indicator_id,
            previous.value
        from {{ source('previous', 'fct_indicator_yearly') }} as previous
        semi join touched
            on previous.report_year = touched.report_year and previous.indicator_id = touched.indicator_id
        where
            previous.kind in ('count', 'amount')
            and previous.value > 0
            and previous.publisher_id not in (
                select affected.publisher_id from {{ ref('int_affected') }} as affected
            )
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
{% if not flags.FULL_REFRESH %}
    union all
    select
        kind,
        publisher_id,
        report_id,
        report_year,
        indicator_id,
        indicator_id as place,
        previous.inputs ->> '$[0].quantity_id' as quantity_id,
        from_json(
            previous.inputs, '[{"role": "VARCHAR", "quantity_id": "VARCHAR", "raw": "VARCHAR", "value": "DOUBLE"}]'
        ) as inputs,
        expected,
        stated,
        tolerance,
        verdict,
        explanation
    from {{ source('previous', 'rpt_reconciliation') }} as previous
    anti join touched
        on previous.report_year = touched.report_year and previous.indicator_id = touched.indicator_id
    where kind = 'peer_outlier'
{% endif %}
