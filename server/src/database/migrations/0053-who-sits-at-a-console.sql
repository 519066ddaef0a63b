-- Who looks at a queue and may take alarms from it: an alarm is offered to somebody who is there. Written when somebody comes or goes and
-- not in between: a row is true for as long as its server renews its `console_presence`, which is written in the same statement. The
-- escalation goes by that one: hence no reference here that could refuse the one and with it the other.
create table console_person (
  server text not null,
  session text not null,
  centre text not null,
  person text not null,
  primary key (server, session)
);
create index console_person_centre on console_person (centre);
call scope_by_centre('console_person');
