-- depends_on: {{ ref('int_affected') }}
-- values far from those that bodies of the same kind and level give for the year; of all bodies, since one report more
-- moves the middle for everybody
with own as (
    select
        publisher_id,
        report_id,
        report_year,
        indicator_id,
        quantity_id,
        value,
        kind,
        raw
    from {{ ref('int_indicator_value') }}
    {% if not flags.FULL_REFRESH %}
        union all
        select
            publisher_id,
            report_id,
            report_year,
            indicator_id,
            quantity_id,
            value,
            kind,
            raw
        from {{ source('previous', 'fct_indicator_yearly') }}
        where publisher_id not in (select affected.publisher_id from {{ ref('int_affected') }} as affected)
    {% endif %}
),

measured as (
    select
        own.*,
        log10(own.value) as magnitude,
        publisher.level,
        publisher.kind as body_kind
    from own
    inner join {{ ref('dim_publisher') }} as publisher on own.publisher_id = publisher.publisher_id
    where own.kind in ('count', 'amount') and own.value > 0 and publisher.level is not null
),

peers as (
    select
        indicator_id,
        report_year,
        level,
        body_kind,
        count(*) as bodies,
        median(magnitude) as middle,
        mad(magnitude) as spread
    from measured
    group by indicator_id, report_year, level, body_kind
    having count(*) >= {{ var('least_peers') }}
),

judged as (
    select
        measured.*,
        peers.* exclude (indicator_id, report_year, level, body_kind),
        {{ robust_z('measured.magnitude', 'peers.middle', 'peers.spread') }} as z
    from measured
    inner join peers
        on
            measured.indicator_id = peers.indicator_id
            and measured.report_year = peers.report_year
            and measured.level = peers.level
            and measured.body_kind = peers.body_kind
    where
        abs(measured.magnitude - peers.middle) >= {{ var('unusual_magnitude') }}
        and z >= {{ var('unusual_z') }}
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
