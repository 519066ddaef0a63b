-- What one home's alarms have to know of one another: who goes there, and which of them may still be undone. A row leaves the first
-- index when its person is told to stay, so it holds who is on the way and not what happened in years.
create index notification_going on notification (home) where accepted_until is not null and not stood_down;
create index alarm_closed_in_home on alarm (home, closed_at) where handling = 'closed' and class in ('life', 'hazard');
