-- The gateways, what they last said, and when they will be called silent.

create table gateway (
  id text primary key,
  centre text not null references centre,
  home text not null references home,
  serial text not null constraint gateway_serial unique,
  -- SHA-256 of a random 256-bit secret: nothing to guess, so nothing to slow down.
  credential_hash bytea not null,
  registered_at timestamptz not null,
  -- Other server processes learn of a new credential or home by it.
  changed_at timestamptz not null,
  state text not null default 'never-heard' check (state in ('online', 'silent', 'never-heard')),
  boot integer not null default 0,
  last_heard_at timestamptz,
  health jsonb,
  -- Set from the first moment: one that never calls is as silent as one that stopped.
  silent_due_at timestamptz,
  -- Since when it is silent, and which silence was last made an event; where they differ, something is still to be said.
  silent_since timestamptz,
  told_since timestamptz
) with (fillfactor = 80);
create index gateway_home on gateway (home);
create index gateway_changed on gateway (changed_at);
create index gateway_silent_due on gateway (silent_due_at) where silent_due_at is not null;
create index gateway_untold on gateway (id) where silent_since is distinct from told_since;
call scope_by_centre('gateway');
