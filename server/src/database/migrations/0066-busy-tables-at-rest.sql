-- Each VACUUM and each ANALYZE of a table has every connection plan all its statements that name it anew: on a bad day, once a minute,
-- at the cost of seconds of a processor, while alarms wait. What is asked here is found by keys, whatever the statistics say; so
-- these tables are looked after only when there is much to do. What a small centre keeps is read whole sooner than counted.
do $$
declare
  busy text;
begin
  foreach busy in array array[
    'alarm', 'answer_link', 'audit', 'escalation', 'event', 'hearing', 'live_block', 'live_head', 'notification', 'plan_run', 'timeline'
  ] loop
    execute format(
      'alter table %I set (autovacuum_analyze_threshold = 100000, autovacuum_analyze_scale_factor = 0.5,
         autovacuum_vacuum_threshold = 100000, autovacuum_vacuum_insert_threshold = 100000,
         autovacuum_vacuum_insert_scale_factor = 1, autovacuum_vacuum_cost_delay = 5)',
      busy);
  end loop;
end
$$;
-- What is due is found by an index whose oldest entries are all dead: it is swept sooner. Few statements name this table.
alter table escalation set (autovacuum_vacuum_threshold = 20000);

-- When one process last looked over all that is open for what nobody would ever go on with: one look serves them all.
create table auditor_sweep (one boolean primary key default true check (one), at timestamptz not null);
insert into auditor_sweep (at) values ('-infinity');

-- The policy an alarm runs by is written once and never changed, and its row is, ten times an alarm: it must not be copied each time.
-- What makes a row longer than this is kept beside it, and the policy alone does.
alter table escalation set (toast_tuple_target = 512);
