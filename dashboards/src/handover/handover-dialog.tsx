import type { Alarm } from '@anju/contract/api'
import { Button, Modal, Textarea } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { alarms, session } from '../api/calls.ts'
import { nameOf, useLive, useSeat } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords } from '../i18n/words.ts'
import { compareAlarms } from '../queue/queue-order.ts'
import { draftOf } from './draft.ts'
import styles from './handover.module.css'

interface Props {
  readonly onLeave: () => void
  readonly onClose: () => void
}

/** The end of a shift with work in hand: each alarm goes back to the queue with what the next one should know. */
export function HandoverDialog({ onLeave, onClose }: Props) {
  const t = useText()
  const commands = useCommands()
  const seat = useSeat()
  const { link } = useLive()
  const mine = useMine()
  const { noteOf, write } = useNotes(mine)
  const [working, setWorking] = useState(false)
  const [problem, setProblem] = useState('')
  const cut = link === 'lost'
  /** What had the focus has left the list with its alarm: it goes on to the next one, or to the way out. */
  const left = useRef(false)
  useEffect(() => {
    if (working || !left.current) return
    left.current = false
    const next = document.querySelector<HTMLElement>('[data-hand-over] textarea, [data-action=hand-over-all]')
    next?.focus()
  }, [working])

  async function release(alarm: Alarm): Promise<boolean> {
    // Ours by name but without its token (another tab's, or storage was refused): taken anew, to be given away.
    if (!holds(seat, alarm) && !(await commands.claim(alarm))) return false
    return commands.release(alarm, noteOf(alarm).trim())
  }
  async function releaseOne(alarm: Alarm) {
    setWorking(true)
    left.current = await release(alarm)
    setWorking(false)
  }
  async function leave() {
    setWorking(true)
    setProblem('')
    try {
      for (const alarm of mine) if (!(await release(alarm))) return
      await session.end()
      onLeave()
    } catch (error) {
      setProblem(sentenceOf(t, error))
    } finally {
      setWorking(false)
    }
  }

  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('handover.title')}
      closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      data-dialog="handover"
    >
      <p className={styles['why']} role="alert">
        {t(mine.length === 0 ? 'handover.nothing-left' : 'error.owns-alarms')}
      </p>
      <ul className={styles['alarms']}>
        {mine.map((alarm, index) => (
          <Item
            key={alarm.id}
            alarm={alarm}
            first={index === 0}
            note={noteOf(alarm)}
            disabled={working || cut}
            onNote={(text) => write(alarm, text)}
            onRelease={() => void releaseOne(alarm)}
          />
        ))}
      </ul>
      {problem !== '' && (
        <p className={styles['problem']} role="alert">
          {problem}
        </p>
      )}
      <div className={styles['buttons']}>
        <Button variant="default" onClick={onClose}>
          {t('dialog.cancel')}
        </Button>
        <Button data-action="hand-over-all" loading={working} disabled={cut} onClick={() => void leave()}>
          {t(mine.length === 0 ? 'bar.logout' : 'handover.all')}
        </Button>
      </div>
    </Modal>
  )
}

function useMine(): Alarm[] {
  const { me } = useSeat()
  return [...useLive().alarms.values()]
    .map(({ alarm }) => alarm)
    .filter(({ owner, handling }) => owner?.session === me.session && handling !== 'closed')
    .sort(compareAlarms)
}

/** Each alarm's note: what the log says for a draft, until somebody has written there. */
function useNotes(mine: readonly Alarm[]) {
  const t = useText()
  const words = useWords()
  const [written, setWritten] = useState<Readonly<Record<string, string>>>({})
  const details = useQueries({
    queries: mine.map(({ id }) => ({
      queryKey: ['alarm', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => alarms.read(id, signal),
    })),
  })
  const drafts = new Map(details.flatMap(({ data }) => (data ? [[data.id, draftOf(data, t, words)] as const] : [])))
  return {
    noteOf: ({ id }: Alarm) => written[id] ?? drafts.get(id) ?? '',
    write: ({ id }: Alarm, text: string) => setWritten((before) => ({ ...before, [id]: text })),
  }
}

interface ItemProps {
  readonly alarm: Alarm
  readonly first: boolean
  readonly note: string
  readonly disabled: boolean
  readonly onNote: (text: string) => void
  readonly onRelease: () => void
}

function Item({ alarm, first, note, disabled, onNote, onRelease }: ItemProps) {
  const t = useText()
  const words = useWords()
  const title = `${nameOf(alarm)} · ${words('event', alarm.type)}`
  return (
    <li className={styles['alarm']} data-hand-over={alarm.id}>
      <p>{title}</p>
      <Textarea
        label={t('handover.note')}
        autosize={false}
        rows={3}
        maxLength={2_000}
        value={note}
        data-autofocus={first ? true : undefined}
        onChange={(event) => onNote(event.currentTarget.value)}
      />
      <Button variant="default" data-action="hand-over" disabled={disabled} onClick={onRelease}>
        {t('handover.one', { name: nameOf(alarm) })}
      </Button>
    </li>
  )
}
