-- what a build asks of each document, so that it need not read all texts and quantities for it
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
create table staging.document_kept (
    capture_id varchar primary key,
    extractor_version varchar not null,
    genre varchar,
    title varchar,
    publisher varchar,
    source varchar,
    index_no varchar,
    document_no varchar,
    site_id varchar,
    region_code varchar,
    region_name varchar,
    report_year integer,
    published_on date,
    signed_on date,
    body varchar not null,
    body_sha256 varchar not null,
    derived_from varchar not null,
    warnings varchar not null,
    error varchar,
    body_chars integer not null,
    quantities integer not null,
    contents_digest ubigint not null
);
insert into staging.document_kept by name
select document.*, contents.* exclude (capture_id)
from staging.document as document
inner join contents on document.capture_id = contents.capture_id;
drop table staging.document;
alter table staging.document_kept rename to document;
drop table contents;
