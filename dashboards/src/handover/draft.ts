import type { AlarmDetail, TimelineEntry } from '@anju/contract/api'
import type { Text } from '../i18n/locale.tsx'
import type { Words } from '../i18n/words.ts'
import { type People, whomIn } from '../incident/whom.ts'

/** As long as a note may be; what was done last is what the next one needs. */
const draftCharsMax = 1_500

/**
 * What the log says that the next one should know, in a sentence a line: who was called and how it went, who was sent, who is on
 * the way. The one who leaves reads it over and adds what no log knows.
 */
export function draftOf(
  detail: Pick<AlarmDetail, 'timeline' | 'contacts' | 'responders' | 'going'>,
  t: Text,
  words: Words,
): string {
  const lines = detail.timeline.flatMap((entry) => lineOf(entry, detail, t, words))
  for (const { name } of detail.going ?? []) lines.push(t('handover.goes', { name }))
  while (lines.join('\n').length > draftCharsMax) lines.shift()
  return lines.join('\n')
}

function lineOf(entry: TimelineEntry, people: People, t: Text, words: Words): string[] {
  const { kind, detail } = entry
  if (kind !== 'contacted' && kind !== 'dispatched') return []
  const name = whomIn(entry, people) ?? t('log.gone')
  return kind === 'contacted'
    ? [t('handover.called', { name, outcome: words('contact', String(detail['outcome'])) })]
    : [t('handover.sent', { name })]
}

/**
 * What whoever had it before left for the next one, in the queue or to them by name; nothing when they left it without a word.
 * What was offered and not taken on is nobody's to read up.
 */
export function handedOver(timeline: readonly TimelineEntry[]): TimelineEntry | undefined {
  const at = timeline.findLastIndex(({ kind }) => kind === 'released' || kind === 'offer-accepted')
  const left = timeline[at]
  const last = left?.kind === 'offer-accepted' ? timeline.slice(0, at).findLast(({ kind }) => kind === 'offered') : left
  return last?.text ? last : undefined
}
