-- What a gateway last said of one thing, by its own numbers: a word that was overtaken on its way must not turn a condition that
-- a later one has turned already. A press never ends and a record has no condition: neither costs this index anything.
create index event_said on event (gateway, home, placement, type, phase, boot desc, seq desc)
  where type <> 'sos-pressed' and class <> 'info';
