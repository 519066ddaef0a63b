-- Whoever corrects something says which version they had read, so that two people never overwrite each other unseen: how often it
-- was written, by whom last, and when. Null: not since this was kept.
alter table home add column version integer not null default 1;
alter table home add column changed_at timestamptz;
alter table home add column changed_by text;
-- Who is asked, and in which order.
alter table home add column order_version integer not null default 1;
alter table home add column order_changed_at timestamptz;
alter table home add column order_changed_by text;

alter table resident add column version integer not null default 1;
alter table resident add column changed_at timestamptz;
alter table resident add column changed_by text;

alter table contact add column version integer not null default 1;
alter table contact add column changed_at timestamptz;
alter table contact add column changed_by text;

alter table responder add column version integer not null default 1;
alter table responder add column changed_at timestamptz;
alter table responder add column changed_by text;

alter table person add column version integer not null default 1;
alter table person add column changed_at timestamptz;
alter table person add column changed_by text;

alter table seat add column version integer not null default 1;
alter table seat add column changed_at timestamptz;
alter table seat add column changed_by text;

alter table shift add column version integer not null default 1;
alter table shift add column changed_at timestamptz;
alter table shift add column changed_by text;

-- As of response_plan: a removed one stays, so that a version is never given twice.
alter table escalation_policy add column changed_by text;
alter table escalation_policy add column removed_at timestamptz;
