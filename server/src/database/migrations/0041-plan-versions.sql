-- What each plan was, and from when on: a running alarm follows the one that held when it was opened, whatever was written since.
-- Written with the plan, a removal included (steps is null), so that opening an alarm writes nothing of it.
create table plan_version (
  plan bigint not null references response_plan,
  version integer not null,
  centre text not null references centre,
  steps jsonb,
  held_from timestamptz not null,
  primary key (plan, version)
);
call scope_by_centre('plan_version');
-- As of `response_plan`: a centre that an alarm was handed on to follows the plan of the centre it belongs to.
alter policy by_centre on plan_version using ((select is_part()) or in_scope(centre) or exists (
  select from alarm where also_centres <> '' and alarm.centre = plan_version.centre and shared_with_me(also_centres)));

-- As a part of the server: the owner by itself sees none of them.
set local anju.part = 'migration';
-- What held before was not kept: for what is open now, the present ones always have.
insert into plan_version (plan, version, centre, steps, held_from)
  select id, version, centre, case when removed_at is null then steps end, '-infinity' from response_plan;
