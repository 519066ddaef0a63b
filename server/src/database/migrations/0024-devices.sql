-- The devices behind the gateways, each with its own deadline, and what is wrong with the chain from a home to here.

-- One device a placement: the one that fills the role now. It is supervised from its commissioning on, whether or not it, or
-- its gateway, ever says a word.
create table device (
  home text not null references home,
  placement text not null,
  centre text not null,
  -- Who hears it, as far as is known: while that gateway is silent the device is unknown, not silent.
  gateway text references gateway,
  -- Its name at its gateway.
  device text not null,
  profile text,
  -- Whether somebody's life hangs on it. Who knows nothing of a device takes it for one of those.
  life boolean not null,
  lost_after_s integer not null check (lost_after_s > 0),
  -- A person said how long it may be silent: what its gateway says changes that no more.
  settled boolean not null,
  commissioned_at timestamptz not null,
  last_heard_at timestamptz,
  -- When it was heard by its gateway's clock, as the gateway said it: only ever compared with the next such word.
  heard_said timestamptz,
  -- Null while it is silent, and while its gateway is: then nothing can be said of it.
  silent_due_at timestamptz,
  -- Since when it is silent, and which silence was last made an event; where they differ, something is still to be said.
  silent_since timestamptz,
  told_since timestamptz,
  primary key (home, placement)
) with (fillfactor = 80);
create index device_gateway on device (gateway);
create index device_silent_due on device (silent_due_at) where silent_due_at is not null;
create index device_untold on device (home, placement) where silent_since is distinct from told_since;
call scope_by_centre('device');

-- Placements that were made before there were devices: supervised from today on, as what they may be.
insert into device (home, placement, centre, gateway, device, profile, life, lost_after_s, settled, commissioned_at, silent_due_at)
  select placement.home, placement.id, placement.centre, only_one.id, placement.id, placement.profile, true, 86400, false, now,
    case when only_one.silent_since is null then now + interval '1 day' end
  from (select app_now() as now) as clock, placement
  left join lateral (
    select min(gateway.id) as id, min(gateway.silent_since) as silent_since from gateway where gateway.home = placement.home
    having count(*) = 1
  ) as only_one on true
  where placement.profile is not null;

-- What a gateway's heartbeats show: its clock is wrong, or its words take too long. One row a gateway and kind, for good.
create table gateway_fault (
  gateway text not null references gateway,
  type text not null check (type in ('clock-unsynced', 'heartbeat-late')),
  centre text not null,
  -- Null: it is over.
  since timestamptz,
  told_since timestamptz,
  primary key (gateway, type)
);
create index gateway_fault_untold on gateway_fault (gateway, type) where since is distinct from told_since;
call scope_by_centre('gateway_fault');
