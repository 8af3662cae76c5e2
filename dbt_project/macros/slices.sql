{#- Models of `sliced: true` are made slice by slice (`int_report.slice`: reports side by side, `slice_quantities`
    quantities in all), so that no join or sort holds more than one slice, however many reports there are. -#}

{#- Rows of the slice in turn; of all of them where nothing is sliced (an increment, a unit test). -#}
{% macro in_slice(rows) -%}
(getvariable('slice') is null or {{ rows }}.slice = getvariable('slice'))
{%- endmacro %}

{#- In the place of the adapter's own: the same table, filled in as many steps as there are slices. -#}
{% macro duckdb__create_table_as(
    temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none
) -%}
{%- if not config.get('sliced') or temporary or partitioned_by or sorted_by -%}
{{ dbt.duckdb__create_table_as(temporary, relation, compiled_code, language, partitioned_by, sorted_by) }}
{%- else -%}
{%- set reports = relation.incorporate(path={
    'database': 'scratch', 'schema': 'intermediate', 'identifier': 'int_report'
}) -%}
{%- set last = run_query('select coalesce(max(slice), 0) from ' ~ reports).columns[0].values()[0] | int -%}
{%- set contract = config.get('contract') -%}
{%- if contract and contract.enforced -%}
{{ get_assert_columns_equivalent(compiled_code) }}
create table {{ relation }} {{ get_table_columns_and_constraints() }};
{%- set names = get_column_names() -%}
{%- set rows = get_select_subquery(compiled_code) -%}
{%- else -%}
create table {{ relation }} as select * from ({{ compiled_code }}) as made limit 0;
{%- set names = '' -%}
{%- set rows = compiled_code -%}
{%- endif -%}
{%- for slice in range(last + 1) %}
set variable slice = {{ slice }};
insert into {{ relation }} {{ names }} ({{ rows }});
{%- endfor %}
reset variable slice;
{%- endif -%}
{%- endmacro %}
