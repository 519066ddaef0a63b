-- What to do about an alarm, how far that is, and what outside agencies were told.

-- The narrowest row wins: a home's for one type, a type's, a class's. A removed one stays, so that a version is never given twice.
create table response_plan (
  id bigint generated always as identity primary key,
  centre text not null references centre,
  home text references home,
  type text,
  class text check (class in ('life', 'hazard', 'technical')),
  version integer not null default 1,
  steps jsonb not null,
  changed_at timestamptz not null,
  changed_by text not null,
  removed_at timestamptz,
  check (num_nonnulls(type, class) = 1 and (home is null or type is not null)),
  constraint response_plan_once unique nulls not distinct (centre, home, type, class)
);
call scope_by_centre('response_plan');
-- A centre that an alarm was handed on to follows the plan of the centre it belongs to; it writes only its own.
alter policy by_centre on response_plan using ((select is_part()) or in_scope(centre) or exists (
  select from alarm where also_centres <> '' and alarm.centre = response_plan.centre and shared_with_me(also_centres)));

-- One alarm's copy, taken when it was first claimed, and how its steps stand: {plan, states, manual}, as the domain has it.
create table plan_run (
  alarm text primary key references alarm,
  centre text not null,
  run jsonb not null
) with (fillfactor = 70);
call scope_by_centre('plan_run');
alter policy by_centre on plan_run
  using ((select is_part()) or in_scope(centre) or exists (select from alarm where alarm.id = plan_run.alarm))
  with check ((select is_part()) or in_scope(centre) or exists (select from alarm where alarm.id = plan_run.alarm));

-- A plan that somebody had to leave, and how it stood then.
create table plan_defect (
  id bigint generated always as identity primary key,
  centre text not null,
  alarm text not null references alarm,
  home text not null,
  type text not null,
  run jsonb not null,
  reason text not null,
  at timestamptz not null,
  person text not null,
  person_name text not null,
  settled_at timestamptz,
  settled_by text,
  settled_note text,
  check (num_nonnulls(settled_at, settled_by, settled_note) in (0, 3))
);
create index plan_defect_centre on plan_defect (centre, id);
call scope_by_centre('plan_defect');
alter policy by_centre on plan_defect
  with check ((select is_part()) or in_scope(centre) or exists (select from alarm where alarm.id = plan_defect.alarm));

-- The number an agency calls back.
alter table centre add column callback text not null default '';

-- What was said to an outside agency, word for word. `masked` is the same without the way in: for who does not hold the alarm.
create table agency_handover (
  id bigint generated always as identity primary key,
  centre text not null,
  alarm text not null references alarm,
  agency text not null,
  at timestamptz not null,
  person text not null,
  person_name text not null,
  text jsonb not null,
  masked jsonb not null,
  on_the_way boolean not null,
  case_number text,
  outcome text
);
create index agency_handover_alarm on agency_handover (alarm, id);
call scope_by_centre('agency_handover');
alter policy by_centre on agency_handover
  using ((select is_part()) or in_scope(centre) or exists (select from alarm where alarm.id = agency_handover.alarm))
  with check ((select is_part()) or in_scope(centre) or exists (select from alarm where alarm.id = agency_handover.alarm));
