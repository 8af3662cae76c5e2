{#- Incremental strategy `affected`: the rows of the bodies that are made anew give way to the new ones; so do rows whose
    unique_key comes again, and those that a predicate names. Made rows for which the model's `unchanged` holds stand there
    already, and stay. -#}
{% macro get_incremental_affected_sql(arg_dict) -%}
{%- set target = arg_dict['target_relation'] -%}
{%- set key = arg_dict['unique_key'] -%}
{%- set unchanged = config.get('unchanged') -%}
{%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
delete from {{ target }}
where
    publisher_id in (select publisher_id from {{ ref('int_affected') }})
    {% if unchanged -%}
    and {{ key }} not in (select {{ key }} from {{ arg_dict['temp_relation'] }} where {{ unchanged }})
    {% endif -%}
    {% for predicate in arg_dict['incremental_predicates'] or [] %}or {{ predicate }}{% endfor %}
;
{% if key -%}
{#- of these the keys are few: all the others' rows are gone -#}
delete from {{ target }}
where
    {% for part in ([key] if key is string else key) -%}
    {{ 'and ' if not loop.first }}{{ part }} in (
        select {{ part }} from {{ arg_dict['temp_relation'] }}
        where coalesce(publisher_id not in (select publisher_id from {{ ref('int_affected') }}), true)
    )
    {% endfor -%}
;
{% endif -%}
insert into {{ target }} ({{ columns }})
select {{ columns }} from {{ arg_dict['temp_relation'] }}
{% if unchanged %}where not ({{ unchanged }}){% endif %}
{%- endmacro %}

{#- Data tests of an increment look at what it made: rows that were published passed them then. -#}
{% macro get_where_subquery(relation) -%}
{%- set where = config.get('where') -%}
{%- set large = ['fct_quantity', 'fct_indicator_yearly', 'fct_report', 'fct_report_section', 'rpt_reconciliation'] -%}
{%- if where -%}
(select * from {{ relation }} where {{ where }}) as tested
{%- elif relation.identifier in large and not flags.FULL_REFRESH -%}
(
    select * from {{ relation }}
    where publisher_id in (select publisher_id from {{ relation.incorporate(path={
        'database': 'scratch', 'schema': 'intermediate', 'identifier': 'int_affected'
    }) }})
) as tested
{%- else -%}
{{ relation }}
{%- endif -%}
{%- endmacro %}
