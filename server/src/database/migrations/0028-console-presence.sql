-- Whether anybody looks at a centre's queue: each server writes down for which centres a console listens to it. A row that is
-- not renewed is nobody's, so that a server which died takes its consoles along.
create table console_presence (
  server text not null,
  centre text not null references centre,
  at timestamptz not null,
  primary key (server, centre)
);
create index console_presence_centre on console_presence (centre, at);
call scope_by_centre('console_presence');
