-- The relative who signs in is one of the home's contacts, not somebody beside them: what their browser can show is one more way
-- to reach that contact, and what they answer in the app is that contact's answer. One person, one account.
alter table contact add constraint contact_in_home unique (id, home);
alter table person add column contact text;
alter table person add constraint person_is_contact foreign key (contact, home) references contact (id, home);
alter table person add constraint person_contact_has_home check (contact is null or home is not null);
create unique index person_contact on person (contact) where contact is not null;

-- A browser is one person's: whoever signs in on it next takes it over. Hashed, because a subscription is longer than a b-tree takes.
create index way_push on way using hash (address) where channel = 'push';
