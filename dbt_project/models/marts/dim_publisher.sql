with named as (
    select
        publisher_id,
        min(publisher_key) as publisher_key,
        min(region_code) as region_code,
        -- the fullest spelling that was printed
        arg_max(spelling, struct_pack(size := length(spelling), spelling := spelling)) as name,
        string_agg(distinct publisher, ' | ' order by publisher) as printed_names
    from {{ ref('int_publisher_name') }}
    group by publisher_id
),

reported as (
    select
        publisher_id,
        min(report_year) as first_report_year,
        max(report_year) as last_report_year,
        count(distinct report_id) as reports
    from {{ ref('int_version') }}
    where report_id is not null
    group by publisher_id
),

region as (
    select *
    from {{ ref('int_division_as_of_year') }}
    qualify row_number() over (partition by region_code order by year desc) = 1
),

body_function as (
    select
        named.publisher_id,
        words.function
    from named
    inner join {{ ref('publisher_functions') }} as words on contains(named.publisher_key, words.word)
    qualify row_number() over (partition by named.publisher_id order by length(words.word) desc, words.word) = 1
),

registered as (
    select
        name.publisher_id,
        bool_and(registry.is_sample) as is_sample
    from {{ ref('stg_source') }} as registry
    inner join
        {{ ref('int_publisher_name') }} as name
        on
            coalesce(registry.publisher, '人民政府') = name.publisher
            and coalesce(registry.region_code, 'xxxxxx') = name.region_code
    where registry.publisher is not null or registry.region_code is not null
    group by name.publisher_id
),

kinds as (
    select
        named.*,
        case
            when regexp_matches(named.publisher_key, '(?:乡|镇|街道|苏木)(?:人民政府|办事处|街道办事处)?$') then 'township'
            when regexp_matches(named.publisher_key, '(?:开发区|园区|新区|示范区|保税区|度假区|高新区|试验区|管理委员会)')
                then 'development_zone'
            when ends_with(named.publisher_key, '人民政府') then 'government'
            else 'department'
        end as kind
    from named
)

select
    kinds.publisher_id,
    case
        when kinds.name = kinds.publisher_key and region.level != 'country'
            then coalesce(region.name, '') || kinds.name
        else kinds.name
    end as name,
    kinds.publisher_key,
    kinds.printed_names,
    nullif(kinds.region_code, 'xxxxxx') as region_code,
    region.full_name as region_name,
    case when region.level != 'country' then left(kinds.region_code, 2) || '0000' end as province_code,
    region.level,
    kinds.kind,
    case
        when kinds.kind = 'department' then body_function.function
        else '综合'
    end as function,
    reported.first_report_year,
    reported.last_report_year,
    coalesce(reported.reports, 0) as reports,
    lineage.lineage_id,
    registered.publisher_id is not null as is_in_registry,
    coalesce(region.is_fictional, registered.is_sample, false) as is_fictional
from kinds
left join region on kinds.region_code = region.region_code
left join reported on kinds.publisher_id = reported.publisher_id
left join body_function on kinds.publisher_id = body_function.publisher_id
left join {{ ref('int_publisher_lineage') }} as lineage on kinds.publisher_id = lineage.publisher_id
left join registered on kinds.publisher_id = registered.publisher_id
order by kinds.publisher_id
