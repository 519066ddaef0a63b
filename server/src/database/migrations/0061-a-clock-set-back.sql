-- A clock that is set back would hold up whatever is due until it is again where it was (decision 0031). So time goes on from where it
-- was: ahead of the machine's clock, and slower than that, until the two agree again.

-- The machine's clock, or a test's time: for what has to agree with the clocks of others.
create function machine_now() returns timestamptz language sql volatile as $$
  select date_trunc('milliseconds',
    coalesce((select at from clock_offset), clock_timestamp()) + coalesce((select by from clock_offset), interval '0'))
$$;

-- When the machine's clock said `at`, it was really `ahead` later. Written anew every second while it is so, which is why it holds
-- for a few seconds only: should the machine's clock be set right meanwhile, time must not jump along. Null: it was never set back.
create table clock_kept (
  only_row boolean primary key default true check (only_row),
  at timestamptz,
  ahead interval check (ahead between interval '0' and interval '1 day'),
  check ((at is null) = (ahead is null))
);
insert into clock_kept default values;

-- The latest that was seen, for whoever begins when the clock has been set back already. Apart from the one above, which every
-- statement that asks for the time reads: that one must not be written all the time.
create table clock_seen (
  only_row boolean primary key default true check (only_row),
  at timestamptz not null
) with (fillfactor = 20);
insert into clock_seen (at) values (app_now());

-- In PL/pgSQL, whose plans are kept by the connection: with one table more to read it costs what it did.
create or replace function app_now() returns timestamptz language plpgsql volatile as $$
declare
  test_at timestamptz;
  test_by interval;
  kept_at timestamptz;
  kept_ahead interval;
  machine timestamptz;
begin
  select at, by from clock_offset into test_at, test_by;
  machine := coalesce(test_at, clock_timestamp()) + coalesce(test_by, interval '0');
  select at, ahead from clock_kept into kept_at, kept_ahead;
  if machine >= kept_at then
    machine := greatest(machine, kept_at + kept_ahead + least(machine - kept_at, interval '5 seconds') * 0.75);
  end if;
  return date_trunc('milliseconds', machine);
end
$$;

-- That it was later by so much when the machine's clock said `machine_at`, if it was not set meanwhile. Time only ever moves forward by
-- it, and of several who noticed the same, one moves it: whether this one did.
create function keep_time(machine_at timestamptz, by interval) returns boolean
language plpgsql security definer set search_path = public as $$
declare
  machine timestamptz;
  really timestamptz;
begin
  perform from clock_kept for update;
  machine := machine_now();
  really := machine_at + by + (machine - machine_at) * 0.75;
  if machine < machine_at or app_now() >= really - interval '100 ms' then
    update clock_kept set at = machine, ahead = app_now() - machine
    where at < machine - interval '1 second' and app_now() > machine;
    return false;
  end if;
  update clock_kept set at = machine, ahead = really - machine;
  return true;
end
$$;
