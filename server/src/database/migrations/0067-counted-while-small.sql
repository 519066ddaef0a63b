-- As 0066 has it these tables were first counted when they were large: until then what is planned anew knows nothing of them. They are
-- counted while they are small, and then whenever they have changed ten times over.
do $$
declare
  busy text;
begin
  foreach busy in array array[
    'alarm', 'answer_link', 'audit', 'escalation', 'event', 'hearing', 'live_block', 'live_head', 'notification', 'plan_run', 'timeline'
  ] loop
    execute format('alter table %I reset (autovacuum_analyze_threshold)', busy);
    execute format('alter table %I set (autovacuum_analyze_scale_factor = 10)', busy);
  end loop;
end
$$;
