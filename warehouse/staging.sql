-- Staging: what extraction wrote, one schema, loaded so that doing it twice changes nothing (warehouse/staging.py).
-- Everything here can be rebuilt from the archive. Sections and quantities come and go with their document, whose key
-- guards them: an index over millions of their own would be written anew with each checkpoint.
create schema if not exists staging;

-- one row: which version of this file wrote the schema
create table if not exists staging.meta (
    schema_version integer primary key
);

-- one row per source registry entry, replaced as a whole at each load
create table if not exists staging.source (
    source_id varchar primary key,
    name varchar not null,
    publisher varchar,
    region_code varchar,
    start_urls varchar[] not null,
    cms_family varchar not null,
    expect_min integer,
    expect_max integer,
    first_year integer,
    status varchar not null,            -- active | blocked | retired
    status_reason varchar,
    is_sample boolean not null default false
);

-- one row per source and harvest run
create table if not exists staging.harvest_run (
    run_id varchar not null,
    source_id varchar not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    status varchar not null,            -- ok | failed | blocked | partial
    requests integer not null,
    listed integer not null,            -- candidate links seen on list pages
    new integer not null,
    changed integer not null,
    unchanged integer not null,
    gone integer not null,
    failed integer not null,
    reasons varchar not null,           -- JSON list of {url, reason}
    primary key (run_id, source_id)
);

-- one row per distinct content seen at a url (a response that was relied on)
create table if not exists staging.capture (
    capture_id varchar primary key,     -- sha256 of canonical url and content digest, 16 hex digits
    source_id varchar not null,
    run_id varchar not null,            -- the run that saw this content first
    url varchar not null,
    canonical_url varchar not null,
    parent_url varchar,                 -- list page, or the page an attachment belongs to
    role varchar not null,              -- page | attachment | file
    link_text varchar,
    fetched_at timestamptz not null,
    http_status integer,
    media_type varchar,
    content_sha256 varchar not null,
    content_bytes bigint not null,
    warc_file varchar not null,         -- relative to the archive
    warc_offset bigint not null,
    has_returned boolean                -- true: the url holds this content again, after it held another
);

-- one row per parsed capture; the fields of the `fazhi parse` contract
create table if not exists staging.document (
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
    body_sha256 varchar not null,       -- of the body without white space: the same text under other boilerplate
    derived_from varchar not null,      -- JSON object
    warnings varchar not null,          -- JSON list
    error varchar,
    -- written by the load, so that a build need not read all texts and quantities to see what is new
    body_chars integer not null,
    quantities integer not null,
    contents_digest ubigint not null    -- of all its sections and quantities
);

create table if not exists staging.section (
    capture_id varchar not null,
    section_no integer not null,        -- order in the document, from 0
    path varchar not null,
    level integer not null,
    heading varchar not null,
    char_start integer not null,
    char_end integer not null,
    part varchar not null
);

create table if not exists staging.quantity (
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
    sentence varchar not null,          -- the sentence around it, for readers
    sentence_start integer not null,
    section_no integer                  -- innermost section holding char_start, null before the first heading
);
