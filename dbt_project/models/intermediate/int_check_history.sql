-- a value far from what the same body gives for its other years: a 万 too many or too few, or a jump to look at
with measured as (
    select
        chosen.*,
        coalesce(lineage.lineage_id, chosen.publisher_id) as body_id,
        log10(chosen.value) as magnitude
    from {{ ref('int_indicator_value') }} as chosen
    left join {{ ref('int_publisher_lineage') }} as lineage on chosen.publisher_id = lineage.publisher_id
    where chosen.kind in ('count', 'amount') and chosen.value > 0
),

wide as (
    -- most series stay within a factor of ten, and nothing is to be said about them
    select
        body_id,
        indicator_id,
        unit
    from measured
    group by body_id, indicator_id, unit
    having max(value) >= 10 * min(value)
),

suspect as (
    select measured.*
    from measured
    inner join wide
        on
            measured.body_id = wide.body_id
            and measured.indicator_id = wide.indicator_id
            and measured.unit is not distinct from wide.unit
),

compared as (
    select
        own.quantity_id,
        other.magnitude as other_magnitude,
        other.value as other_value,
        other.report_year as other_year,
        abs(own.report_year - other.report_year) <= 3 as is_near,
        {{ check_input('other year', 'other') }} as other_input
    from suspect as own
    inner join suspect as other
        on
            own.body_id = other.body_id
            and own.indicator_id = other.indicator_id
            and own.report_id != other.report_id
            and own.unit is not distinct from other.unit
),

around as (
    select
        suspect.quantity_id,
        count(*) filter (where compared.is_near) as years_near,
        -- with one other year it is the other; with more, the middle of all of them, this one included
        case
            when
                count(*) filter (where compared.is_near) = 1
                then min(compared.other_value) filter (where compared.is_near)
            else list_sort(
                list_append(
                    list(compared.other_value) filter (where compared.is_near), any_value(suspect.value)
                )
            )[count(*) filter (where compared.is_near) // 2 + 1]
        end as usual,
        count(*) as years,
        median(compared.other_magnitude) as middle,
        mad(compared.other_magnitude) as spread,
        list(compared.other_input order by compared.other_year) filter (where compared.is_near) as near_inputs,
        list(compared.other_input order by compared.other_year) as other_inputs
    from suspect
    inner join compared on suspect.quantity_id = compared.quantity_id
    group by suspect.quantity_id
),

judged as (
    select
        suspect.*,
        around.* exclude (quantity_id),
        {{ check_input('value', 'suspect') }} as own_input,
        coalesce(greatest(suspect.value / around.usual, around.usual / suspect.value) between 3000 and 30000, false)
            as is_slip,
        {{ robust_z('suspect.magnitude', 'around.middle', 'around.spread') }} as z
    from suspect
    inner join around on suspect.quantity_id = around.quantity_id
)

select
    'unit_slip' as kind,
    publisher_id,
    report_id,
    report_year,
    indicator_id,
    indicator_id as place,
    list_prepend(own_input, near_inputs) as inputs,
    usual as expected,
    value as stated,
    usual as tolerance,
    'fail' as verdict,
    case
        when years_near = 1
            then 'about ten thousand times apart from the only other year: one of the two has a wrong unit'
        else 'about ten thousand times apart from the years around it'
    end as explanation
from judged
where is_slip
union all
select
    'history_jump' as kind,
    publisher_id,
    report_id,
    report_year,
    indicator_id,
    indicator_id as place,
    list_prepend(own_input, other_inputs) as inputs,
    round(pow(10, middle), 4) as expected,
    value as stated,
    round(pow(10, middle + {{ var('unusual_magnitude') }}) - pow(10, middle), 4) as tolerance,
    'unusual' as verdict,
    printf('robust z %.1f against its %d other years', z, years) as explanation
from judged
where
    not is_slip
    and years >= {{ var('least_years') }}
    and abs(magnitude - middle) >= {{ var('unusual_magnitude') }}
    and z >= {{ var('unusual_z') }}
