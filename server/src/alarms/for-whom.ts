import type { HomeId } from '@anju/contract'
import type { Alarm, AlarmDetail } from '@anju/contract/api'

/**
 * What was done and by whom; nothing that somebody wrote or said. Who is on the way, how long they need, and that something came
 * late, is for all of them.
 */
export function forRelative(entry: AlarmDetail['timeline'][number]): AlarmDetail['timeline'][number] {
  const { name, etaMinutes, heardAt, lateByS } = entry.detail
  const late = heardAt === undefined ? {} : { heardAt, lateByS }
  return { ...entry, text: null, detail: entry.kind === 'accepted' ? { name, etaMinutes } : late }
}

/** A family member is told what is happening, not in which room, nor what colleagues tell each other of it. */
export function forWhom(alarm: Alarm, onlyHome: HomeId | null): Alarm {
  return onlyHome ? { ...alarm, placement: 'home', offer: null, home: { ...alarm.home, placementName: '' } } : alarm
}
