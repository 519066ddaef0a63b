-- Which seat somebody says they sit at: a step that asks a seat is for the console there. A reference it is not: a seat that is removed
-- must not make a console, which still believes that it is there, into one that hears for every seat.
alter table session add column seat text;
