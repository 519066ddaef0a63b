-- How many of them a centre has: whoever looks for what is late asks each second.
create index alarm_of_lateness on alarm (centre) where type = 'escalation-late' and handling <> 'closed';
