-- By the policy of which class a track began: an alarm that becomes graver goes on by the graver one.
alter table escalation add column class text check (class in ('life', 'hazard', 'technical'));
set local anju.part = 'migration';
update escalation set class = alarm.class from alarm where alarm.id = escalation.alarm;
