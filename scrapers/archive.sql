-- The archive's index: what is committed, and what is known of each url. Everything here follows from the WARC files, but
-- for `url.verdict`, which extraction gives again, and for what only saves requests: when an unchanged page was asked
-- last, what the lists held, what is still wanted. A changed table needs a higher VERSION in index.py.
create table file (warc_file text primary key, committed integer not null);
create table run (run_id text primary key, finished integer not null);
create table capture (
    capture_id text primary key, source_id text not null, run_id text not null, url text not null,
    canonical_url text not null, parent_url text, role text not null, link_text text, fetched_at text not null,
    http_status integer, media_type text, content_sha256 text not null, content_bytes integer not null,
    warc_file text not null, warc_offset integer not null, seq integer not null
);
create index capture_by_source on capture (source_id, seq);
create index capture_by_url on capture (canonical_url, content_sha256);
create table url (
    canonical_url text primary key, source_id text not null, etag text, last_modified text, content_sha256 text,
    verdict text, last_run text not null, checked_at text not null, gone integer not null default 0,
    complete integer not null default 0   -- whether the page's attachments were dealt with
);
create index url_by_source on url (source_id);
create table harvest_run (
    run_id text not null, source_id text not null, started_at text not null, finished_at text not null,
    status text not null, requests integer not null, listed integer not null, new integer not null,
    changed integer not null, unchanged integer not null, gone integer not null, failed integer not null,
    reasons text not null, primary key (run_id, source_id)
);
-- how far a run has come at a source: kept while it lasts, so that a killed run goes on with the same figures
create table source_run (
    run_id text not null, source_id text not null, started_at text not null, primary key (run_id, source_id)
);
create table asked (
    run_id text not null, source_id text not null, url text not null, primary key (run_id, source_id, url)
) without rowid;
create table visit (
    run_id text not null, source_id text not null, canonical_url text not null, outcome text not null, reason text,
    primary key (run_id, source_id, canonical_url)
) without rowid;
-- what each list (by its start url) named when it was last read without trouble, and how many items its pages held
create table listed (
    start_url text not null, canonical_url text not null, title_sha256 text not null, candidate integer not null,
    primary key (start_url, canonical_url)
) without rowid;
create table list_page (list_url text primary key, start_url text not null, items integer not null);
create table sweep (start_url text primary key, swept_at text not null);
-- pages and attachments that could not be had, and when they are asked for again
create table wanted (
    canonical_url text primary key, source_id text not null, url text not null, title text, parent_url text,
    failures integer not null, not_before text not null, reason text not null
);
