-- Where a responder usually sets out from: who is nearest is asked first.
alter table responder add column latitude double precision check (latitude between -90 and 90);
alter table responder add column longitude double precision check (longitude between -180 and 180);
alter table responder add constraint responder_base check ((latitude is null) = (longitude is null));

-- What was changed, by the names of its fields; empty for a look. Written in the change's own transaction.
alter table audit add column changed text[] not null default '{}';

-- Who was ever withdrawn from: asked for every contact of every alarm.
create index consent_withdrawn on consent (home, purpose, recipient_kind, recipient) where withdrawn_at is not null;
