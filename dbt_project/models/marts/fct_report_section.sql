{{ config(
    materialized='incremental', incremental_strategy='affected', on_schema_change='fail'
) }}
-- depends_on: {{ ref('int_affected') }}
select
    version.report_id || ':' || section.section_no as section_id,
    version.report_id,
    version.publisher_id,
    version.report_year,
    section.section_no,
    section.path,
    section.level,
    section.heading,
    section.part,
    section.char_start,
    section.char_end,
    version.url
from {{ ref('stg_section') }} as section
inner join {{ ref('int_report') }} as version on section.capture_id = version.capture_id
order by version.report_id, section.section_no
