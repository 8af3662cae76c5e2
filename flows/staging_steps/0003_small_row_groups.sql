-- sections and quantities without keys of their own, which their document's guards, and all in the row groups that a new file
-- has; DuckDB changes neither of a table, so each is written once more
create table staging.capture_kept (
    capture_id varchar primary key,
    source_id varchar not null,
    run_id varchar not null,
    url varchar not null,
    canonical_url varchar not null,
    parent_url varchar,
    role varchar not null,
    link_text varchar,
    fetched_at timestamptz not null,
    http_status integer,
    media_type varchar,
    content_sha256 varchar not null,
    content_bytes bigint not null,
    warc_file varchar not null,
    warc_offset bigint not null,
    has_returned boolean
);
insert into staging.capture_kept by name from staging.capture;
drop table staging.capture;
alter table staging.capture_kept rename to capture;
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
    error varchar
);
insert into staging.document_kept by name from staging.document;
drop table staging.document;
alter table staging.document_kept rename to document;
create table staging.section_kept (
    capture_id varchar not null,
    section_no integer not null,
    path varchar not null,
    level integer not null,
    heading varchar not null,
    char_start integer not null,
    char_end integer not null,
    part varchar not null
);
insert into staging.section_kept by name from staging.section;
drop table staging.section;
alter table staging.section_kept rename to section;
create table staging.quantity_kept (
    capture_id varchar not null,
    char_start integer not null,
    char_end integer not null,
    raw varchar not null,
    value double,
    unit varchar,
    kind varchar not null,
    approx varchar not null,
    direction varchar,
    subject varchar not null,
    scope varchar,
    period_year integer,
    is_target boolean not null,
    indicator varchar,
    confidence double not null,
    sentence varchar not null,
    sentence_start integer not null,
    section_no integer
);
insert into staging.quantity_kept by name from staging.quantity;
drop table staging.quantity;
alter table staging.quantity_kept rename to quantity;
