{{ config(sliced=true) }}
-- components against their total, and rates against numerator and denominator, as the catalogue relates them
with chosen as (
    select value.*
    from {{ ref('int_indicator_value') }} as value
    where {{ in_slice('value') }}
),

component as (
    select
        total.quantity_id as total_quantity_id,
        indicator.component_group,
        list({{ check_input('component', 'part') }} order by part.indicator_id) as parts,
        sum(part.value) as total_of_parts,
        count(*) as found,
        any_value(catalogue.components) as components,
        bool_and(part.approx = 'exact') as all_exact,
        max(part.value) as largest
    from chosen as total
    inner join {{ ref('stg_indicator') }} as indicator on total.indicator_id = indicator.total_id
    inner join chosen as part on indicator.indicator_id = part.indicator_id and total.report_id = part.report_id
    inner join (
        select
            total_id,
            component_group,
            count(*) as components
        from {{ ref('stg_indicator') }}
        where total_id is not null
        group by total_id, component_group
    ) as catalogue
        on
            indicator.total_id = catalogue.total_id
            and indicator.component_group is not distinct from catalogue.component_group
    -- a component of another scope says nothing about the total
    where part.scope is not distinct from total.scope or part.scope is null or total.scope is null
    group by total.quantity_id, indicator.component_group
),

rate as (
    select
        stated.*,
        {{ check_input('numerator', 'numerator') }} as numerator,
        {{ check_input('denominator', 'denominator') }} as denominator,
        100.0 * numerator.value / denominator.value as expected,
        coalesce(length(regexp_extract(stated.raw, '\.(\d+)', 1)), 0) as decimals,
        numerator.approx = 'exact' and denominator.approx = 'exact' as is_exact
    from chosen as stated
    inner join {{ ref('stg_indicator') }} as indicator on stated.indicator_id = indicator.indicator_id
    inner join chosen as numerator
        on indicator.numerator_id = numerator.indicator_id and stated.report_id = numerator.report_id
    inner join chosen as denominator
        on indicator.denominator_id = denominator.indicator_id and stated.report_id = denominator.report_id
    where denominator.value > 0
)

select
    'catalogue_parts' as kind,
    total.publisher_id,
    total.report_id,
    total.report_year,
    total.indicator_id,
    total.indicator_id || coalesce('.' || component.component_group, '') as place,
    list_prepend({{ check_input('total', 'total') }}, component.parts) as inputs,
    component.total_of_parts as expected,
    total.value as stated,
    0.0 as tolerance,
    case
        when component.total_of_parts = total.value then 'pass'
        when not component.all_exact or total.approx != 'exact' then 'explained'
        when component.total_of_parts > total.value then 'fail'
        when component.found = component.components and component.components > 1 then 'fail'
        else 'explained'
    end as verdict,
    case
        when component.total_of_parts = total.value then 'the parts add up'
        when not component.all_exact or total.approx != 'exact' then 'a hedged number need not add up'
        when component.largest > total.value then 'a part exceeds the total'
        when component.total_of_parts > total.value then 'the parts exceed the total'
        when component.found = component.components and component.components > 1
            then 'the parts fall short of the total'
        else 'not every part is stated'
    end as explanation
from component
inner join chosen as total on component.total_quantity_id = total.quantity_id
union all
select
    'catalogue_rate' as kind,
    publisher_id,
    report_id,
    report_year,
    indicator_id,
    indicator_id as place,
    [{{ check_input('rate', 'rate') }}, numerator, denominator] as inputs,
    round(expected, 4) as expected,
    value as stated,
    0.5 * {{ rate_step('decimals') }} as tolerance,
    case
        when not is_exact and {{ rate_verdict('expected', 'value', 'decimals', 'approx') }} = 'fail' then 'explained'
        else {{ rate_verdict('expected', 'value', 'decimals', 'approx') }}
    end as verdict,
    case
        when not is_exact and {{ rate_verdict('expected', 'value', 'decimals', 'approx') }} = 'fail'
            then 'a hedged count gives no exact rate'
        else {{ rate_explanation('expected', 'value', 'decimals', 'approx') }}
    end as explanation
from rate
