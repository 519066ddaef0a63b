-- What lets somebody in whose telephone is lost: each of them once, in place of a code of the authenticator.
create table recovery_code (
  person text not null references person,
  -- SHA-256: 80 random bits are guessed by nobody, whatever they copy.
  hash bytea not null,
  created_at timestamptz not null,
  primary key (person, hash)
);
alter table recovery_code enable row level security;
alter table recovery_code force row level security;
-- As with the second factor itself: no person's own transaction has any business here.
create policy by_part on recovery_code using ((select is_part())) with check ((select is_part()));

-- The authenticator of a new telephone, until a code of it was seen: the one there is counts till then.
alter table second_factor
  add column next_sealed bytea,
  add column next_sealed_by text,
  add column next_created_at timestamptz,
  add check ((next_sealed is null) = (next_sealed_by is null) and (next_sealed is null) = (next_created_at is null));
