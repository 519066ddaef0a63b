-- Whoever holds an alarm can offer it to a colleague: it is theirs until the colleague takes it on. What the offer says (to whom, until
-- when, with which note, under which lease) is the server's own to read, as `heard_by` is: nothing asks for alarms by it.
alter table alarm add column offer text;
