-- Of its boot, the latest connection that was heard: the last will of one before it says nothing any more. 0: the gateway says none.
-- An older server beside this one raises the boot and knows nothing of sessions: hence of which boot.
alter table gateway add column session integer not null default 0, add column session_boot integer not null default 0;
