import type { Alarm, OfferedResponder, TimelineEntry } from '@anju/contract/api'
import { useRef, useState } from 'react'
import { useLink, useSeat } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { clockTime } from '../time/format.ts'
import styles from './contacts.module.css'
import block from './incident.module.css'

interface Props {
  readonly alarm: Alarm
  readonly responders: readonly OfferedResponder[]
  readonly timeline: readonly TimelineEntry[]
  readonly zone: string | undefined
}

export const respondersId = 'responders'

/** As many as one calls one after the other; the others are behind a button. */
const shownAtFirst = 5

/** Who can go there, who should be asked first in front; who was spoken to and goes is written down, once, with the time. */
export function Responders({ alarm, responders, timeline, zone }: Props) {
  const t = useText()
  const seat = useSeat()
  const link = useLink()
  const commands = useCommands()
  const [all, setAll] = useState(false)
  const [saving, setSaving] = useState(false)
  const list = useRef<HTMLUListElement>(null)
  const enabled = holds(seat, alarm) && link !== 'lost'
  if (responders.length === 0) return null
  const hidden = all ? 0 : Math.max(0, responders.length - shownAtFirst)

  async function record(responder: string) {
    if (saving) return
    setSaving(true)
    await commands.dispatch(alarm, responder).finally(() => setSaving(false))
  }
  const goesSince = (id: string) =>
    timeline.findLast(({ kind, detail }) => kind === 'dispatched' && detail['responder'] === id)?.at

  function showAll() {
    setAll(true)
    // The button is gone by then: the focus goes to the first of those that it brought.
    requestAnimationFrame(() => {
      const row = list.current?.querySelectorAll<HTMLElement>('[data-responder]')[shownAtFirst]
      row?.focus()
    })
  }

  return (
    <section className={block['block']} aria-labelledby="responders-title">
      <h3 id="responders-title">{t('responders.title')}</h3>
      <ul ref={list} id={respondersId} tabIndex={-1} className={styles['contacts']}>
        {responders.slice(0, responders.length - hidden).map((one) => (
          <li key={one.id} tabIndex={-1} className={styles['contact']} data-responder={one.id}>
            <div className={styles['line']}>
              <b>{one.name}</b>
              <Telephone responder={one} />
            </div>
            <Particulars responder={one} />
            <Going since={goesSince(one.id)} zone={zone} />
            {enabled && goesSince(one.id) === undefined && (
              <button
                type="button"
                className={styles['more']}
                data-action="dispatch"
                aria-label={t('responders.dispatch-whom', { name: one.name })}
                aria-disabled={saving}
                onClick={() => void record(one.id)}
              >
                {t('responders.dispatch')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <button type="button" className={styles['more']} data-action="more-responders" onClick={showAll}>
          {t('responders.more', { count: hidden })}
        </button>
      )}
    </section>
  )
}

function Going({ since, zone }: { readonly since: string | undefined; readonly zone: string | undefined }) {
  const t = useText()
  if (since === undefined) return null
  return (
    <p className={styles['result']} data-going>
      <b>{t('responders.going-since', { at: clockTime(since, zone) })}</b>
    </p>
  )
}

function Telephone({ responder: { phone, phoneDead = false } }: { readonly responder: OfferedResponder }) {
  const t = useText()
  if (phone === '') return <span className={styles['phone']}>{t('responders.no-phone')}</span>
  return (
    <span className={styles['phone']} data-dead={phoneDead}>
      <a className={styles['dial']} href={`tel:${phone}`} data-dead={phoneDead}>
        {phone}
      </a>
      {phoneDead && <> {t('responders.phone-dead')}</>}
    </span>
  )
}

/** Who they are, and what speaks against asking them first. */
function Particulars({ responder }: { readonly responder: OfferedResponder }) {
  const t = useText()
  const words = useWords()
  const { kind, organisation = '', onDuty = false, withinHours = true, inZone = true, distanceKm = null } = responder
  const said = [
    kind === undefined ? '' : words('responder-kind', kind),
    organisation,
    distanceKm === null ? '' : t('responders.distance', { km: distanceKm }),
    onDuty ? t('responders.on-duty') : withinHours ? t('responders.within-hours') : t('responders.outside-hours'),
    inZone ? '' : t('responders.elsewhere'),
  ]
  return <p className={styles['result']}>{said.filter((one) => one !== '').join(' · ')}</p>
}
