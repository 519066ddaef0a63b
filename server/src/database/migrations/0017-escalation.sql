-- Time that stands still for a test, and an alarm's way to the next person.

-- A test that plays a night sets the time itself; `by` goes on counting from there. Null: the machine's clock.
alter table clock_offset add column at timestamptz;
create or replace function app_now() returns timestamptz language sql volatile as $$
  select date_trunc('milliseconds',
    coalesce((select at from clock_offset), clock_timestamp()) + coalesce((select by from clock_offset), interval '0'))
$$;

-- Who stands in for this centre when nobody there takes an alarm.
alter table centre add column next_centre text references centre;

-- The centres that an alarm was handed on to, separated by blanks: they see it, too, until a minute after it is closed.
alter table alarm add column also_centres text not null default '';
create index alarm_shared on alarm (home) where also_centres <> '';

create function shared_with_me(also_centres text) returns boolean language sql stable as $$
  select also_centres <> '' and current_setting('anju.centre', true) = any (string_to_array(also_centres, ' '))
$$;
alter policy by_centre on alarm
  using ((select is_part()) or in_scope(centre) or shared_with_me(also_centres))
  with check ((select is_part()) or in_scope(centre) or shared_with_me(also_centres));

-- What of a home an alarm that was handed on lets another centre see. Written once, used by every table it holds for.
create function home_is_shared(wanted text) returns boolean language sql stable as $$
  select exists (
    select from alarm where alarm.home = wanted and shared_with_me(alarm.also_centres)
      and (alarm.handling <> 'closed' or alarm.closed_at > app_now() - interval '60 seconds'))
$$;
alter policy by_centre on home using ((select is_part()) or in_scope(centre) or home_is_shared(id));
alter policy by_centre on resident using ((select is_part()) or in_scope(centre) or home_is_shared(home));
alter policy by_centre on contact using ((select is_part()) or in_scope(centre) or home_is_shared(home));
alter policy by_centre on placement using ((select is_part()) or in_scope(centre) or home_is_shared(home));
alter policy by_centre on event using ((select is_part()) or in_scope(centre) or home_is_shared(home));
alter policy by_centre on timeline
  using ((select is_part()) or in_scope(centre) or exists (select from alarm where alarm.id = timeline.alarm))
  with check ((select is_part()) or in_scope(centre) or exists (select from alarm where alarm.id = timeline.alarm));

-- The narrowest row wins: a home's, an event type's, a class's, the centre's own.
create table escalation_policy (
  id text primary key,
  centre text not null references centre,
  home text references home,
  type text,
  class text check (class in ('life', 'hazard', 'technical')),
  version integer not null default 1,
  tracks jsonb not null,
  changed_at timestamptz not null,
  check (num_nonnulls(home, type, class) <= 1),
  constraint escalation_policy_once unique nulls not distinct (centre, home, type, class)
);
call scope_by_centre('escalation_policy');

-- One track of one alarm. The policy is a copy from the alarm's beginning: an edit never changes a running alarm.
create table escalation (
  alarm text not null references alarm,
  track text not null check (track in ('centre', 'family', 'long-lie')),
  centre text not null,
  policy jsonb not null,
  -- Whose copy it is; null: the standard one of this version of the server.
  policy_id text,
  policy_version integer,
  state text not null check (state in ('starting', 'running', 'waiting', 'quiet', 'ending', 'ended')),
  round integer not null,
  step integer not null,
  wave integer not null,
  -- What the state waits for: an acceptance, the next round, the end of a minute.
  until timestamptz,
  -- When it is to be looked at: at `until`, or as soon as something has happened; null when only a signal can change it.
  due_at timestamptz,
  primary key (alarm, track)
) with (fillfactor = 60);
create index escalation_due on escalation (due_at) where due_at is not null;
call scope_by_centre('escalation');
alter policy by_centre on escalation
  using ((select is_part()) or in_scope(centre) or exists (select from alarm where alarm.id = escalation.alarm));
