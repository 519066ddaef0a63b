-- What gateways sent that could not be taken, and what they sent that never came.

create table quarantine (
  id bigint generated always as identity primary key,
  centre text not null,
  gateway text not null,
  at timestamptz not null,
  topic text not null,
  code text not null,
  why text not null,
  -- The first bytes only: enough to see what it was.
  sample bytea not null check (octet_length(sample) <= 4096),
  payload_bytes integer not null
);
create index quarantine_gateway on quarantine (gateway, id);
call scope_by_centre('quarantine');

-- A run of sequence numbers that were settled at the gateway and are not here.
create table sequence_gap (
  gateway text not null,
  boot integer not null,
  lane text not null check (lane in ('life', 'technical', 'telemetry')),
  from_seq bigint not null,
  to_seq bigint not null check (to_seq >= from_seq),
  centre text not null,
  state text not null check (state in ('asked', 'filled', 'unfillable')),
  found_at timestamptz not null,
  -- The refill command that was sent last, and when it is asked again or given up.
  command text,
  tries integer not null default 0,
  due_at timestamptz,
  primary key (gateway, boot, lane, from_seq)
);
create unique index sequence_gap_command on sequence_gap (command);
create index sequence_gap_due on sequence_gap (due_at) where due_at is not null;
call scope_by_centre('sequence_gap');
