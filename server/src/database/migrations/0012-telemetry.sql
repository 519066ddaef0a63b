-- Measurements: a dictionary of series, and their samples.

create table series (
  id integer generated always as identity primary key,
  centre text not null,
  home text not null,
  placement text not null,
  point text not null,
  unit text not null,
  constraint series_once unique (home, placement, point, unit)
);
call scope_by_centre('series');

create table measurement (
  series integer not null,
  -- Epoch milliseconds: exactly what the wire carries.
  at bigint not null,
  value double precision,
  -- Why there is no value: the place in the contract's list of absences, from 1. No data is not zero.
  absent smallint,
  primary key (series, at),
  check ((value is null) = (absent is not null))
);
-- A sample is in scope when its series is; rows carry no centre of their own because there are very many of them.
alter table measurement enable row level security;
alter table measurement force row level security;
create policy by_series on measurement
  using (current_setting('anju.part', true) <> '' or exists (select from series where series.id = measurement.series))
  with check (current_setting('anju.part', true) <> '');
