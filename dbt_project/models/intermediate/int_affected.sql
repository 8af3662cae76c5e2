-- depends_on: {{ ref('int_correction') }}
-- depends_on: {{ ref('int_publisher_lineage') }}
-- whose marts must be made anew: everybody's in a full refresh, else those of whom anything is not as published
{% if flags.FULL_REFRESH %}
    select distinct publisher_id
    from {{ ref('int_version_fingerprint') }}
    where report_id is not null
{% else %}
    with present as (
        select
            capture_id,
            publisher_id,
            fingerprint
        from {{ ref('int_version_fingerprint') }}
        where report_id is not null
    ),

    published as (
        select
            capture_id,
            publisher_id,
            fingerprint
        from {{ source('previous', 'fct_report_version') }}
        where report_id is not null
    ),

    decided as (
        select
            report_id,
            hash(correction_id, found_value, reason, status, outcome, explanation) as decision
        from {{ ref('int_correction') }}
        where report_id is not null
    ),

    decided_before as (
        select
            report_id,
            hash(correction_id, found_value, reason, status, outcome, explanation) as decision
        from {{ source('previous', 'rpt_correction') }}
        where report_id is not null
    ),

    decided_anew as (
        (
            select * from decided
            except
            select * from decided_before
        )
        union
        (
            select * from decided_before
            except
            select * from decided
        )
    ),

    -- content under two reports is told of once among the corrections
    reviewed_before as (
        select distinct report_id
        from {{ source('previous', 'fct_quantity') }}
        where review is not null and report_id not in (select decided.report_id from decided)
    ),

    new as (
        select * from present
        except
        select * from published
    ),

    old as (
        select * from published
        except
        select * from present
    ),

    -- a successor or predecessor that comes up changes what a body is compared with
    related_anew as (
        select
            publisher_id,
            lineage_id
        from {{ ref('int_publisher_lineage') }}
        except
        select
            publisher_id,
            lineage_id
        from {{ source('previous', 'dim_publisher') }}
    ),

    direct as (
        select publisher_id from new
        union
        select publisher_id from old
        union
        select publisher_id
        from {{ ref('int_version_fingerprint') }}
        where
            report_id in (
                select decided_anew.report_id from decided_anew
                union
                select report_id from reviewed_before
            )
        union
        select publisher_id from related_anew
    ),

    lineages as (
        select
            publisher_id,
            lineage_id
        from {{ ref('int_publisher_lineage') }}
        union
        select
            publisher_id,
            lineage_id
        from {{ source('previous', 'dim_publisher') }}
    )

    select publisher_id from direct
    union
    select relative.publisher_id
    from lineages as relative
    inner join lineages as own on relative.lineage_id = own.lineage_id
    inner join direct on own.publisher_id = direct.publisher_id
{% endif %}
