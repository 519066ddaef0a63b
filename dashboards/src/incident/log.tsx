import type { Alarm, AlarmDetail, TimelineEntry } from '@anju/contract/api'
import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useLive, useSeat } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { useLocale, useText } from '../i18n/locale.tsx'
import { useWords, type Words } from '../i18n/words.ts'
import { isComposing } from '../keyboard/shortcuts.ts'
import { dayTime } from '../time/format.ts'
import { Key } from './incident-actions.tsx'
import styles from './log.module.css'

interface Props {
  readonly alarm: Alarm
  readonly timeline: AlarmDetail['timeline']
  readonly steps: AlarmDetail['plan']['steps']
  readonly zone: string | undefined
}

/** The key `n` comes here. */
export const noteId = 'note'
/** A lease renewed four times a minute is no news to a reader. */
const quiet = new Set<TimelineEntry['kind']>(['renewed'])

/** Every act of people and machines, newest first, and the line where the operator adds to it. */
export function Log({ alarm, timeline, steps, zone }: Props) {
  const t = useText()
  const words = useWords()
  const { locale } = useLocale()
  const stepWord = (id: string) => steps.find((step) => step.id === id)?.texts[locale] ?? id
  const entries = timeline.filter(({ kind }) => !quiet.has(kind)).toReversed()
  return (
    <section className={styles['log']} aria-labelledby="log-title">
      <h3 id="log-title">{t('log.title')}</h3>
      <Note key={alarm.id} alarm={alarm} />
      <ol className={styles['entries']}>
        {entries.map((entry, index) => (
          <li key={`${entry.at} ${entry.kind} ${entries.length - index}`} data-kind={entry.kind}>
            <time dateTime={entry.at}>{dayTime(entry.at, zone)}</time>
            <span>
              <b>{words('kind', entry.kind)}</b>
              {entry.by && <span className={styles['by']}> · {entry.by.name}</span>}
              {particulars(entry, words, stepWord) !== '' && <span> · {particulars(entry, words, stepWord)}</span>}
              {entry.text !== null && <span className={styles['text']}>{entry.text}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function particulars({ detail, kind }: TimelineEntry, words: Words, stepWord: (id: string) => string): string {
  const said: string[] = []
  const word = (key: string) => textIn(detail, key)
  if (kind === 'contacted') {
    const name = word('name') ?? word('contact')
    const outcome = word('outcome')
    if (name) said.push(name)
    if (outcome) said.push(words('contact', outcome))
  }
  if (word('step') !== undefined) said.push(stepWord(word('step') ?? ''))
  if (word('agency') !== undefined) said.push(words('agency', word('agency') ?? ''))
  if (kind === 'agency-answered') said.push(...['caseNumber', 'outcome'].flatMap((key) => word(key) ?? []))
  if (kind === 'closed') {
    const pairs = [
      ['disposition', 'code'],
      ['cause', 'cause'],
      ['outcome', 'outcome'],
    ] as const
    for (const [family, key] of pairs) if (word(key) !== undefined) said.push(words(family, word(key) ?? ''))
  }
  if (kind === 'escalated' || kind === 'untold')
    for (const one of askedIn(detail)) said.push(`${one.name} ${words('channel', one.channel)}`)
  if (kind === 'accepted' || kind === 'declined') said.push(word('name') ?? '')
  const minutes = detail['etaMinutes']
  if (kind === 'accepted' && typeof minutes === 'number') said.push(`${minutes}′`)
  return said.filter(Boolean).join(' · ')
}

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
  const { link } = useLive()
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
