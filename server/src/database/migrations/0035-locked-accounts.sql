-- Whose account is locked logs in nowhere, and the sessions they have are over. Nothing that they did is forgotten.
alter table person add column locked_at timestamptz;
