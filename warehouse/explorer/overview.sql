-- one document: totals, coverage by province and year, timeliness by year, what is counted most
select
    'overview.json.gz' as file,
    null as key,
    to_json({
        'totals': (
            select {
                'reports': (select count(*) from fct_report),
                'publishers': (select count(*) from dim_publisher),
                'quantities': (select count(*) from fct_quantity),
                'mapped': (select count(*) from fct_quantity where indicator_id is not null),
                'values': (select count(*) from fct_indicator_yearly),
                'checks': (select count(*) from rpt_reconciliation),
                'failed': (select count(*) from rpt_reconciliation where verdict = 'fail')
            }
        ),
        'coverage': (
            select list(cell order by cell.code, cell.year)
            from (
                select {
                    'code': coalesce(coverage.province_code, ''), 'name': any_value(region.name),
                    'short': any_value(region.short_name), 'year': coverage.report_year, 'expected': count(*),
                    'published': count(*) filter (where coverage.status in ('published', 'late')),
                    'late': count(*) filter (where coverage.status = 'late'),
                    'missing': count(*) filter (where coverage.status = 'missing'),
                    'blocked': count(*) filter (where coverage.status = 'blocked')
                } as cell
                from rpt_coverage as coverage
                left join dim_region as region
                    on coverage.province_code = region.region_code and coverage.report_year = region.year
                group by coverage.province_code, coverage.report_year
            )
        ),
        'timeliness': (
            select list(cell order by cell.year)
            from (
                select {
                    'year': report_year, 'on_time': count(*) filter (where timeliness = 'on_time'),
                    'late': count(*) filter (where timeliness = 'late'),
                    'unknown': count(*) filter (where timeliness = 'unknown'),
                    'missing': count(*) filter (where status = 'missing'),
                    'blocked': count(*) filter (where status = 'blocked'),
                    'days_late': median(days_late) filter (where status = 'late')
                } as cell
                from rpt_coverage
                group by report_year
            )
        ),
        'newest': (
            select list(cell order by cell.published desc, cell.id)
            from (
                select {
                    'id': report_id, 'title': title, 'publisher': publisher, 'year': report_year,
                    'published': published_on, 'failed': failed_checks
                } as cell
                from fct_report
                where published_on is not null
                order by published_on desc, report_id
                limit 8
            )
        ),
        'fictional': (select coalesce(bool_and(is_fictional), false) from fct_report)
    }) as doc
