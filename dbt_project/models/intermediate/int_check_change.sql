-- a count and its stated change: 363件,同比下降11.46%
-- (a) some whole number of the year before must give that change; (b) so must the year before's own report
with pairs as (
    select
        change.*,
        {{ check_input('value', 'counted') }} as counted_input,
        {{ check_input('change', 'change') }} as change_input,
        counted.quantity_id as counted_id,
        counted.indicator_id as counted_indicator_id,
        counted.value as counted_value,
        case change.direction when 'down' then -change.value else change.value end as signed_change
    from {{ ref('int_quantity') }} as change
    inner join {{ ref('int_quantity') }} as counted
        on
            change.report_id = counted.report_id
            and change.sentence_start = counted.sentence_start
            and change.position_in_sentence = counted.position_in_sentence + 1
    where
        change.kind = 'change_rate'
        and change.unit = '%'
        and change.direction is not null
        and change.approx = 'exact'
        and counted.kind = 'count'
        and counted.approx = 'exact'
        and counted.value = round(counted.value)
        and counted.value > 0
        and not counted.is_target
        and regexp_matches(
            change.words_before,
            '^[^,，。;；、]{0,8}[,，、(（]?\s*(?:同比|[比较与](?:上年|去年|\d{4}年))'
        )
),

bases as (
    -- the whole numbers next to the base that the change implies
    select
        pairs.*,
        unnest([
            floor(counted_value / (1 + signed_change / 100)),
            ceil(counted_value / (1 + signed_change / 100))
        ]) as base
    from pairs
    where signed_change > -100
),

based as (
    select
        bases.*,
        100.0 * (counted_value - base) / base as expected
    from bases
    where base > 0
),

implied as (
    select
        based.*,
        {{ rate_verdict('abs(expected)', 'value', 'decimals', 'approx') }} as verdict,
        {{ rate_explanation('abs(expected)', 'value', 'decimals', 'approx') }} as explanation
    from based
    where
        -- above this every change can be reached, and the check says nothing
        counted_value <= 100 * pow(10, decimals)
    qualify
        row_number() over (
            partition by quantity_id
            order by
                case verdict when 'pass' then 0 when 'explained' then 1 else 2 end,
                abs(abs(expected) - value),
                base
        ) = 1
),

lineage as (
    select
        publisher_id,
        lineage_id
    from {{ ref('int_publisher_lineage') }}
),

before as (
    select
        pairs.*,
        {{ check_input('previous', 'previous') }} as previous_input,
        100.0 * (pairs.counted_value - previous.value) / previous.value as expected
    from pairs
    inner join {{ ref('int_indicator_value') }} as current_value
        on pairs.counted_id = current_value.quantity_id
    inner join lineage as own on current_value.publisher_id = own.publisher_id
    inner join lineage as former on own.lineage_id = former.lineage_id
    inner join {{ ref('int_indicator_value') }} as previous
        on
            former.publisher_id = previous.publisher_id
            and current_value.indicator_id = previous.indicator_id
            and current_value.report_year = previous.report_year + 1
    where previous.value > 0 and previous.approx = 'exact'
    -- where both the old and the new name reported, its own name
    qualify
        row_number() over (
            partition by pairs.quantity_id
            order by previous.publisher_id = pairs.publisher_id desc, previous.publisher_id
        ) = 1
)

select
    'implied_previous' as kind,
    publisher_id,
    report_id,
    report_year,
    counted_indicator_id as indicator_id,
    char_start::varchar as place,
    [
        change_input,
        counted_input,
        {{ computed_input('implied previous', 'base') }}
    ] as inputs,
    round(expected, 4) as expected,
    signed_change as stated,
    0.5 * {{ rate_step('decimals') }} as tolerance,
    verdict,
    case verdict when 'fail' then 'no whole number of the year before gives the stated change' else explanation end
        as explanation
from implied
union all
select
    'stated_change' as kind,
    publisher_id,
    report_id,
    report_year,
    counted_indicator_id as indicator_id,
    char_start::varchar as place,
    [change_input, counted_input, previous_input] as inputs,
    round(expected, 4) as expected,
    signed_change as stated,
    0.5 * {{ rate_step('decimals') }} as tolerance,
    {{ rate_verdict('expected', 'signed_change', 'decimals', 'approx') }} as verdict,
    case {{ rate_verdict('expected', 'signed_change', 'decimals', 'approx') }}
        when 'fail' then 'the report of the year before gives another change'
        else {{ rate_explanation('expected', 'signed_change', 'decimals', 'approx') }}
    end as explanation
from before
