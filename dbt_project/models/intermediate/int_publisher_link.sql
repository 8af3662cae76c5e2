-- bodies that went on as another: their division's code changed, or they were renamed or merged (机构改革)
with body as (
    select distinct
        publisher_id,
        region_code,
        publisher_key
    from {{ ref('int_publisher_name') }}
),

reform as (
    select
        reform.*,
        old_suffix.suffix as old_suffix,
        new_suffix.suffix as new_suffix
    from {{ ref('publisher_successions') }} as reform
    cross join unnest(['局', '厅', '委员会', '办公室', '部', '总局', '']) as old_suffix (suffix)
    cross join unnest(['局', '厅', '委员会', '部', '总局']) as new_suffix (suffix)
),

reformed as (
    select
        old.publisher_id as predecessor_id,
        new.publisher_id as successor_id,
        reform.since,
        reform.kind,
        reform.why
    from body as old
    inner join reform on old.publisher_key = reform.old_name || reform.old_suffix
    inner join body as new
        on old.region_code = new.region_code and new.publisher_key = reform.new_name || reform.new_suffix
    where old.publisher_id != new.publisher_id
),

moved as (
    select
        old.publisher_id as predecessor_id,
        new.publisher_id as successor_id,
        link.since,
        link.kind,
        link.why
    from {{ ref('int_division_link') }} as link
    inner join body as old on link.old_code = old.region_code
    inner join body as new on link.new_code = new.region_code and old.publisher_key = new.publisher_key
)

select * from reformed
union all
select * from moved
-- an old body has one successor; two reforms on one pair are told of once
qualify row_number() over (partition by predecessor_id order by since, kind desc, successor_id) = 1
