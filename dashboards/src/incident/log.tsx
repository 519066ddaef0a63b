import type { Alarm, AlarmDetail, TimelineEntry } from '@anju/contract/api'
import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useLink, useSeat } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { useLocale, useText } from '../i18n/locale.tsx'
import { useWords, type Words } from '../i18n/words.ts'
import { isComposing } from '../keyboard/shortcuts.ts'
import { dayTime, span } from '../time/format.ts'
import { latenessOf } from '../time/lateness.ts'
import { Key } from './incident-actions.tsx'
import styles from './log.module.css'
import { takenFrom, whomIn } from './whom.ts'

interface Props {
  readonly alarm: Alarm
  readonly detail: AlarmDetail
  readonly zone: string | undefined
}

/** The key `n` comes here. */
export const noteId = 'note'
/** A lease renewed four times a minute is no news to a reader. */
const quiet = new Set<TimelineEntry['kind']>(['renewed'])

/** Every act of people and machines, newest first, and the line where the operator adds to it. */
export function Log({ alarm, detail, zone }: Props) {
  const t = useText()
  const said = useParticulars(detail)
  const entries = detail.timeline.filter(({ kind }) => !quiet.has(kind)).toReversed()
  return (
    <section className={styles['log']} aria-labelledby="log-title">
      <h3 id="log-title">{t('log.title')}</h3>
      <Note key={alarm.id} alarm={alarm} />
      <ol className={styles['entries']}>
        {entries.map((entry, index) => (
          <li key={`${entry.at} ${entry.kind} ${entries.length - index}`} data-kind={entry.kind}>
            <time dateTime={entry.at}>{dayTime(entry.at, zone)}</time>
            <Line entry={entry} said={said(entry)} zone={zone} />
          </li>
        ))}
      </ol>
    </section>
  )
}

/** It stands where the centre learned of it; when it happened is said beside it. */
function Lateness({ entry, zone }: { readonly entry: TimelineEntry; readonly zone: string | undefined }) {
  const t = useText()
  const late = latenessOf(entry)
  if (!late) return null
  return <span data-late> · {t('log.late', { at: dayTime(late.heardAt, zone), age: span(late.byMs) })}</span>
}

function Line({
  entry,
  said,
  zone,
}: {
  readonly entry: TimelineEntry
  readonly said: string
  readonly zone: string | undefined
}) {
  const words = useWords()
  const { kind, by, text } = entry
  return (
    <span>
      <b>{words('kind', kind)}</b>
      <Lateness entry={entry} zone={zone} />
      {by && <span className={styles['by']}> · {by.name}</span>}
      {said !== '' && <span> · {said}</span>}
      {text !== null && <span className={styles['text']}>{text}</span>}
    </span>
  )
}

/** What an entry's own detail says, in words: whom, how it went, which step, which agency. */
function useParticulars(detail: AlarmDetail): (entry: TimelineEntry) => string {
  const t = useText()
  const words = useWords()
  const { locale } = useLocale()
  const stepWord = (id: string) => detail.plan.steps.find((step) => step.id === id)?.texts[locale] ?? id
  return (entry) => {
    const whom = whomIn(entry, detail)
    const from = takenFrom(entry)
    return [
      whom === null ? t('log.gone') : whom,
      nobodyReached(entry) !== null && t('log.nobody-reached', { minutes: nobodyReached(entry) ?? 0 }),
      entry.detail['offDuty'] === true && t('log.off-duty'),
      from && (from.name === null ? t('log.from-nobody') : t('log.from', { name: from.name })),
      ...particulars(entry, detail, words, stepWord),
    ]
      .filter(Boolean)
      .join(' · ')
  }
}

function particulars(
  { detail, kind }: TimelineEntry,
  { handovers }: AlarmDetail,
  words: Words,
  stepWord: (id: string) => string,
): string[] {
  const said: string[] = []
  const word = (key: string) => textIn(detail, key)
  if (kind === 'contacted') said.push(words('contact', word('outcome') ?? ''))
  if (word('step') !== undefined) said.push(stepWord(word('step') ?? ''))
  const agency = word('agency') ?? handovers.find(({ id }) => id === word('handover'))?.agency
  if (agency !== undefined) said.push(words('agency', agency))
  if (kind === 'agency-answered') said.push(...['caseNumber', 'outcome'].flatMap((key) => word(key) ?? []))
  if (kind === 'closed') {
    const pairs = [
      ['disposition', 'code'],
      ['cause', 'cause'],
      ['outcome', 'outcome'],
    ] as const
    for (const [family, key] of pairs) if (word(key) !== undefined) said.push(words(family, word(key) ?? ''))
  }
  if (LISTING.has(kind)) for (const one of askedIn(detail)) said.push(`${one.name} ${words('channel', one.channel)}`)
  const minutes = detail['etaMinutes'] ?? detail['minutes']
  if ((kind === 'accepted' || kind === 'parked') && typeof minutes === 'number') said.push(`${minutes}′`)
  return said
}

/** For how many minutes nobody had been reached when somebody was asked about it. */
function nobodyReached({ detail }: TimelineEntry): number | null {
  const s = detail['nobodyReachedForS']
  return typeof s === 'number' ? Math.floor(s / 60) : null
}

/** What says of several people how they were asked, or could not be. */
const LISTING: ReadonlySet<TimelineEntry['kind']> = new Set(['escalated', 'undeliverable', 'untold'])

/** Whom a step asked, or nothing reached, and on which channel. */
function askedIn({ recipients }: TimelineEntry['detail']): { readonly name: string; readonly channel: string }[] {
  return (Array.isArray(recipients) ? (recipients as unknown[]) : []).flatMap((one) => {
    const { name, channel } = one as Record<string, unknown>
    return typeof name === 'string' && typeof channel === 'string' ? [{ name, channel }] : []
  })
}

function textIn(detail: TimelineEntry['detail'], key: string): string | undefined {
  const value = detail[key]
  return typeof value === 'string' ? value : undefined
}

/** Enter saves, Shift+Enter begins a line; an Enter that only ends a pinyin word does neither. */
function Note({ alarm }: { readonly alarm: Alarm }) {
  const t = useText()
  const seat = useSeat()
  const link = useLink()
  const commands = useCommands()
  const [text, setText] = useState('')
  const [saving, setSaving] = useState(false)
  if (!holds(seat, alarm)) return null
  const empty = text.trim() === ''

  async function save() {
    if (empty || saving || link === 'lost') return
    setSaving(true)
    if (await commands.note(alarm, text.trim())) setText('')
    setSaving(false)
  }

  return (
    <div className={styles['note']}>
      <Textarea
        id={noteId}
        aria-label={t('log.note')}
        placeholder={t('log.note-hint')}
        autosize={false}
        rows={2}
        maxLength={2_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Out of the text and back to the keys: the row of this alarm is where they live.
          if (event.key === 'Escape' && !isComposing(event.nativeEvent))
            document.querySelector<HTMLElement>(`[data-row="${alarm.id}"]`)?.focus()
          if (event.key !== 'Enter' || event.shiftKey || isComposing(event.nativeEvent)) return
          event.preventDefault()
          void save()
        }}
      />
      <Button
        variant="default"
        data-action="note"
        disabled={empty || link === 'lost'}
        loading={saving}
        onClick={() => void save()}
      >
        {t('log.note-save')} <Key of="↵" />
      </Button>
    </div>
  )
}
