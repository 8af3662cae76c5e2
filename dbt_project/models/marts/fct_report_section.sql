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
inner join {{ ref('int_version') }} as version on section.capture_id = version.capture_id and version.is_current
order by version.report_id, section.section_no
