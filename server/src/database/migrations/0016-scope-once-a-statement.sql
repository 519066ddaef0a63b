-- Who may see a row was asked anew for every row, two settings each, and a changed row is asked about twice. Whether the actor
-- is a part of the server does not depend on the row: as a subquery it is asked once a statement, and only for a person is the
-- row's centre looked at. An existing database pays nothing but a moment's lock on each of its tables.
create function is_part() returns boolean language sql stable as $$
  select coalesce(current_setting('anju.part', true), '') <> ''
$$;

create or replace procedure scope_by_centre(target regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy by_centre on %s using ((select is_part()) or in_scope(centre)) with check ((select is_part()) or in_scope(centre))',
    target
  );
end
$$;

do $$
declare
  scoped record;
begin
  for scoped in select polrelid::regclass as target from pg_policy where polname = 'by_centre' loop
    execute format(
      'alter policy by_centre on %s using ((select is_part()) or in_scope(centre)) with check ((select is_part()) or in_scope(centre))',
      scoped.target
    );
  end loop;
end
$$;
