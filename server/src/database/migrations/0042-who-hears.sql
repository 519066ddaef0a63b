-- Which servers hear their broker: each says so every few seconds. Whoever begins, or hears again after it did not, sees by it
-- whether anybody heard meanwhile. A row that is not renewed is nobody's.
create table hearing (
  server text primary key,
  at timestamptz not null
) with (fillfactor = 50);
-- It is no centre's: a server hears the homes of all of them.
alter table hearing enable row level security;
alter table hearing force row level security;
create policy by_part on hearing
  using (current_setting('anju.part', true) <> '')
  with check (current_setting('anju.part', true) <> '');
