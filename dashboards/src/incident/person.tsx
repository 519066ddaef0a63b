import type { Alarm, AlarmDetail, HomeDetail, Risk as RiskLevel } from '@anju/contract/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useSeat } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { Key } from './incident-actions.tsx'
import styles from './person.module.css'

interface Props {
  readonly alarm: Alarm
  readonly detail: AlarmDetail
  readonly home: HomeDetail | undefined
}

/** Three lines of medical risk are read at a glance; more are not. */
const medicalLinesMax = 3

export function Person({ alarm, detail, home }: Props) {
  const t = useText()
  const words = useWords()
  const { resident } = detail
  return (
    <section className={styles['person']} aria-label={t('person.title')}>
      <dl className={styles['facts']}>
        <div>
          <dt>{t('person.who')}</dt>
          <dd>
            <b>{resident?.name ?? alarm.home.residentName ?? alarm.home.name}</b>
            {resident?.age !== null && resident?.age !== undefined && (
              <> · {t('incident.age', { age: resident.age })}</>
            )}
            {resident?.callName && <> · {t('person.call-name', { name: resident.callName })}</>}
            {resident?.language && <> · {resident.language}</>}
            {resident?.hearing && <> · {t('person.hearing', { limits: resident.hearing })}</>}
            {resident?.livesAlone !== undefined && (
              <> · {resident.livesAlone ? t('person.alone') : t('person.not-alone')}</>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('person.where')}</dt>
          <dd>
            {resident?.address ?? alarm.home.address}
            {home && home.mode !== 'home' && home.mode !== 'normal' && (
              <span className={styles['mode']}>{words('mode', home.mode)}</span>
            )}
          </dd>
        </div>
        {resident?.arrival && (
          <div>
            <dt>{t('person.arrival')}</dt>
            <dd>{resident.arrival}</dd>
          </div>
        )}
        {resident && resident.access !== '' && <Access alarm={alarm} access={resident.access} />}
        <div>
          <dt>{t('person.medical')}</dt>
          <dd>
            {resident && <Risk risk={resident.risk ?? 'standard'} categories={resident.categories ?? []} />}
            {resident && resident.medical.length > 0 ? (
              <ul>
                {resident.medical.slice(0, medicalLinesMax).map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            ) : (
              <span className={styles['soft']}>{t('person.medical-none')}</span>
            )}
          </dd>
        </div>
        {home?.gateway && (
          <div>
            <dt>{t('person.gateway')}</dt>
            <dd>{words('gateway', home.gateway.state)}</dd>
          </div>
        )}
      </dl>
    </section>
  )
}

/** What is usual is not said: a mark that everybody carries is read by nobody. */
function Risk({ risk, categories }: { readonly risk: RiskLevel; readonly categories: readonly string[] }) {
  const words = useWords()
  if (risk === 'standard' && categories.length === 0) return null
  return (
    <p className={styles['risk']}>
      {risk !== 'standard' && (
        <b data-risk={risk} className={styles['mark']}>
          {words('risk', risk)}
        </b>
      )}
      {categories.join(' · ')}
    </p>
  )
}

/** How to get in stays covered until the person who holds the alarm asks; that they asked goes into the log first. */
function Access({ alarm, access }: { readonly alarm: Alarm; readonly access: string }) {
  const t = useText()
  const seat = useSeat()
  const commands = useCommands()
  /** The token under which it was uncovered: with the lease the view ends too. */
  const [openedBy, setOpenedBy] = useState<string | null>(null)
  const mine = holds(seat, alarm)
  const token = seat.leases.token(alarm.id) ?? ''

  async function show() {
    if (await commands.note(alarm, t('person.access-note'))) setOpenedBy(token)
  }

  return (
    <div>
      <dt>{t('person.access')}</dt>
      <dd>
        {mine && openedBy === token ? (
          <b data-access="open">{access}</b>
        ) : (
          <>
            <span className={styles['covered']} aria-hidden="true">
              ●●●●●●
            </span>
            {mine ? (
              <Button size="compact-sm" variant="default" data-action="access" onClick={() => void show()}>
                {t('person.access-show')} <Key of="a" />
              </Button>
            ) : (
              <span className={styles['soft']}>{t('person.access-owner')}</span>
            )}
          </>
        )}
      </dd>
    </div>
  )
}
