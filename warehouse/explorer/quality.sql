-- one document: checks by kind, the worst reports, indicators and sources, the gates of the last build
select
    'quality.json.gz' as file,
    null as key,
    to_json({
        'checks': (
            select list(cell order by cell.kind)
            from (
                select {
                    'kind': kind, 'pass': count(*) filter (where verdict = 'pass'),
                    'explained': count(*) filter (where verdict = 'explained'),
                    'unusual': count(*) filter (where verdict = 'unusual'),
                    'fail': count(*) filter (where verdict = 'fail')
                } as cell
                from rpt_reconciliation
                group by kind
            )
        ),
        'flags': (
            select list(cell order by cell.year, cell.flag)
            from (
                select {'year': report_year, 'flag': quality_flag, 'values': count(*)} as cell
                from fct_indicator_yearly
                group by report_year, quality_flag
            )
        ),
        'reports': (
            select list(cell order by cell.failed desc, cell.id)
            from (
                select {
                    'id': report_id, 'publisher': publisher, 'publisher_id': publisher_id, 'year': report_year,
                    'checks': checks, 'failed': failed_checks
                } as cell
                from fct_report
                where failed_checks > 0
                order by failed_checks desc, report_id
                limit $worst
            )
        ),
        'indicators': (
            select list(cell order by cell.failed desc, cell.doubtful desc, cell.id)
            from (
                select {'id': indicator_id, 'values': known, 'failed': failed, 'doubtful': doubtful} as cell
                from (
                    select
                        indicator_id,
                        count(*) as known,
                        count(*) filter (where quality_flag = 'failed_check') as failed,
                        count(*) filter (where quality_flag in ('unusual', 'conflicting')) as doubtful
                    from fct_indicator_yearly
                    group by indicator_id
                )
                where failed + doubtful > 0
                order by failed desc, doubtful desc, indicator_id
                limit $worst
            )
        ),
        'warnings': (
            select list(cell order by cell.reports desc, cell.code)
            from (
                select {'code': warning.code, 'reports': count(distinct report_id)} as cell
                from (
                    select report_id, unnest(from_json(warnings, '[{"code": "VARCHAR"}]')) as warning
                    from fct_report
                )
                group by warning.code
            )
        )
    }) as doc
