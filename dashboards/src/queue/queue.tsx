import type { Alarm } from '@anju/contract/api'
import { Loader } from '@mantine/core'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import { useLink, useLiveFact, useSeat, useSound } from '../console/seat.tsx'
import { useAskedHere } from '../console/use-asked-here.ts'
import { useText } from '../i18n/locale.tsx'
import { AlarmRow } from './alarm-row.tsx'
import styles from './queue.module.css'
import { queueOf, steady, technicalRowsMax } from './queue-order.ts'

interface Props {
  readonly selectedId: string | null
  readonly onSelect: (id: string) => void
  readonly onTake: (alarm: Alarm) => void
}

/** A click that lands this soon after the rows moved was meant for what stood there before. */
const settleMs = 400

export const Queue = memo(function Queue({ selectedId, onSelect, onTake }: Props) {
  const t = useText()
  const { me, live } = useSeat()
  const link = useLink()
  const listRead = useLiveFact((view) => view.listRead)
  const listFailed = useLiveFact((view) => view.listFailed)
  const sound = useSound()
  const askedHere = useAskedHere()
  const sections = useLiveFact(({ alarms }) => queueOf(alarms, me.personId))
  const { people, hold, guard } = useSteadyRows(sections.people, live.now)
  const audibleIds = useMemo(
    () => new Set(sound.audible ? sound.wanted.map(({ id }) => id) : []),
    [sound.audible, sound.wanted],
  )
  const [allTechnical, setAllTechnical] = useState(false)
  const ready = listRead > 0
  const rows = (alarms: readonly Alarm[]) =>
    alarms.map((alarm) => (
      <AlarmRow
        key={alarm.id}
        alarm={alarm}
        selected={alarm.id === selectedId}
        sounding={audibleIds.has(alarm.id)}
        mine={alarm.owner?.session === me.session}
        asked={askedHere.has(alarm.id)}
        onSelect={onSelect}
        onTake={onTake}
      />
    ))

  return (
    <section className={styles['queue']} aria-labelledby="queue-title" data-link={link} {...hold}>
      <div className={styles['head']}>
        <h2 id="queue-title">{t('queue.title')}</h2>
        <span className={styles['sum']}>
          {ready && t('queue.sum', { open: people.length, technical: sections.technical.length })}
        </span>
      </div>
      {!ready && !listFailed && (
        <output className={styles['note']}>
          <Loader size="xs" color="#5c646d" aria-hidden /> {t('queue.loading')}
        </output>
      )}
      {listFailed && (
        <p className={styles['note']} role="alert">
          {t(ready ? 'queue.stale' : 'queue.failed')}
        </p>
      )}
      {ready && people.length === 0 && (
        <div className={styles['empty']}>
          <strong>{t('queue.empty')}</strong>
          <span>{t('queue.empty-more')}</span>
        </div>
      )}
      <ol className={styles['rows']} aria-label={t('queue.people')} onClickCapture={guard}>
        {rows(people)}
      </ol>
      {sections.parked.length > 0 && (
        <>
          <h3 className={styles['section']}>{t('queue.parked', { count: sections.parked.length })}</h3>
          <ol className={styles['rows']}>{rows(sections.parked)}</ol>
        </>
      )}
      {sections.technical.length > 0 && (
        <>
          <h3 className={styles['section']}>{t('queue.technical', { count: sections.technical.length })}</h3>
          <ol className={styles['rows']}>
            {rows(allTechnical ? sections.technical : sections.technical.slice(0, technicalRowsMax))}
          </ol>
          {!allTechnical && sections.technical.length > technicalRowsMax && (
            <button type="button" className={styles['more']} onClick={() => setAllTechnical(true)}>
              {t('queue.more', { count: sections.technical.length - technicalRowsMax })}
            </button>
          )}
        </>
      )}
    </section>
  )
})

const rowIdOf = (target: EventTarget): string | null =>
  target instanceof Element ? (target.closest<HTMLElement>('[data-alarm-id]')?.dataset['alarmId'] ?? null) : null

/** While a pointer rests on the queue its rows stay where they are; what is new of life or hazard is pinned on top. */
function useSteadyRows(sorted: readonly Alarm[], now: () => number) {
  const [held, setHeld] = useState<readonly string[] | null>(null)
  const people = useMemo(() => steady(sorted, held), [sorted, held])
  const order = people.map(({ id }) => id).join()
  const movedAt = useRef(Number.NEGATIVE_INFINITY)
  const shown = useRef(order)
  /** The row the pointer rests on, and the one it rested on when rows last moved under it. */
  const pointed = useRef<string | null>(null)
  const aimedAt = useRef<string | null>(null)
  useEffect(() => {
    // Only what moves under a resting pointer can be missed; rows a pointer comes to are where it saw them.
    if (held !== null && order !== shown.current) {
      movedAt.current = now()
      aimedAt.current = pointed.current
    }
    shown.current = order
  }, [order, held, now])
  return {
    people,
    hold: {
      onPointerEnter: () => setHeld(people.map(({ id }) => id)),
      onPointerLeave: () => {
        pointed.current = null
        setHeld(null)
      },
      onPointerMove: (event: React.PointerEvent) => {
        pointed.current = rowIdOf(event.target)
      },
    },
    guard: (event: React.MouseEvent) => {
      // `detail` is 0 for a click made by a key, which goes to the focused row and cannot miss it.
      if (event.detail === 0 || now() - movedAt.current >= settleMs) return
      if (aimedAt.current === null || aimedAt.current === rowIdOf(event.target)) return
      event.preventDefault()
      event.stopPropagation()
    },
  }
}
