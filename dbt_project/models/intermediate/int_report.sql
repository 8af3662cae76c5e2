-- the current version of each report that is made anew in this build
select version.*
from {{ ref('int_version') }} as version
semi join {{ ref('int_affected') }} as affected on version.publisher_id = affected.publisher_id
where version.is_current
