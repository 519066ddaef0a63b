import type { AlarmDetail, TimelineEntry } from '@anju/contract/api'
import type { Text } from '../i18n/locale.tsx'
import type { Words } from '../i18n/words.ts'

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

function lineOf(
  { kind, detail }: TimelineEntry,
  { contacts, responders = [] }: Pick<AlarmDetail, 'contacts' | 'responders'>,
  t: Text,
  words: Words,
): string[] {
  if (kind === 'contacted')
    return [
      t('handover.called', {
        name: nameOf(detail['contact'], contacts),
        outcome: words('contact', String(detail['outcome'])),
      }),
    ]
  return kind === 'dispatched' ? [t('handover.sent', { name: nameOf(detail['responder'], responders) })] : []
}

const nameOf = (id: unknown, people: readonly { readonly id: string; readonly name: string }[]): string =>
  people.find((one) => one.id === id)?.name ?? String(id)

/** What whoever had it before left for the next one; nothing when they left it without a word. */
export function handedOver(timeline: readonly TimelineEntry[]): TimelineEntry | undefined {
  const last = timeline.findLast(({ kind }) => kind === 'released')
  return last?.text ? last : undefined
}
