-- A device's time runs while somebody could hear it. Each return of its line or its gateway used to give it all of its time anew, so
-- one that died behind a line that blinks was never found. Null: all of it, as for whatever cannot be heard while this is added; how
-- long that could be heard before, nobody has kept.
alter table device add column silent_left_ms integer check (silent_left_ms >= 0);
