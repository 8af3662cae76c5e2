{#- Models of `sliced: true` are made slice by slice (`int_report.slice`: reports side by side, `slice_quantities`
    quantities in all), so that no join or sort holds more than one slice, however many reports there are. -#}

{#- Rows of the slice in turn; of all of them where nothing is sliced (an increment, a unit test). -#}
{% macro in_slice(rows) -%}
(getvariable('slice') is null or {{ rows }}.slice = getvariable('slice'))
{%- endmacro %}

{#- In the place of the adapter's own: the same table, filled in as many steps as there are slices. Its contract's names
    and types are those of the declared columns; that the query gives no others is asked in a whole build, of which an
    increment has the models. -#}
{% macro duckdb__create_table_as(
    temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none
) -%}
{%- if temporary or partitioned_by or sorted_by -%}
{{ dbt.duckdb__create_table_as(temporary, relation, compiled_code, language, partitioned_by, sorted_by) }}
{%- else -%}
{%- set contract = config.get('contract') -%}
{%- set steps = slices() if config.get('sliced') else [none] -%}
{%- if contract and contract.enforced -%}
{%- if flags.FULL_REFRESH -%}
{{ get_assert_columns_equivalent(compiled_code) }}
{%- endif -%}
create table {{ relation }} {{ get_table_columns_and_constraints() }};
{%- set names = get_column_names() -%}
{%- set rows = get_select_subquery(compiled_code) -%}
{{ filled(relation, names, rows, steps) }}
{%- elif config.get('sliced') -%}
create table {{ relation }} as select * from ({{ compiled_code }}) as made limit 0;
{{ filled(relation, '', compiled_code, steps) }}
{%- else -%}
create table {{ relation }} as (
    {{ compiled_code }}
)
{%- endif -%}
{%- endif -%}
{%- endmacro %}

{% macro slices() -%}
{%- set reports = this.incorporate(path={
    'database': 'scratch', 'schema': 'intermediate', 'identifier': 'int_report'
}) -%}
{{ return(range(1 + run_query('select coalesce(max(slice), 0) from ' ~ reports).columns[0].values()[0] | int)) }}
{%- endmacro %}

{% macro filled(relation, names, rows, steps) -%}
{%- for slice in steps %}
{%- if slice is not none %}
set variable slice = {{ slice }};
{%- endif %}
insert into {{ relation }} {{ names }} ({{ rows }});
{%- endfor %}
{%- if steps[0] is not none %}
reset variable slice
{%- endif %}
{%- endmacro %}
