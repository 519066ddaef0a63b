-- Who may see an alarm may see what belongs to it. As a subquery of the policy, this stood in the plan of every statement that
-- touched these tables, with the alarm's own policy inside: planning some took ten times as long as running them, and each new
-- connection plans them all. As a function it is asked only by a person of another centre, of the rows of another centre.
create function sees_alarm(alarm_id text) returns boolean language plpgsql stable parallel safe as $$
begin
  return exists (select from alarm where alarm.id = alarm_id);
end
$$;

do $$
declare
  scoped text;
begin
  foreach scoped in array array['escalation', 'notification', 'timeline', 'plan_run', 'agency_handover'] loop
    execute format(
      'alter policy by_centre on %I using ((select is_part()) or in_scope(centre) or sees_alarm(alarm))',
      scoped
    );
  end loop;
  foreach scoped in array array['timeline', 'plan_run', 'plan_defect', 'agency_handover'] loop
    execute format(
      'alter policy by_centre on %I with check ((select is_part()) or in_scope(centre) or sees_alarm(alarm))',
      scoped
    );
  end loop;
end
$$;
