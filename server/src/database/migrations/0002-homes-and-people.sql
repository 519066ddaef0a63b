-- Who is watched over, who watches, and who may know.

create table centre (
  id text primary key,
  name text not null
);

create table home (
  id text primary key,
  centre text not null references centre,
  name text not null,
  time_zone text not null default 'Asia/Shanghai',
  address text not null default '',
  mode text not null default 'home' check (mode in ('home', 'away', 'hospital', 'test')),
  -- Every other mode ends by itself.
  mode_until timestamptz check ((mode = 'home') = (mode_until is null)),
  mode_reason text
);
create index home_centre on home (centre, id);
create index home_mode_until on home (mode_until) where mode_until is not null;
create index home_away on home (id) where mode = 'away';
call scope_by_centre('home');

create table resident (
  id text primary key,
  centre text not null,
  home text not null references home,
  name text not null,
  born_on date,
  -- How one gets in: shown only inside an alarm one owns, and the look is logged.
  access text not null default '',
  medical text[] not null default '{}',
  language text not null default ''
);
create index resident_home on resident (home, id);
call scope_by_centre('resident');

create table contact (
  id text primary key,
  centre text not null,
  home text not null references home,
  name text not null,
  relation text not null,
  phone text not null,
  key_holder boolean not null default false,
  position integer not null,
  last_proven_on timestamptz,
  last_outcome text
);
create index contact_home on contact (home, position, id);
call scope_by_centre('contact');

-- A role in a home ("SOS button, bathroom"); it outlives the device that fills it.
create table placement (
  home text not null references home,
  id text not null,
  centre text not null,
  name text not null,
  room text not null default '',
  profile text,
  points jsonb not null default '[]',
  primary key (home, id)
);
call scope_by_centre('placement');

create table responder (
  id text primary key,
  centre text not null,
  name text not null,
  phone text not null
);
call scope_by_centre('responder');

create table person (
  id text primary key,
  centre text not null references centre,
  username text not null unique,
  name text not null,
  role text not null check (role in ('operator', 'supervisor', 'installer', 'family', 'admin')),
  -- The only home a family member may know of.
  home text references home,
  password text not null,
  demo boolean not null default false,
  second_factor_exempt boolean not null default false
);
call scope_by_centre('person');

create table session (
  id text primary key,
  centre text not null,
  person text not null references person,
  -- SHA-256 of the cookie's secret: a copy of this table logs nobody in.
  secret_hash bytea not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index session_person on session (person);
call scope_by_centre('session');

-- A program's bearer token, acting as the person who owns it.
create table api_token (
  id text primary key,
  centre text not null,
  person text not null references person,
  secret_hash bytea not null unique,
  label text not null,
  expires_at timestamptz not null
);
call scope_by_centre('api_token');

-- Who read what. Written before the answer leaves; the application role can add and read, never change.
create table audit (
  id bigint generated always as identity primary key,
  centre text not null,
  at timestamptz not null,
  person text not null,
  name text not null,
  session text,
  role text not null,
  action text not null,
  fields text[] not null,
  subjects text[] not null,
  purpose text,
  ip text not null,
  agent text not null
);
create index audit_at on audit (centre, at);
call scope_by_centre('audit');

-- The answer of a command by its Idempotency-Key, kept for 24 h.
create table idempotency (
  centre text not null,
  person text not null,
  key text not null,
  fingerprint text not null,
  status integer not null,
  answer text,
  at timestamptz not null,
  primary key (centre, person, key)
);
create index idempotency_at on idempotency (at);
call scope_by_centre('idempotency');
