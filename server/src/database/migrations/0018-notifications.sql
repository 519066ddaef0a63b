-- The ledger: one row per attempt to reach one person. What a provider says later only ever moves a row forward.

create table notification (
  -- A ULID, and the idempotency key towards providers that take one.
  id text primary key,
  centre text not null,
  home text,
  alarm text references alarm,
  purpose text not null check (purpose in ('alarm', 'stand-down', 'notice')),
  track text,
  round integer not null default 0,
  step integer not null default 0,
  wave integer not null default 0,
  recipient_kind text not null check (recipient_kind in ('contact', 'responder', 'person', 'centre', 'queue')),
  recipient text not null,
  recipient_name text not null,
  channel text not null,
  -- As it was when it was queued: a number that is corrected later does not change what was dialled.
  address text not null,
  language text not null,
  -- What is said, as words' parameters; the channel finds the words.
  content jsonb not null,
  urgent boolean not null,
  state text not null check (state in ('queued', 'sent', 'delivered', 'seen', 'accepted', 'declined', 'failed', 'unknown', 'cancelled')),
  why text,
  provider text,
  provider_id text,
  queued_at timestamptz not null,
  sent_at timestamptz,
  delivered_at timestamptz,
  seen_at timestamptz,
  accepted_at timestamptz,
  declined_at timestamptz,
  failed_at timestamptz,
  cancelled_at timestamptz,
  -- Until when somebody who accepted keeps the others from being asked.
  accepted_until timestamptz,
  -- SHA-256 of the secret in the answer link; null where an answer makes no sense.
  answer_hash bytea,
  tries integer not null default 0,
  -- When the sender has something to do with it: a first try, another one, or to find out that it stopped in between.
  due_at timestamptz,
  -- Who is sending it holds this number; what comes with an older one is too late.
  fence bigint not null default 0,
  sending boolean not null default false
) with (fillfactor = 60);
-- Two rounds, two steps, two people or two channels are two attempts; the same one again is not.
create unique index notification_once on notification (alarm, track, round, step, recipient_kind, recipient, channel, purpose)
  nulls not distinct where alarm is not null;
create index notification_alarm on notification (alarm, id) where alarm is not null;
create index notification_due on notification (urgent desc, due_at) where due_at is not null;
create unique index notification_answer on notification (answer_hash) where answer_hash is not null;
create index notification_provider on notification (provider, provider_id) where provider_id is not null;
call scope_by_centre('notification');
alter policy by_centre on notification
  using ((select is_part()) or in_scope(centre) or exists (select from alarm where alarm.id = notification.alarm));
