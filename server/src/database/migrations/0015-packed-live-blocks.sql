-- The items of a burst differ in a few numbers only: packed they are a tenth and less, and with them what is written to the log
-- and to disk for a day of the stream. A block that begins with `[` is JSON as it is, any other is zlib's.
alter table live_block alter column items type bytea using convert_to(items, 'UTF8');
alter table live_block alter column items set storage external;
