-- Time and scope: what every later migration builds on.

-- A test moves time by one row here; the application role may only read it.
create table clock_offset (
  only_row boolean primary key default true check (only_row),
  by interval not null
);

-- The one source of time in SQL. Volatile on purpose: read after a row lock it is the time after that lock, which now() is
-- not. Cut to milliseconds, because that is what our instants carry.
create function app_now() returns timestamptz language sql volatile as $$
  select date_trunc('milliseconds', clock_timestamp() + coalesce((select by from clock_offset), interval '0'))
$$;

-- Whether a row of this centre is the business of the transaction's actor. Without an actor nothing is.
create function in_scope(centre text) returns boolean language sql stable as $$
  select centre = current_setting('anju.centre', true) or current_setting('anju.part', true) <> ''
$$;

-- Gives a table its row-level security; forced, so that even its owner sees only what the actor may.
create procedure scope_by_centre(target regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy by_centre on %s using (in_scope(centre)) with check (in_scope(centre))', target);
end
$$;
