-- what a build asks of each document, so that it need not read all texts and quantities for it; DuckDB forbids empty values
-- before rows are changed, not after
alter table staging.document add column body_chars integer default 0;
alter table staging.document add column quantities integer default 0;
alter table staging.document add column contents_digest ubigint default 0;
alter table staging.document alter column body_chars set not null;
alter table staging.document alter column quantities set not null;
alter table staging.document alter column contents_digest set not null;
alter table staging.document alter column body_chars drop default;
alter table staging.document alter column quantities drop default;
alter table staging.document alter column contents_digest drop default;
create temporary table contents as
with sections as (
    select capture_id, bit_xor(hash(section)) as digest from staging.section as section group by capture_id
),

quantities as (
    select capture_id, count(*) as rows, bit_xor(hash(quantity)) as digest
    from staging.quantity as quantity group by capture_id
)

select
    document.capture_id,
    length(document.body) as body_chars,
    coalesce(quantities.rows, 0) as quantities,
    hash(sections.digest, quantities.digest) as contents_digest
from staging.document as document
left join sections on document.capture_id = sections.capture_id
left join quantities on document.capture_id = quantities.capture_id;
update staging.document set
    body_chars = contents.body_chars,
    quantities = contents.quantities,
    contents_digest = contents.contents_digest
from contents
where document.capture_id = contents.capture_id;
drop table contents;
