-- Events, the alarms they make, and the numbered stream that tells the consoles.

-- A burst changes every alarm of a page at once: without room for all their next versions on the page itself, each change would
-- also be one in every index. Hence the low fill factor.
create table alarm (
  id text primary key,
  centre text not null,
  home text not null references home,
  placement text not null,
  type text not null,
  class text not null check (class in ('life', 'hazard', 'technical')),
  condition text not null check (condition in ('active', 'returned', 'unknown')),
  handling text not null check (handling in ('new', 'claimed', 'in-progress', 'parked', 'closed')),
  version bigint not null,
  -- The last fencing token given out; it only grows.
  fence bigint not null,
  abandoned boolean not null,
  since timestamptz not null,
  -- Who holds it, who parked it, or who closed it; null when nobody or nothing did.
  person text,
  person_name text,
  person_session text,
  -- When the lease or the park ends, and until when a close can be undone.
  until timestamptz,
  disposition jsonb,
  closed_at timestamptz,
  occurrences integer not null,
  -- When the last ones were heard: a JSON array of epoch ms, ours alone to read; what "stuck" is judged by.
  recent_at text not null,
  realerted_at timestamptz,
  stuck boolean not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  received_at timestamptz not null,
  late_by_ms bigint not null,
  test boolean not null,
  -- The latest event and the gateway that sent it: where the ladder is told.
  gateway text,
  event text,
  l0 timestamptz, l1 timestamptz, l2 timestamptz, l3 timestamptz, l4 timestamptz, l5 timestamptz, l6 timestamptz,
  -- What the clock has to do with it next.
  due_at timestamptz generated always as (case when handling in ('claimed', 'in-progress', 'parked') then until end) stored,
  check ((handling = 'closed') = (closed_at is not null)),
  check (handling <> 'closed' or disposition is not null),
  check (handling not in ('claimed', 'in-progress') or (person is not null and person_session is not null and until is not null))
) with (fillfactor = 40);
-- One open alarm per episode: two servers cannot open two.
create unique index alarm_open_episode on alarm (home, placement, type) where handling <> 'closed';
create index alarm_open on alarm (centre, received_at, id) where handling <> 'closed';
create index alarm_closed on alarm (centre, received_at desc, id) where handling = 'closed';
create index alarm_due on alarm (due_at) where due_at is not null;
create index alarm_held on alarm (person_session) where handling in ('claimed', 'in-progress');
call scope_by_centre('alarm');

-- Every event once, by the id its gateway minted; the ones that belong to an alarm are its occurrences.
create table event (
  gateway text not null,
  id text not null,
  centre text not null,
  home text not null,
  alarm text,
  placement text not null,
  device text not null,
  type text not null,
  class text not null,
  phase text not null,
  boot integer not null,
  lane text not null,
  seq bigint not null,
  occurred_at timestamptz not null,
  heard_at timestamptz not null,
  stored_at timestamptz not null,
  sent_at timestamptz not null,
  received_at timestamptz not null,
  elapsed_ms bigint not null,
  test boolean not null,
  snapshot jsonb,
  constraint event_once primary key (gateway, id)
);
create index event_alarm on event (alarm, received_at) where alarm is not null;
call scope_by_centre('event');

-- What people and deadlines did with an alarm. What devices did is in `event`.
create table timeline (
  id bigint generated always as identity primary key,
  centre text not null,
  alarm text not null references alarm,
  at timestamptz not null,
  kind text not null,
  person text,
  person_name text,
  text text,
  detail jsonb not null default '{}'
);
create index timeline_alarm on timeline (alarm, id);
call scope_by_centre('timeline');

-- Ids are dense per centre and given in commit order: this row is a transaction's last lock.
create table live_head (
  centre text primary key references centre,
  last bigint not null
);
call scope_by_centre('live_head');

-- What one transaction told, as one row: a burst of five hundred alarms is one insert.
create table live_block (
  centre text not null,
  first bigint not null,
  last bigint not null check (last >= first),
  at timestamptz not null,
  -- A JSON array of [event, data]; item number n has the id first + n.
  items text not null,
  primary key (centre, last)
);
-- Read once or never: compressing it would cost more than its disk.
alter table live_block alter column items set storage external;
create index live_block_at on live_block (at);
call scope_by_centre('live_block');

-- A centre has its head from its first moment, so that the lock always exists.
create function centre_has_head() returns trigger language plpgsql as $$
begin
  insert into live_head (centre, last) values (new.id, 0);
  return new;
end
$$;
create trigger centre_has_head after insert on centre for each row execute function centre_has_head();
