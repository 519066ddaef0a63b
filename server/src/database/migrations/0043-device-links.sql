-- Between a gateway and some of its devices there is a line of its own: while its gateway says that it is down, nothing can be
-- said of a device behind it, and its deadline is null as it is behind a gateway that is silent.
alter table device add column line_down boolean not null default false;
create index device_line_down on device (gateway) where line_down;
