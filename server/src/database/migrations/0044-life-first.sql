-- A button press passes in front: what asks somebody to go for a life alarm has places of its own at every provider. What tells
-- them to stay has none of them: a closed alarm may tell many people at once.
alter table notification add column life boolean not null default false;
-- Behind what a server of the release before asks by: it still finds what it looks for.
drop index notification_due;
create index notification_due on notification (channel, urgent, life, due_at) where due_at is not null;

set local anju.part = 'migration';
update notification set life = true from alarm
  where alarm.id = notification.alarm and alarm.class = 'life' and notification.purpose = 'alarm' and notification.due_at is not null;
