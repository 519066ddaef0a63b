-- A power cut is one incident for a thousand homes.

-- Nobody hears a home whose resident is at high risk: before the others of its class.
alter table alarm add column urgent boolean not null default false;
-- Recorded, and not shown in the queue before then: one home's lost mains are mostly back within the hour.
alter table alarm add column held_until timestamptz;
-- The outage it is a part of, and how many homes are in it.
alter table alarm add column parent text references alarm;
alter table alarm add column children integer not null default 0;
-- Which gateways heard the latest occurrence, and when: JSON, ours alone to read.
alter table alarm add column heard_by text;

create index alarm_held_until on alarm (held_until) where held_until is not null and parent is null and handling <> 'closed';
create index alarm_children on alarm (parent, home) where parent is not null and handling <> 'closed';
create index alarm_loss on alarm (received_at)
  where type in ('mains-lost', 'gateway-silent') and parent is null and handling <> 'closed';

-- Its alarm is an alarm like any other; this says of what. One of a kind in an area at a time, whichever server opens it.
create table outage (
  alarm text primary key references alarm deferrable initially deferred,
  centre text not null references centre,
  -- The nine digits of a street, or nothing: the whole centre, for homes that are in no known area.
  area text not null check (area ~ '^([0-9]{9})?$'),
  folds text not null check (folds in ('mains-lost', 'gateway-silent')),
  opened_at timestamptz not null,
  ended_at timestamptz
);
create unique index outage_open on outage (centre, area, folds) where ended_at is null;
call scope_by_centre('outage');
