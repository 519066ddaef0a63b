-- What was closed last, page by page, whenever it had come. Open alarms, which a burst writes, have no row in it.
create index alarm_closed_at on alarm (closed_at desc, id desc) where handling = 'closed';
