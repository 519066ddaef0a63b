-- Since when a second factor is asked of this account; null: at the next log-in its owner sets one up.
alter table person add column second_factor_since timestamptz;

-- What the authenticator of one person has, too. Until it is confirmed by a code, each log-in begins anew with another.
create table second_factor (
  person text primary key references person,
  -- AES-256-GCM under a key that is not in this database: a copy of this table makes no codes.
  sealed bytea not null,
  -- Which key that is, by the beginning of its SHA-256.
  sealed_by text not null,
  created_at timestamptz not null,
  -- The 30 seconds of the last code that was taken: none is taken twice, and none before it.
  last_step bigint not null default 0
);
alter table second_factor enable row level security;
alter table second_factor force row level security;
-- Not by centre: no person's own transaction has any business here.
create policy by_part on second_factor using ((select is_part())) with check ((select is_part()));
