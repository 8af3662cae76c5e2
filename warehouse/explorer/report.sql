-- one document a report: text, quantities, headings and checks; read by report.html
with quantity as (
    select
        report_id,
        list({
            'at': char_start, 'to': char_end, 'raw': raw, 'value': value, 'unit': unit, 'kind': kind, 'approx': approx,
            'direction': direction, 'subject': subject, 'scope': scope, 'year': period_year, 'target': is_target,
            'indicator': indicator_id, 'confidence': round(confidence, 3), 'flag': quality_flag,
            'yearly': is_yearly_value, 'id': quantity_id, 'review': review, 'reason': review_reason
        } order by char_start, char_end) as items
    from fct_quantity
    where report_id in (select id from bucket)
    group by report_id
),

section as (
    select
        report_id,
        list({
            'path': path, 'level': level, 'heading': heading, 'part': part, 'at': char_start, 'to': char_end
        } order by section_no) as items
    from fct_report_section
    where report_id in (select id from bucket)
    group by report_id
),

reconciled as (
    select
        report_id,
        count(*) filter (where verdict = 'pass') as passed,
        list({
            'kind': kind, 'verdict': verdict, 'explanation': explanation, 'expected': expected, 'stated': stated,
            'indicator': indicator_id, 'inputs': inputs::json
        } order by verdict != 'fail', check_id) filter (where verdict != 'pass') as items
    from rpt_reconciliation
    where report_id in (select id from bucket)
    group by report_id
)

select
    'report/' || bucket.number || '.json.gz' as file,
    report.report_id as key,
    to_json({
        'title': report.title, 'publisher': report.publisher, 'publisher_id': report.publisher_id,
        'region': report.region_name, 'region_code': report.region_code, 'year': report.report_year,
        'published': report.published_on, 'signed': report.signed_on, 'timeliness': report.timeliness,
        'days_late': report.days_late, 'source': report.source, 'index_no': report.index_no,
        'document_no': report.document_no, 'site_id': report.site_id, 'url': report.url,
        'archive': report.warc_file || ':' || report.warc_offset, 'sha256': report.content_sha256,
        'versions': report.versions, 'appearances': report.appearances, 'fictional': report.is_fictional,
        'derived': report.derived_from::json, 'warnings': report.warnings::json, 'body': report.body,
        'sections': coalesce(section.items, []), 'quantities': coalesce(quantity.items, []),
        'passed': coalesce(reconciled.passed, 0), 'checks': coalesce(reconciled.items, [])
    }) as doc
from fct_report as report
inner join bucket on report.report_id = bucket.id
left join quantity on report.report_id = quantity.report_id
left join section on report.report_id = section.report_id
left join reconciled on report.report_id = reconciled.report_id
order by bucket.number, report.report_id
