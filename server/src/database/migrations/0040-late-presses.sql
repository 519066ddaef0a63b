-- Of an episode: its further occurrences that came late, {times, quiet, heardAt, byMs}, as the domain has them. As text: it is
-- written with every occurrence, and never asked for.
alter table alarm add column late_again text;

-- When somebody put the home into the mode it is in; null where nobody did since this is kept. A press that was heard before then,
-- and came late, says nothing of where the resident is now.
alter table home add column mode_since timestamptz;
