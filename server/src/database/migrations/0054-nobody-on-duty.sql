-- Whether somebody of a centre can be reached in the next hours is looked for by itself, and what is found is told as an alarm. One
-- row for each centre that plans who is on duty; any of several servers looks.
create table duty_watch (
  centre text primary key references centre,
  -- When it is looked again.
  due_at timestamptz not null,
  -- An alarm has to name a home; this is of none.
  home text references home on delete cascade,
  -- The first time in which nobody is on duty, and since when that has been known; null: somebody always is.
  gap_from timestamptz,
  gap_to timestamptz,
  since timestamptz,
  -- As since when it was told last: where the two differ, something is still to be said.
  told_since timestamptz,
  check ((since is null) = (gap_from is null) and (since is null) = (gap_to is null))
) with (fillfactor = 70);
create index duty_watch_due on duty_watch (due_at);
call scope_by_centre('duty_watch');
