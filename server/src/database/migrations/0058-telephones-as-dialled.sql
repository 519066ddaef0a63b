-- Imported lists wrote numbers as people do: 0571 88880000, 86 139…. No provider knows those, so nobody was ever called there. From here
-- on one number is stored in one way, as every other entry does (domain/roster/telephone.ts says which); what nobody could dial stays,
-- and readiness names it. Row-level security holds for the owner, too: whoever migrates says so.
set local anju.part = 'migration';

create function dialled(written text) returns text language sql immutable as $$
  select coalesce(
    substring(digits from '^(?:\+?860?|0)?(1[3-9]\d{9})$'),
    '+86' || substring(digits from '^(?:0|\+?860?)(10\d{8}|[2-9]\d{8,10})$'),
    substring(digits from '^\+(?!86)[1-9]\d{6,14}$'),
    written)
  from (select regexp_replace(regexp_replace(written, '[\s().-]', '', 'g'), '^00', '+') as digits) as given
$$;

-- The same number written twice for one person is one way from now on, the first of the two.
delete from way using way as first
where way.channel in ('sms', 'voice') and first.owner_kind = way.owner_kind and first.owner = way.owner and first.channel = way.channel
  and dialled(first.address) = dialled(way.address) and (first.position, first.id) < (way.position, way.id);
-- A landline takes no short message.
delete from way where channel = 'sms' and address !~ '^1[3-9]\d{9}$' and dialled(address) like '+86%';
update way set address = dialled(address), dead_since = null, dead_why = null
where channel in ('sms', 'voice') and address <> dialled(address);
update contact set phone = dialled(phone) where phone <> dialled(phone);
update responder set phone = dialled(phone) where phone <> dialled(phone);

drop function dialled(text);
