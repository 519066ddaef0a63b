-- What is asked a thousand times a second finds its rows by keys, whatever the tables' statistics say; and each ANALYZE has every
-- connection plan all of its statements anew. A vacuum may take its time, and must not take it from an alarm.
do $$
declare
  busy text;
begin
  foreach busy in array array[
    'alarm', 'audit', 'escalation', 'event', 'live_block', 'notification', 'plan_run', 'timeline'
  ] loop
    execute format(
      'alter table %I set (autovacuum_analyze_scale_factor = 0.5, autovacuum_vacuum_insert_scale_factor = 1, autovacuum_vacuum_cost_delay = 5)',
      busy);
  end loop;
end
$$;
