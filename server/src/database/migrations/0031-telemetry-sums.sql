-- What five minutes of a series come to, beside its samples: a year of days is summed from these, because a meter has half a million
-- samples in it. Whatever is before `summed_to` is summed; what comes late, changes or goes is summed again with it. What was said
-- last is no sum: it is a look at the samples. A database that has samples already is summed little by little by the server; until
-- then its samples are read as before.

alter table series add column summed_to bigint;
create index series_to_sum on series (summed_to nulls first);

create table measurement_sum (
  series integer not null,
  -- Epoch ms of the first moment.
  at bigint not null,
  centre text not null,
  count integer not null,
  sum double precision,
  min double precision,
  max double precision,
  primary key (series, at)
);
call scope_by_centre('measurement_sum');
-- A question reads a hundred thousand of them: whose they are is asked of each row, who asks only once.
alter policy by_centre on measurement_sum
  using ((select is_part()) or centre = (select current_setting('anju.centre', true)))
  with check ((select is_part()) or centre = (select current_setting('anju.centre', true)));

-- For a question of many rows `exists` made a list of every series of the centre first, sixty thousand of them; a row's own series is
-- a look into an index.
alter policy by_series on measurement
  using ((select is_part()) or (select true from series where series.id = measurement.series))
  with check ((select is_part()));

-- Pieces begin at multiples of five minutes, also before 1970, where a remainder is negative.
create function piece_of(at bigint) returns bigint language sql immutable parallel safe as $$
  select at - ((at % 300000) + 300000) % 300000
$$;

-- Sums pieces anew, each named by its series and its begin, once. In the order of time: any other would give other digits.
create function sum_pieces(of_series integer[], pieces bigint[]) returns void language sql as $$
  delete from measurement_sum using unnest(of_series, pieces) as piece(series, begins)
  where measurement_sum.series = piece.series and measurement_sum.at = piece.begins;
  insert into measurement_sum (series, at, centre, count, sum, min, max)
  select series.id, begins, series.centre, said.*
  from unnest(of_series, pieces) as piece(series, begins) join series on series.id = piece.series
  cross join lateral (
    select count(value), sum(value order by at), min(value), max(value)
    from measurement where measurement.series = piece.series and at >= begins and at < begins + 300000
    having count(*) > 0
  ) as said
$$;

-- Samples are erased by many hands, and a sum must not outlive them.
create function sums_follow_erasure() returns trigger language plpgsql as $$
begin
  -- As a writer does that comes late.
  perform from series where id in (select series from gone) order by id for no key update;
  perform sum_pieces(array_agg(touched.series), array_agg(touched.piece))
  from (
    select distinct gone.series, piece_of(gone.at) as piece
    from gone join series on series.id = gone.series where gone.at < series.summed_to
  ) as touched
  having count(*) > 0;
  return null;
end
$$;
create trigger sums_follow_erasure after delete on measurement
  referencing old table as gone for each statement execute function sums_follow_erasure();
create function sums_follow_series() returns trigger language plpgsql as $$
begin
  delete from measurement_sum where series = old.id;
  return null;
end
$$;
create trigger sums_follow_series after delete on series for each row execute function sums_follow_series();
