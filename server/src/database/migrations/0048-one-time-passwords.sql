-- Until when a password that a colleague was given is good for the one log-in that replaces it; null: it is its owner's own.
alter table person add column one_time_until timestamptz;
