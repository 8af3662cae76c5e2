{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}
select
    region_code || '-' || year as region_year_id,
    region_code,
    year,
    name,
    short_name,
    full_name,
    level,
    parent_code,
    case when level != 'country' then left(region_code, 2) || '0000' end as province_code,
    is_fictional
from {{ ref('int_division_as_of_year') }}
{% if not flags.FULL_REFRESH %}
    -- as published
    where false
{% endif %}
order by region_code, year
