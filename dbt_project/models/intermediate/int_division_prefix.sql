-- the names that may stand in front of a body's own name, by division
with recursive ancestor as (
    select distinct
        region_code,
        region_code as ancestor_code,
        0 as distance
    from {{ ref('stg_division') }}
    union
    select
        ancestor.region_code,
        division.parent_code as ancestor_code,
        ancestor.distance + 1 as distance
    from ancestor
    inner join {{ ref('stg_division') }} as division on ancestor.ancestor_code = division.region_code
    where division.parent_code is not null and ancestor.distance < 4
),

alternatives as (
    select
        ancestor.region_code,
        ancestor.distance,
        -- the longest first: RE2 takes the first alternative that matches
        '(?:' || string_agg(distinct division.name, '|' order by length(division.name) desc, division.name) || ')?'
            as names
    from ancestor
    inner join {{ ref('stg_division') }} as division on ancestor.ancestor_code = division.region_code
    where division.level != 'country'
    group by ancestor.region_code, ancestor.distance
),

short as (
    select
        region_code,
        min(short_name) as short_name
    from {{ ref('stg_division') }}
    where level != 'country' and length(short_name) >= 2
    group by region_code
)

select
    alternatives.region_code,
    '^' || string_agg(alternatives.names, '' order by alternatives.distance desc) as prefix,
    any_value(short.short_name) as short_name
from alternatives
left join short on alternatives.region_code = short.region_code
group by alternatives.region_code
