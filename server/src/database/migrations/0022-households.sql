-- What a home is found by when somebody types a few letters, and which contact came from which columns of a list.

-- Kept by whoever writes a home or its resident; null: not worked out yet (the initials of a name need a dictionary). They are
-- compared by ~>=~ and ~<=~ only: under row-level security an index serves nothing but what may see rows of others, and LIKE,
-- text search and trigrams are not among it.
alter table home add column find_name text;
alter table home add column find_initials text;
alter table home add column find_pinyin text;
alter table home add column find_door text;
alter table home add column find_ref text generated always as (lower(external_ref)) stored;
create index home_find_name on home (find_name text_pattern_ops);
create index home_find_initials on home (find_initials text_pattern_ops);
create index home_find_pinyin on home (find_pinyin text_pattern_ops);
create index home_find_door on home (find_door text_pattern_ops);
create index home_find_ref on home (find_ref text_pattern_ops) where find_ref is not null;
create index home_unfindable on home (id) where find_name is null;

-- People remember how a number ends.
alter table contact add column phone_reversed text generated always as (reverse(phone)) stored;
create index contact_phone on contact (phone text_pattern_ops);
create index contact_phone_reversed on contact (phone_reversed text_pattern_ops);

-- From which of a list's contact columns (1 to 5) it came: the next import changes it there, and leaves alone who was added
-- by hand.
alter table contact add column list_slot integer check (list_slot between 1 and 5);
create unique index contact_list_slot on contact (home, list_slot) where list_slot is not null and removed_at is null;

-- The areas of a level that were there on a day.
create index area_code on area (code text_pattern_ops);

-- The day by which areas change: one for the whole country.
create function administrative_day() returns date language sql volatile as $$
  select (app_now() at time zone 'Asia/Shanghai')::date
$$;
