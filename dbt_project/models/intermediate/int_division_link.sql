-- divisions that went on under another code: 撤县设区, 县改市, moves to another city; mergers as the seed says
with held as (
    select
        region_code,
        arg_max(short_name, coalesce(valid_from, 0)) as short_name,
        arg_max(level, coalesce(valid_from, 0)) as level,
        min(coalesce(valid_from, {{ var('first_division_year') }})) as first_year,
        max(coalesce(valid_to, 9999)) as last_year
    from {{ ref('stg_division') }}
    where level in ('prefecture', 'county')
    group by region_code
),

told_by_codes as (
    select
        old.region_code as old_code,
        new.region_code as new_code,
        new.first_year as since,
        'renamed' as kind,
        'the code ' || old.region_code || ' ended and ' || new.region_code || ' of the same name began' as why
    from held as old
    inner join held as new
        on
            old.short_name = new.short_name
            and left(old.region_code, 2) = left(new.region_code, 2)
            and old.level = new.level
            and old.region_code != new.region_code
            and new.first_year between old.last_year and old.last_year + 1
    where length(old.short_name) >= 2
    -- two candidates tell nothing
    qualify count(*) over (partition by old.region_code) = 1 and count(*) over (partition by new.region_code) = 1
)

select
    old_code,
    new_code,
    since,
    kind,
    why
from {{ ref('division_successions') }}
union all
select *
from told_by_codes
where old_code not in (select seed.old_code from {{ ref('division_successions') }} as seed)
