-- While servers are brought along one after the other, one of the release before writes a policy that was removed: it knows nothing
-- of `removed_at` and leaves it set. What is written anew is there again, whoever writes it.
create function escalation_policy_written() returns trigger language plpgsql as $$
begin
  new.removed_at := null;
  return new;
end $$;
create trigger escalation_policy_written before update of tracks on escalation_policy
  for each row when (new.removed_at is not null) execute function escalation_policy_written();
