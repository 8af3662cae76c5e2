-- published marts in, one row per number that a person should look at, worst first
-- $below: confidence under which a number is doubtful; $reports: an unmapped subject counts as frequent from so many
-- reports on; $examples: numbers shown of one frequent subject. Subjects of one topic (flows/topics.py) count as one
with checks as (
    select
        input.quantity_id,
        check_row.verdict = 'unusual' as is_unusual,
        case check_row.verdict when 'fail' then 'failed check: ' else 'unusual: ' end || check_row.explanation || ' ('
        || string_agg(coalesce(input.raw, 'computed ' || input.value::varchar), ', ')
            over (partition by check_row.check_id) || ')' as why
    from rpt_reconciliation as check_row,
        unnest(from_json(
            check_row.inputs, '[{"role": "varchar", "quantity_id": "varchar", "raw": "varchar", "value": "double"}]'
        )) as inputs (input)
    where
        check_row.verdict = 'fail'
        -- what is unusual beside other reports is this report's number, not theirs
        or (check_row.verdict = 'unusual' and starts_with(input.quantity_id, check_row.report_id || ':'))
),

unmapped as (
    select
        quantity_id,
        subject,
        unit,
        report_id,
        topic(subject) as topic,
        dense_rank() over (partition by topic(subject), unit order by report_id) as report_no,
        row_number() over (partition by topic(subject), unit, report_id order by char_start, quantity_id) as place_no
    from fct_quantity
    where
        indicator_id is null and not is_target and subject != '' and confidence >= $below
        and kind in ('count', 'rate', 'amount', 'duration')
),

frequent as (
    select
        quantity_id,
        3 as severity,
        'no indicator, yet ' || subject || coalesce(' (' || unit || ')', '') || ' stands in ' || reports || ' reports'
            as why,
        reports
    from (select *, max(report_no) over (partition by topic, unit) as reports from unmapped)
    where reports >= $reports and place_no = 1 and report_no <= $examples
),

reasons as (
    select quantity_id, 2 * is_unusual::integer as severity, why, 0 as reports from checks where quantity_id is not null
    union all
    select quantity_id, 1, 'low confidence: ' || confidence, 0 from fct_quantity where confidence < $below
    union all
    select
        quantity_id,
        2,
        'the report also states ' || regexp_replace(rival_value::varchar, '\.0$', '') || ' for this indicator',
        0
    from fct_indicator_yearly
    where quality_flag = 'conflicting'
    union all
    select quantity_id, severity, why, reports from frequent
),

doubtful as (
    select
        quantity_id,
        min(severity) as severity,
        max(reports) as reports,
        string_agg(distinct why, '; ' order by why) as why
    from reasons
    group by quantity_id
)

select
    'q' || left(report.content_sha256, 16) || ':' || quantity.char_start || '-' || quantity.char_end as quantity_key,
    -- as int_correction finds it again
    's' || left(
        sha256(
            regexp_replace(quantity.sentence, '[\s\x{a0}\x{3000}]+', '', 'g')
            || '@'
            || length(
                regexp_replace(
                    substring(quantity.sentence, 1, quantity.char_start - quantity.sentence_start),
                    '[\s\x{a0}\x{3000}]+', '', 'g'
                )
            )
        ),
        15
    ) as sentence_fingerprint,
    quantity.report_id,
    report.publisher,
    quantity.sentence,
    quantity.raw,
    quantity.value,
    quantity.unit,
    quantity.kind,
    quantity.subject,
    quantity.period_year as year,
    quantity.indicator_id as indicator,
    indicator.name_zh as indicator_name,
    doubtful.why,
    report.url
from doubtful
inner join fct_quantity as quantity on doubtful.quantity_id = quantity.quantity_id
inner join fct_report as report on quantity.report_id = report.report_id
left join dim_indicator as indicator on quantity.indicator_id = indicator.indicator_id
where quantity.review is null
order by
    doubtful.severity, doubtful.reports desc, case when doubtful.severity = 1 then quantity.confidence end,
    case when doubtful.severity = 3 then quantity.subject end, quantity.report_id, quantity.char_start
