-- Of an episode: its further occurrences that came late, {times, quiet, heardAt, byMs}, as the domain has them. As text: it is
-- written with every occurrence, and never asked for.
alter table alarm add column late_again text;
