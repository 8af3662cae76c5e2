-- what this warehouse was made from and by; nothing here depends on when or in how many steps it was built
select
    '{{ var("recipe") }}' as recipe,
    version() as duckdb_version,
    as_of.as_of,
    (select max(run.run_id) from {{ ref('stg_harvest_run') }} as run) as last_run_id,
    (
        select string_agg(distinct document.extractor_version, ' | ' order by document.extractor_version)
        from {{ ref('stg_document') }} as document
    ) as extractor_versions,
    (select count(*) from {{ ref('stg_capture') }})::integer as captures,
    (select count(*) from {{ ref('fct_report') }})::integer as reports,
    (select count(*) from {{ ref('fct_quantity') }})::integer as quantities,
    (select count(*) from {{ ref('fct_indicator_yearly') }})::integer as yearly_values
from {{ ref('int_as_of') }} as as_of
