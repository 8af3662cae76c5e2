-- percentages above 100: allowed by the catalogue, explained by what the rate is of, or wrong
with outside as (
    select
        quantity.*,
        coalesce(indicator.may_exceed_100, false) as is_allowed,
        (
            select min(words.why)
            from {{ ref('rates_over_100') }} as words
            where contains(quantity.words_before || quantity.subject || quantity.sentence, words.word)
        ) as why
    from {{ ref('int_quantity') }} as quantity
    left join {{ ref('stg_indicator') }} as indicator on quantity.indicator_id = indicator.indicator_id
    where quantity.kind = 'rate' and quantity.unit = '%' and (quantity.value > 100 or quantity.value < 0)
)

select
    'percent_range' as kind,
    publisher_id,
    report_id,
    report_year,
    indicator_id,
    char_start::varchar as place,
    [{{ check_input('rate', 'outside') }}] as inputs,
    100.0 as expected,
    value as stated,
    0.0 as tolerance,
    case
        when value < 0 then 'fail'
        when is_allowed then 'pass'
        when why is not null then 'explained'
        else 'fail'
    end as verdict,
    case
        when value < 0 then 'a share cannot be negative'
        when is_allowed then 'the catalogue allows this rate to exceed 100%'
        when why is not null then why
        else 'a share cannot exceed 100%'
    end as explanation
from outside
