-- Of its boot, the latest connection that was heard: the last will of one before it says nothing any more. 0: the gateway says none.
alter table gateway add column session integer not null default 0;
