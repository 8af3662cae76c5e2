-- a value about ten thousand times what the same body gives for the years around it: a 万 too many or too few
with around as (
    select
        own.quantity_id,
        count(*) as years,
        -- with one other year it is the other; with more, the middle of all of them, this one included
        case
            when count(*) = 1 then any_value(other.value)
            else list_sort(list_append(list(other.value), any_value(own.value)))[count(*) // 2 + 1]
        end as usual,
        list({{ check_input('other year', 'other') }} order by other.report_year) as others
    from {{ ref('int_indicator_value') }} as own
    inner join {{ ref('int_indicator_value') }} as other
        on
            own.publisher_id = other.publisher_id
            and own.indicator_id = other.indicator_id
            and own.report_id != other.report_id
            and own.unit is not distinct from other.unit
            and abs(own.report_year - other.report_year) <= 3
    where own.kind in ('count', 'amount') and own.value > 0 and other.value > 0
    group by own.quantity_id
),

measured as (
    select
        own.*,
        around.years,
        around.usual,
        around.others,
        greatest(own.value / around.usual, around.usual / own.value) as times
    from {{ ref('int_indicator_value') }} as own
    inner join around on own.quantity_id = around.quantity_id
)

select
    'unit_slip' as kind,
    publisher_id,
    report_id,
    report_year,
    indicator_id,
    indicator_id as place,
    list_prepend({{ check_input('value', 'measured') }}, others) as inputs,
    usual as expected,
    value as stated,
    usual as tolerance,
    'fail' as verdict,
    case
        when years = 1 then 'about ten thousand times apart from the only other year: one of the two has a wrong unit'
        else 'about ten thousand times apart from the years around it'
    end as explanation,
    sentence
from measured
where times between 3000 and 30000
