-- The archive's index: what is committed, and what is known of each url. Everything here follows from the WARC files,
-- but for `url.verdict`, which extraction gives again.
create table if not exists file (warc_file text primary key, committed integer not null);
create table if not exists run (run_id text primary key, finished integer not null);
create table if not exists capture (
    capture_id text primary key, source_id text not null, run_id text not null, url text not null,
    canonical_url text not null, parent_url text, role text not null, link_text text, fetched_at text not null,
    http_status integer, media_type text, content_sha256 text not null, content_bytes integer not null,
    warc_file text not null, warc_offset integer not null, seq integer not null
);
create index if not exists capture_by_source on capture (source_id, seq);
create table if not exists url (
    canonical_url text primary key, source_id text not null, etag text, last_modified text, content_sha256 text,
    verdict text, last_run text not null, gone integer not null default 0,
    complete integer not null default 0   -- whether the page's attachments were dealt with
);
create table if not exists harvest_run (
    run_id text not null, source_id text not null, started_at text not null, finished_at text not null,
    status text not null, requests integer not null, listed integer not null, new integer not null,
    changed integer not null, unchanged integer not null, gone integer not null, failed integer not null,
    reasons text not null, primary key (run_id, source_id)
);
-- how far a run has come at a source: kept so that a killed run goes on with the same figures
create table if not exists source_run (
    run_id text not null, source_id text not null, started_at text not null, primary key (run_id, source_id)
);
create table if not exists asked (
    run_id text not null, source_id text not null, url text not null, primary key (run_id, source_id, url)
) without rowid;
-- the items of a list page when its source was last harvested to the end
create table if not exists listing (list_url text primary key, source_id text not null, items_sha256 text not null);
