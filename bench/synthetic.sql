-- Made reports first .. last - 1 (variables) into `store.staging`: bodies × years × indicators, about 50 quantities each.
-- A report's number says who and when: number % bodies is the body, number // bodies counts the years from first_year.

create or replace temp macro pick(number, salt) as (hash(number, salt) % 1000003)::bigint;

-- bodies: each division's government first, then its departments
create or replace temp table body as
with department as (
    select
        row_number() over (order by function)::integer as place,
        any_value(word) as word
    from publisher_functions
    where length(word) between 2 and 6
    group by function
),

placed as (
    select 0 as place, '人民政府' as name
    union all
    select place, word || '局' as name from department
)

select
    row_number() over (order by placed.place, division.region_code) - 1 as body_no,
    division.region_code,
    division.full_name,
    division.name || placed.name as publisher,
    'portal-' || division.region_code as source_id
from divisions as division
cross join placed
where division.valid_to is null and division.level in ('prefecture', 'county')
qualify body_no < getvariable('bodies');

create or replace temp table report as
select
    span.number,
    body.*,
    (getvariable('first_year') + span.number // getvariable('bodies'))::integer as year
from range(getvariable('first'), getvariable('last')) as span (number)
inner join body on span.number % getvariable('bodies') = body.body_no;

-- sentences: some with parts, rates and changes; for the rest any count of the catalogue
create or replace temp table piece as
select * from (values
    (1, 1, '全年共收到行政复议申请并受理案件', 'a', '件', 'recon_accepted', 'count'),
    (1, 2, '，审结', 'b', '件', 'recon_concluded', 'count'),
    (1, 3, '，其中维持', 'd', '件', 'recon_upheld', 'count'),
    (1, 4, '、撤销', 'e', '件', 'recon_revoked', 'count'),
    (1, 5, '、驳回', 'f', '件', 'recon_dismissed', 'count'),
    (1, 6, '，审结率', 'r', '%', 'recon_conclusion_rate', 'rate'),
    (2, 1, '各级调解组织共排查调解矛盾纠纷', 'a', '件', 'disputes_mediated', 'count'),
    (2, 2, '，调解成功', 'b', '件', 'disputes_settled', 'count'),
    (2, 3, '，调解成功率', 'r', '%', 'mediation_success_rate', 'rate'),
    (3, 1, '行政机关办理一审行政应诉案件', 'a', '件', 'lit_cases', 'count'),
    (3, 2, '，同比', 'g', '%', null, 'change_rate'),
    (3, 3, '，其中已审结', 'b', '件', 'lit_concluded', 'count'),
    (4, 1, '办理行政处罚案件', 'a', '件', 'penalties', 'count'),
    (4, 2, '，其中简易程序', 'e', '件', null, 'count'),
    (4, 3, '、普通程序', 'h', '件', null, 'count'),
    (5, 1, '受理12345热线工单', 'a', '件', 'hotline_orders', 'count'),
    (5, 2, '，按期办结', 'b', '件', 'hotline_done', 'count'),
    (5, 3, '，按期办结率', 'r', '%', 'hotline_done_rate', 'rate')
) as fixed (template, slot, before, formula, unit, indicator, kind)
union all
select
    100 + row_number() over (order by indicator_id) as template,
    1 as slot,
    '全年' || regexp_replace(name_zh, '[总]?[数率]$', '') as before,
    'a' as formula,
    unit,
    indicator_id as indicator,
    kind
from indicator_catalogue
where kind = 'count';

-- numbers that a body repeats with some growth year by year
create or replace temp table quantity as
with grown as (
    select
        report.number,
        report.year,
        piece.template,
        20 + pick(report.body_no, piece.template) % 3000 as base,
        pick(report.body_no, piece.template * 7919 + report.year) % 41 as now,
        pick(report.body_no, piece.template * 7919 + report.year - 1) % 41 as before
    from report
    inner join (select distinct template from piece) as piece
        on piece.template < 100 or pick(report.body_no, piece.template) % 1000 < 132
),

numbers as (
    select
        *,
        base * (80 + now) // 100 as a,
        base * (80 + before) // 100 as previous
    from grown
),

parts as (
    select
        *,
        a - a // (3 + now) as b,
        -- one rate in two hundred is wrong
        case when pick(number, template) % 200 = 0 then 3.0 else 0.0 end as slip
    from numbers
),

valued as (
    select
        parts.number,
        parts.template,
        parts.year,
        piece.* exclude (template),
        case piece.formula
            when 'a' then a
            when 'b' then b
            when 'd' then b - b // 3 - b // 4
            when 'e' then b // 3
            when 'f' then b // 4
            when 'h' then a - b // 3
            when 'r' then greatest(round(100.0 * b / a, 2) - slip, 0)
            else abs(round(100.0 * (a - previous) / previous, 2))
        end as value,
        case when piece.formula = 'g' then case when a < previous then 'down' else 'up' end end as direction
    from parts
    inner join piece on parts.template = piece.template
)

select
    *,
    before || case direction when 'down' then '下降' when 'up' then '增长' else '' end as lead,
    case when unit = '%' then printf('%.2f%%', value::double) else value::bigint || unit end as raw
from valued;

create or replace temp table line as
with sentence as (
    select
        number,
        template,
        string_agg(lead || raw, '' order by slot) || '。' as text
    from quantity
    group by number, template
),

filler as (
    -- running text between the numbers, so that a body is as long as a real one
    select
        report.number,
        500 + slot.slot as template,
        '坚持' || ['以习近平法治思想为指导', '问题导向', '依法行政', '以人民为中心'][1 + pick(number, slot.slot) % 4]
        || '，' || ['健全', '完善', '落实', '细化', '优化'][1 + pick(number, slot.slot + 50) % 5]
        || ['重大行政决策程序', '行政执法三项制度', '规范性文件合法性审查机制', '政务公开标准', '府院联动机制'][
            1 + pick(number, slot.slot + 100) % 5
        ]
        || '，推动' || report.publisher || '各项工作在法治轨道上运行，编号' || pick(number, slot.slot + 150) || '。' as text
    from report
    cross join range(55) as slot (slot)
),

numbered as (
    select
        *,
        -- five parts, as the regulation asks for; most numbers stand in the first
        case when template < 480 then 1 + (template % 23 = 0)::integer when template < 515 then 1
            else 2 + (template - 515) // 10 end as part_no
    from (select * from sentence union all select * from filler)
),

headed as (
    select number, part_no, template, text from numbered
    union all
    select
        report.number,
        part.part_no,
        -1 as template,
        ['一、主要举措和成效', '二、存在的不足', '三、主要负责人履职情况', '四、下一年度主要安排', '五、其他'][part.part_no] as text
    from report
    cross join range(1, 6) as part (part_no)
)

select
    *,
    coalesce(sum(length(text) + 1) over (
        partition by number order by part_no, template rows between unbounded preceding and 1 preceding
    ), 0)::integer as line_start
from headed;

create or replace temp table text as
select
    number,
    string_agg(text, chr(10) order by part_no, template) as body
from line
group by number;

-- where a report is seen: its own portal, for every seventh the city's too, for every twentieth an older version
create or replace temp table sighting as
select
    left(sha256(report.number || place.place), 16) as capture_id,
    report.*,
    place.place,
    case when place.place = 'city' then 'portal-' || left(report.region_code, 4) || '00' else report.source_id end
        as portal,
    'https://' || portal || '.invalid/' || report.number || '.html' as url
from report
cross join (values ('own'), ('city'), ('older')) as place (place)
where
    place.place = 'own'
    or (place.place = 'city' and report.number % 7 = 0)
    or (place.place = 'older' and report.number % 20 = 0);

insert into store.staging.source by name
select
    source_id,
    full_name as name,
    any_value(full_name || '人民政府') as publisher,
    any_value(region_code) as region_code,
    ['https://' || source_id || '.invalid/'] as start_urls,
    'auto' as cms_family,
    getvariable('first_year')::integer as first_year,
    'active' as status,
    false as is_sample
from body
where source_id not in (select held.source_id from store.staging.source as held)
group by source_id, full_name;

insert into store.staging.harvest_run by name
select
    getvariable('run_id') as run_id,
    source_id,
    getvariable('fetched_at')::timestamptz as started_at,
    getvariable('fetched_at')::timestamptz as finished_at,
    'ok' as status,
    10 as requests, 10 as listed, 1 as new, 0 as changed, 9 as unchanged, 0 as gone, 0 as failed,
    '[]' as reasons
from store.staging.source;

insert into store.staging.capture by name
select
    capture_id,
    portal as source_id,
    getvariable('run_id') as run_id,
    url,
    url as canonical_url,
    'https://' || portal || '.invalid/' as parent_url,
    'page' as role,
    getvariable('fetched_at')::timestamptz - interval (case when place = 'older' then 30 else 0 end) day as fetched_at,
    200 as http_status,
    'text/html' as media_type,
    sha256(capture_id) as content_sha256,
    60000 as content_bytes,
    portal || '.warc.gz' as warc_file,
    number as warc_offset
from sighting;

insert into store.staging.document by name
select
    sighting.capture_id,
    'bench' as extractor_version,
    'annual_report' as genre,
    sighting.publisher || sighting.year || '年度法治政府建设情况报告' as title,
    sighting.publisher,
    sighting.region_code,
    sighting.full_name as region_name,
    sighting.year as report_year,
    make_date(sighting.year + 1, 1, 20) + (pick(sighting.number, 3) % 90)::integer as published_on,
    case sighting.place when 'older' then replace(text.body, '坚持', '着力') else text.body end as body,
    sha256(sighting.number || case when sighting.place = 'older' then 'older' else '' end) as body_sha256,
    '{"publisher": "heading"}' as derived_from,
    '[]' as warnings,
    length(text.body) as body_chars,
    counted.quantities,
    hash(sighting.capture_id) as contents_digest
from sighting
inner join (select number, count(*) as quantities from quantity group by number) as counted on sighting.number = counted.number
inner join text on sighting.number = text.number;

insert into store.staging.section by name
select
    sighting.capture_id,
    line.part_no - 1 as section_no,
    line.part_no::varchar as path,
    1 as level,
    line.text as heading,
    line.line_start as char_start,
    coalesce(
        lead(line.line_start) over (partition by sighting.capture_id order by line.part_no), length(text.body)
    )::integer as char_end,
    ['achievements', 'problems', 'leadership', 'plan', 'other'][line.part_no] as part
from line
inner join sighting on line.number = sighting.number
inner join text on line.number = text.number
where line.template = -1;

insert into store.staging.quantity by name
with located as (
    select
        quantity.*,
        line.text as sentence,
        line.line_start as sentence_start,
        line.part_no - 1 as section_no,
        (line.line_start + sum(length(lead || raw)) over (
            partition by quantity.number, quantity.template order by slot
        ))::integer as char_end
    from quantity
    inner join line on quantity.number = line.number and quantity.template = line.template
)

select
    sighting.capture_id,
    located.char_end - length(located.raw)::integer as char_start,
    located.char_end,
    located.raw,
    located.value,
    located.unit,
    located.kind,
    'exact' as approx,
    located.direction,
    regexp_replace(located.lead, '^[，、]', '') as subject,
    located.year as period_year,
    false as is_target,
    located.indicator,
    0.9 as confidence,
    located.sentence,
    located.sentence_start,
    located.section_no
from located
inner join sighting on located.number = sighting.number;
