-- What the sender and the answer links need beyond the ledger's first shape.

-- How many tries may have left although nothing was heard of them: what limits their repetition.
alter table notification add column doubts integer not null default 0;
-- This attempt's person has been told since that they need not go.
alter table notification add column stood_down boolean not null default false;

-- Each try carries a link of its own, and an earlier try may have arrived: every one of them answers. Only the SHA-256 of the
-- secret is kept, so that a copy of this table answers nothing.
create table answer_link (
  hash bytea primary key,
  centre text not null,
  notification text not null references notification on delete cascade
);
create index answer_link_notification on answer_link (notification);
call scope_by_centre('answer_link');
alter table notification drop column answer_hash;

-- The sender asks for each channel and urgency by itself: a channel that is behind does not lengthen another's way.
drop index notification_due;
create index notification_due on notification (channel, urgent, due_at) where due_at is not null;
