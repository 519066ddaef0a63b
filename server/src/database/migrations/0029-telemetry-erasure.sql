-- The erasure of what was measured in a home, from the wish to the certificate. Rows outlive the home: they are the proof.
create table telemetry_erasure (
  id text primary key,
  centre text not null references centre,
  home text not null,
  requested_by text not null check (requested_by in ('resident', 'representative', 'family', 'centre')),
  reason text not null,
  person text not null,
  person_name text not null,
  -- What was measured before is erased, and refused for ever: a gateway may still have some of it.
  until timestamptz not null,
  state text not null check (state in ('begun', 'erased', 'done')),
  -- What was there, counted before it was deleted; and what was written meanwhile by whoever did not know yet.
  held jsonb,
  late jsonb,
  erased_at timestamptz,
  done_at timestamptz,
  due_at timestamptz not null,
  -- Somebody is at it. After a crash somebody else goes on when this is over.
  turn_until timestamptz,
  tries integer not null default 0,
  certificate text,
  sha256 text,
  check ((state = 'done') = (certificate is not null)),
  check ((certificate is null) = (sha256 is null))
);
create unique index telemetry_erasure_open on telemetry_erasure (home) where state <> 'done';
create index telemetry_erasure_due on telemetry_erasure (due_at) where state <> 'done';
create index telemetry_erasure_home on telemetry_erasure (home, until);
call scope_by_centre('telemetry_erasure');
