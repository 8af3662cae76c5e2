{#- In the place of the adapter's own: a relation is made under its name in one statement and one transaction. The
    adapter makes it under another name, looks for old ones of three names, renames, and writes each set of comments by
    itself: thrice the time where most relations are small. A reader never sees the file before it is whole. A lake is
    read while it is written: there the adapter's own stay. -#}

{% materialization table, adapter='duckdb' %}
{%- if adapter.is_ducklake(this) -%}
{{ return(dbt.materialization_table_duckdb()) }}
{%- endif -%}
{%- set target = this.incorporate(type='table') -%}
{%- set former = load_cached_relation(this) -%}
{%- call statement('main') -%}
{{ hooks_of(pre_hooks) }}
{{ made_anew(target, former) }}
{%- endcall -%}
{%- do adapter.commit() -%}
{{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
{%- if adapter.is_ducklake(this) -%}
{{ return(dbt.materialization_view_default()) }}
{%- endif -%}
{%- set target = this.incorporate(type='view') -%}
{%- call statement('main') -%}
create or replace view {{ target }} as (
    {{ sql }}
);
{%- endcall -%}
{%- do adapter.commit() -%}
{{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization incremental, adapter='duckdb' %}
{%- if adapter.is_ducklake(this) -%}
{{ return(dbt.materialization_incremental_duckdb()) }}
{%- endif -%}
{%- set target = this.incorporate(type='table') -%}
{%- set former = load_cached_relation(this) -%}
{%- call statement('main') -%}
{{ hooks_of(pre_hooks) }}
{% if former is none or should_full_refresh() -%}
{{ made_anew(target, former) }}
{%- else -%}
{%- set columns = [] -%}
{%- for column in model['columns'].values() -%}
{%- do columns.append(api.Column.create(column['name'], column['data_type'])) -%}
{%- endfor -%}
{%- set made = api.Relation.create(identifier=this.identifier ~ '_made') -%}
create temporary table {{ made }} as (
    {{ compiled_code }}
);
{{ adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy'))({
    'target_relation': target,
    'temp_relation': made,
    'unique_key': config.get('unique_key'),
    'dest_columns': columns,
    'incremental_predicates': config.get('incremental_predicates'),
}) }};
drop table {{ made }};
{%- endif -%}
{%- endcall -%}
{%- do adapter.commit() -%}
{{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- The table in the place of the one that bore its name, with its comments. -#}
{% macro made_anew(target, former) -%}
{%- if former is not none -%}
drop {{ former.type }} {{ former }} cascade;
{% endif -%}
{{ create_table_as(False, target, compiled_code, 'sql') }};
{% if config.persist_relation_docs() and model['description'] -%}
comment on table {{ target }} is {{ duckdb_escape_comment(model['description']) }};
{% endif -%}
{%- if config.persist_column_docs() -%}
{%- for column in model['columns'].values() if column['description'] -%}
comment on column {{ target }}.{{ column['name'] }} is {{ duckdb_escape_comment(column['description']) }};
{% endfor -%}
{%- endif -%}
{%- endmacro %}

{% macro hooks_of(hooks) -%}
{%- for hook in hooks -%}
{%- set statement = render(hook['sql']) | trim -%}
{%- if statement -%}
{{ statement }};
{% endif -%}
{% endfor -%}
{%- endmacro %}

{#- How what is written next is compressed. The setting is the whole database's, and models of an increment are made side by
    side: there it stays as it is. -#}
{% macro compressed(way) -%}
{%- if flags.FULL_REFRESH -%}set force_compression = '{{ way }}'{%- endif -%}
{%- endmacro %}
