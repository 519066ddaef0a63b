import { CLASS_RANK, classOf, type EventClass, isEventType } from '@anju/contract'

/**
 * The class an event is handled as. Our own table and the gateway may disagree (an older table, a mistake in a rule): then the
 * more serious of the two counts. A type we do not know is what its gateway says it is, and never dropped.
 */
export function seriousness(type: string, said: EventClass): EventClass {
  if (!isEventType(type)) return said
  const known = classOf(type)
  return CLASS_RANK[known] <= CLASS_RANK[said] ? known : said
}
