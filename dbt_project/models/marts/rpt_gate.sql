{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}
-- filled in when a build is published: what its gates and those of the builds before it observed
select
    null::timestamptz as checked_at,
    null::varchar as gate,
    null::varchar as check_name,
    null::varchar as severity,
    null::boolean as passed,
    null::varchar as observed,
    null::varchar as detail
where false
