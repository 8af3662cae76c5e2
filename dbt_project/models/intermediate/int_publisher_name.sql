-- each printed name of a body, brought to one key: spelling first, then the division's own path is dropped
with recursive printed as (
    select
        publisher,
        coalesce(region_code, 'xxxxxx') as region_code
    from {{ ref('int_document_claim') }}
    where publisher is not null
    union
    select
        coalesce(publisher, '人民政府') as publisher,
        coalesce(region_code, 'xxxxxx') as region_code
    from {{ ref('stg_source') }}
    where publisher is not null or region_code is not null
),

step as (
    select
        string_split(words, ' ') as words,
        pattern,
        replacement,
        row_number() over (order by step) as step_no
    from {{ ref('publisher_spellings') }}
),

spelled as (
    select
        publisher,
        region_code,
        regexp_replace(publisher, '\s+', '', 'g') as spelling,
        0 as step_no
    from printed
    union all
    select
        spelled.publisher,
        spelled.region_code,
        -- a pattern from a table is compiled again for each row: only for those that hold one of its words
        case
            when len(list_filter(step.words, lambda word: contains(spelled.spelling, word))) > 0
                then regexp_replace(spelled.spelling, step.pattern, step.replacement)
            else spelled.spelling
        end as spelling,
        step.step_no
    from spelled
    inner join step on step.step_no = spelled.step_no + 1
),

final_spelling as (
    select
        publisher,
        region_code,
        spelling
    from spelled
    where step_no = (select count(*) from step)
),

without_path as (
    select
        final_spelling.*,
        coalesce(nullif(regexp_replace(spelling, coalesce(prefix.prefix, '^$'), ''), ''), spelling) as own_name,
        prefix.short_name
    from final_spelling
    left join {{ ref('int_division_prefix') }} as prefix on final_spelling.region_code = prefix.region_code
),

keyed as (
    select
        publisher,
        region_code,
        spelling,
        -- 安康高新技术产业开发区管理委员会: a zone is named with its city's short name
        case
            when
                starts_with(own_name, short_name)
                and regexp_matches(own_name, '(?:开发区|高新|经济|保税|新区|示范区|园区).*管理委员会$')
                then coalesce(nullif(substring(own_name, length(short_name) + 1), ''), own_name)
            else own_name
        end as publisher_key
    from without_path
)

select
    publisher,
    region_code,
    spelling,
    publisher_key,
    region_code || '-' || publisher_key as publisher_id
from keyed
