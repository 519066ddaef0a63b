-- What lets a transaction be sent before the one before it has been answered: each says what it stands on, and is rolled back
-- when that is not so. 40001 (serialization failure) is what asks for another try.

-- The transactions of one connection that build on each other. The setting is undone with its transaction, so it names the last
-- one that was saved.
create function in_line(previous text, this text) returns void language plpgsql as $$
begin
  if previous <> '' and current_setting('anju.line', true) is distinct from previous then
    raise exception 'the transaction before this one was not saved' using errcode = '40001';
  end if;
  perform set_config('anju.line', this, false);
end
$$;

-- A write that must find every row as it was remembered.
create function all_found(rows_found bigint, rows_remembered bigint) returns void language plpgsql as $$
begin
  if rows_found <> rows_remembered then
    raise exception 'of % rows only % were as they were remembered', rows_remembered, rows_found using errcode = '40001';
  end if;
end
$$;

-- The time as it was reckoned, and that nobody who has just pressed is away. A second is what a batch may wait for its turn.
create function as_reckoned(now_ms bigint, pressed_homes text[]) returns void language plpgsql as $$
begin
  if abs(extract(epoch from app_now()) * 1000 - now_ms) > 1000 then
    raise exception 'the time is another than % ms', now_ms using errcode = '40001';
  end if;
  if exists (select from home where id = any (pressed_homes) and mode = 'away') then
    raise exception 'somebody who is away has pressed' using errcode = '40001';
  end if;
end
$$;
