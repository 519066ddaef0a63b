import type { AlarmId, Clock, Random } from '@anju/contract'
import { ulid } from 'ulid'

/** Time-ordered, minted here: an event's id is its gateway's to choose, an alarm's is not. */
export const newAlarmId = (clock: Clock, random: Random): AlarmId =>
  ulid(clock.now(), () => random.uniform()) as AlarmId
