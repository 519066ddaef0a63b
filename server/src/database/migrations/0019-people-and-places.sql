-- Where homes are, who is to be reached and how, who is on duty, and what a resident has agreed to.

-- The tree province / city / county / street / community by 12-digit administrative code (2+2+2+3+3). Public facts: not a
-- centre's. A code that moves, is merged or renamed ends, and says what it became; history keeps the code of its day.
create table area (
  code text not null check (code ~ '^[0-9]{12}$'),
  name text not null,
  level text not null check (level in ('province', 'city', 'county', 'street', 'community')),
  valid_from date not null,
  -- Exclusive; null: still so.
  valid_to date check (valid_to > valid_from),
  became text,
  primary key (code, valid_from)
);
create unique index area_current on area (code) where valid_to is null;

-- Which area a home was in, and when.
create table home_area (
  home text not null references home,
  centre text not null,
  code text not null,
  valid_from date not null,
  valid_to date check (valid_to > valid_from),
  primary key (home, valid_from)
);
create unique index home_area_current on home_area (home) where valid_to is null;
create index home_area_code on home_area (code text_pattern_ops, home);
call scope_by_centre('home_area');
alter policy by_centre on home_area using ((select is_part()) or in_scope(centre) or home_is_shared(home));

-- How one arrives, as a stranger needs to be told: entrance, lift, floor, dogs, oxygen.
alter table home add column arrival text not null default '';
alter table home add column latitude double precision check (latitude between -90 and 90);
alter table home add column longitude double precision check (longitude between -180 and 180);
-- The household's number in the list it was imported from: importing twice changes it, and makes no second one.
alter table home add column external_ref text;
create unique index home_external_ref on home (centre, external_ref) where external_ref is not null;

alter table resident add column call_name text not null default '';
alter table resident add column risk text not null default 'standard' check (risk in ('high', 'special', 'standard'));
-- The client categories of the municipal documents, in their own words (特困, 低保, 失能, 高龄, 独居 …).
alter table resident add column categories text[] not null default '{}';
alter table resident add column hearing text not null default '';
alter table resident add column lives_alone boolean not null default true;

alter table contact add column role text not null default 'family' check (role in ('family', 'neighbour', 'key-holder'));
alter table contact add column language text not null default 'zh-CN' check (language in ('zh-CN', 'en'));
-- When they may be asked, in the home's own time: [{days: [1..7], from: "08:00", to: "22:00"}]; null: always. A life alarm
-- asks outside of these hours, too, when nobody is left within them.
alter table contact add column hours jsonb;
alter table contact add column distance_m integer check (distance_m >= 0);
alter table contact add column note text not null default '';
alter table contact add column removed_at timestamptz;

alter table responder add column kind text not null default 'staff' check (kind in ('staff', 'volunteer', 'social-worker', 'provider'));
-- The beginning of an administrative code: 4 digits are a city, 9 a street; empty is everywhere in the centre.
alter table responder add column zone text not null default '' check (zone ~ '^[0-9]{0,12}$');
alter table responder add column language text not null default 'zh-CN' check (language in ('zh-CN', 'en'));
alter table responder add column hours jsonb;
alter table responder add column organisation text not null default '';
alter table responder add column removed_at timestamptz;

alter table person add column language text not null default 'zh-CN' check (language in ('zh-CN', 'en'));

-- One number or address by which one person can be reached on one channel.
create table way (
  id text primary key,
  centre text not null,
  -- Set for a contact's: who may see the home's alarm may see it, too.
  home text references home,
  owner_kind text not null check (owner_kind in ('contact', 'responder', 'person', 'centre')),
  owner text not null,
  channel text not null,
  address text not null,
  -- Their own order: the first that works is the one to use.
  position integer not null,
  -- When somebody last answered there. Lists rot: what was never proven, or long ago, is said so.
  last_proven_on timestamptz,
  -- The provider said that this will not work: not used until somebody mends it.
  dead_since timestamptz,
  dead_why text,
  constraint way_once unique (owner_kind, owner, channel, address)
);
create index way_owner on way (owner_kind, owner, position);
call scope_by_centre('way');
alter policy by_centre on way using ((select is_part()) or in_scope(centre) or (home is not null and home_is_shared(home)));
-- The telephone everybody has had so far. Row-level security holds for the owner, too: whoever migrates says so.
set local anju.part = 'migration';
insert into way (id, centre, home, owner_kind, owner, channel, address, position, last_proven_on)
  select 'way-' || contact.id || '-' || channel, centre, home, 'contact', contact.id, channel, phone, place, last_proven_on
  from contact, (values ('sms', 1), ('voice', 2)) as given (channel, place) where phone <> '';
insert into way (id, centre, owner_kind, owner, channel, address, position)
  select 'way-' || responder.id || '-' || channel, centre, 'responder', responder.id, channel, phone, place
  from responder, (values ('sms', 1), ('voice', 2)) as given (channel, place) where phone <> '';

create table seat (
  id text primary key,
  centre text not null references centre,
  name text not null
);
call scope_by_centre('seat');

-- Who is on duty, week by week, in a zone's own wall-clock time. `to_time` at or before `from_time` is on the next day.
create table shift (
  id text primary key,
  centre text not null references centre,
  kind text not null check (kind in ('seat', 'on-call', 'supervisor')),
  who_kind text not null check (who_kind in ('person', 'responder')),
  who text not null,
  seat text references seat,
  -- 1 is Monday; the day on which it begins.
  days integer[] not null check (days <@ array[1, 2, 3, 4, 5, 6, 7] and days <> '{}'),
  from_time time not null,
  to_time time not null,
  time_zone text not null default 'Asia/Shanghai',
  valid_from date not null,
  -- The last day on which it begins; null: until further notice.
  valid_to date check (valid_to >= valid_from)
);
create index shift_centre on shift (centre, kind);
call scope_by_centre('shift');

-- What a resident agreed to: one purpose, one recipient. Never deleted: withdrawn.
create table consent (
  id text primary key,
  centre text not null,
  home text not null references home,
  resident text not null references resident,
  purpose text not null check (purpose in ('alarm', 'daily-state', 'routine', 'telemetry', 'responder-visit')),
  recipient_kind text not null check (recipient_kind in ('contact', 'responder', 'centre', 'area-staff')),
  recipient text not null,
  given_at timestamptz not null,
  -- In whose presence, on what paper: what an auditor asks for.
  evidence text not null,
  withdrawn_at timestamptz
);
create unique index consent_in_force on consent (resident, purpose, recipient_kind, recipient) where withdrawn_at is null;
create index consent_home on consent (home);
call scope_by_centre('consent');
