-- What a centre closed, what was handed on to it, and what a home has had: found without looking at the years of the others.
create index alarm_closed_by on alarm (centre, closed_at desc, id desc) where handling = 'closed';
drop index alarm_closed_at;
create index alarm_closed_shared on alarm (closed_at desc, id desc) where handling = 'closed' and also_centres <> '';
create index alarm_closed_home on alarm (home, received_at desc, id desc) where handling = 'closed';
