-- How far measurements have been moved from one store to another, so that a move which was killed goes on where it was. One row
-- for a direction. Its place names a series and so a home; it is empty once the move is done.
create table telemetry_move (
  source text not null,
  target text not null,
  -- Whoever begins or goes on takes the next number; whoever holds an older one can save nothing any more.
  run integer not null default 1,
  phase text not null check (phase in ('copy', 'verify', 'done')),
  -- Epoch milliseconds, as in measurement.
  since bigint not null,
  until bigint not null,
  home text,
  placement text,
  point text,
  unit text,
  at bigint,
  series bigint not null,
  samples bigint not null,
  too_old bigint not null,
  refused bigint not null,
  erased bigint not null,
  later bigint not null,
  compared bigint not null,
  saved_at timestamptz not null,
  primary key (source, target)
);
-- It is no centre's: a move goes through all of them.
alter table telemetry_move enable row level security;
alter table telemetry_move force row level security;
create policy by_part on telemetry_move
  using (current_setting('anju.part', true) <> '')
  with check (current_setting('anju.part', true) <> '');
