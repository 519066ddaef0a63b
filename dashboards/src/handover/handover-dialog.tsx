import type { Alarm } from '@anju/contract/api'
import { Button, Modal } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { session } from '../api/calls.ts'
import { sayingOf, useLink, useLive, useSeat } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { compareAlarms } from '../queue/queue-order.ts'
import { ColleaguePick, pickedOf } from './colleague-pick.tsx'
import { HandOverItem } from './hand-over-item.tsx'
import styles from './handover.module.css'
import { useColleagues } from './use-colleagues.ts'
import { useNotes } from './use-notes.ts'

interface Props {
  readonly onLeave: () => void
  readonly onClose: () => void
}

/**
 * The end of a shift with work in hand: each alarm is taken on by a colleague who says so, or goes back to the queue, with what
 * the next one should know.
 */
export function HandoverDialog({ onLeave, onClose }: Props) {
  const t = useText()
  const commands = useCommands()
  const seat = useSeat()
  const link = useLink()
  const mine = useMine()
  const { noteOf, write } = useNotes(mine)
  const colleagues = useColleagues()
  const [openedAt] = useState(() => seat.live.now())
  const [toAll, setToAll] = useState('')
  const [working, setWorking] = useState(false)
  const [problem, setProblem] = useState('')
  const cut = link === 'lost'
  const to = pickedOf(colleagues, toAll)
  const unasked = mine.filter(({ offer }) => offer === null)
  /** What had the focus has left the list with its alarm: it goes on to the next one, or to the way out. */
  const many = mine.length
  const before = useRef(many)
  useEffect(() => {
    if (working || many >= before.current) {
      before.current = Math.max(many, working ? before.current : many)
      return
    }
    before.current = many
    if (document.activeElement && document.activeElement !== document.body) return
    const next = document.querySelector<HTMLElement>('[data-hand-over] textarea, [data-action=hand-over-all]')
    next?.focus()
  }, [working, many])

  /** Ours by name but without its token (another tab's, or storage was refused): taken anew, to be given away. */
  const hasToken = async (alarm: Alarm) => holds(seat, alarm) || (await commands.claim(alarm))
  const release = async (alarm: Alarm) => (await hasToken(alarm)) && commands.release(alarm, noteOf(alarm).trim())

  async function whileWorking(act: () => Promise<void>) {
    setWorking(true)
    setProblem('')
    try {
      await act()
    } catch (error) {
      setProblem(sentenceOf(t, error))
    } finally {
      setWorking(false)
    }
  }
  const releaseOne = (alarm: Alarm) => whileWorking(async () => void (await release(alarm)))
  const offerAll = () =>
    whileWorking(async () => {
      for (const alarm of unasked)
        if (!(await hasToken(alarm)) || !(await commands.offer(alarm, to, noteOf(alarm).trim()))) return
    })
  const leave = () =>
    whileWorking(async () => {
      for (const alarm of mine) if (!(await release(alarm))) return
      await session.end()
      onLeave()
    })

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
      <ul className={styles['accepted']} aria-live="polite">
        {seat.offersMade.accepted(openedAt).map((outcome) => (
          <li key={outcome.alarm.id} data-offer="accepted">
            {sayingOf(outcome)(t)}
          </li>
        ))}
      </ul>
      {unasked.length > 1 && colleagues.there && colleagues.there.length > 0 && (
        <div className={styles['all']}>
          <ColleaguePick colleagues={colleagues} to={to} label={t('handover.to-all')} onPick={setToAll} />
          <Button data-action="offer-all" loading={working} disabled={cut || to === ''} onClick={() => void offerAll()}>
            {t('handover.offer-all', { count: unasked.length })}
          </Button>
        </div>
      )}
      <ul className={styles['alarms']}>
        {mine.map((alarm, index) => (
          <HandOverItem
            key={alarm.id}
            alarm={alarm}
            first={index === 0}
            note={noteOf(alarm)}
            colleagues={colleagues}
            toAll={toAll}
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
        <Button
          variant={mine.length === 0 ? 'filled' : 'default'}
          data-action="hand-over-all"
          loading={working}
          disabled={cut}
          onClick={() => void leave()}
        >
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
