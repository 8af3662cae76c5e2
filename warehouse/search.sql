-- The search index: which word stands how often in which unit. Plain tables and macros, so that any client that opens
-- the file can search it, without an extension. Rows of `posting` come in sorted batches: a search reads only the row
-- groups whose range of (kind, word_id) it needs. Macros name the catalogue: they work for every client that opens or
-- attaches `search.duckdb`, which DuckDB calls `search`.

-- one row: what the index was made with, the snapshot it agrees with, and how far from tidy it is: batches of postings
-- since they were sorted as a whole, units that are gone while their postings stand
create table state (
    made_with varchar not null,
    snapshot_id varchar,
    batches integer not null default 0,
    dead_units bigint not null default 0
);

-- one row per indexed report; content decides whether its units are still right
create table report (
    report_no integer not null,
    report_id varchar not null,
    content varchar not null
);

create table word (
    word_id integer not null,
    word varchar not null
);

-- kind 1: a section's own text, up to the next heading (place: section_no; -1: what stands before the first heading);
-- kind 2: a sentence with quantities (place: its first character). Offsets are into marts.fct_report.body.
create table unit (
    kind utinyint not null,
    report_no integer not null,
    place integer not null,
    char_start integer not null,
    char_end integer not null,
    words integer not null
);

-- how often a word stands in a unit, and how many words the unit has: all that a score needs, so that a search joins
-- nothing large. Postings of reports that are gone stay until all are sorted anew.
create table posting (
    kind utinyint not null,
    word_id integer not null,
    report_no integer not null,
    place integer not null,
    n usmallint not null,
    words usmallint not null
);

-- reports whose postings are still there, and nothing else of them
create table gone (report_no integer not null);

-- how many units of each kind there are, and how long they are on average: what BM25 compares with
create table extent (kind utinyint not null, units bigint not null, words double not null);

-- the words of the index that a query holds: of each piece between blanks all words of two characters and more
create macro query_words(query) as table
with
pieces as (
    select distinct unnest(regexp_split_to_array(trim(lower(query)), '[\s\p{P}]+')) as piece
),

cuts as (
    select distinct substring(pieces.piece, first.place, long.n) as cut
    from pieces, range(1, 65) as first (place), range(1, 17) as long (n)
    where first.place + long.n - 1 <= length(pieces.piece)
    and (long.n > 1 or length(pieces.piece) = 1)
    union
    select piece from pieces
)

select word.word_id, word.word
from search.main.word as word inner join cuts on word.word = cuts.cut;

-- Okapi BM25 with k1 = 1.2 and b = 0.75, over the units of one kind
create macro bm25(query, wanted_kind) as table
with
wanted as materialized (
    select word_id from search.main.query_words(query)
),

hits as materialized (
    select posting.word_id, posting.report_no, posting.place, posting.n, posting.words
    from search.main.posting as posting
    semi join wanted on posting.word_id = wanted.word_id
    anti join search.main.gone as gone on posting.report_no = gone.report_no
    where posting.kind = wanted_kind
),

rarity as (
    select hits.word_id, ln((any_value(extent.units) - count(*) + 0.5) / (count(*) + 0.5) + 1) as idf
    from hits, search.main.extent as extent
    where extent.kind = wanted_kind
    group by hits.word_id
),

scored as (
    select
        hits.report_no,
        hits.place,
        sum(rarity.idf * hits.n * 2.2 / (hits.n + 1.2 * (0.25 + 0.75 * hits.words / extent.words))) as score,
        count(*) as words_found
    from hits
    inner join rarity on hits.word_id = rarity.word_id
    inner join search.main.extent as extent on extent.kind = wanted_kind
    group by hits.report_no, hits.place
)

select report.report_id, scored.place, scored.score, scored.words_found
from scored
inner join search.main.report as report on scored.report_no = report.report_no;

-- sections that hold a word; `order by score desc` ranks them (in here, all of them would be sorted, also where a query
-- keeps few). Join marts.fct_report and marts.fct_report_section by report_id (and section_no)
create macro sections(query) as table
select report_id, place as section_no, score, words_found
from search.main.bm25(query, 1);

-- sentences with quantities that hold a word, likewise; join marts.fct_quantity by report_id and sentence_start
create macro sentences(query) as table
select report_id, place as sentence_start, score, words_found
from search.main.bm25(query, 2);
