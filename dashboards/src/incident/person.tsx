import type { Alarm, AlarmDetail, HomeDetail, Risk as RiskLevel } from '@anju/contract/api'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { dayMinute } from '../time/format.ts'
import { Access } from './access.tsx'
import { Medical } from './medical.tsx'
import styles from './person.module.css'

interface Props {
  readonly alarm: Alarm
  readonly detail: AlarmDetail
  readonly home: HomeDetail | undefined
}

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
              <span className={styles['mode']} data-mode={home.mode}>
                {home.modeUntil
                  ? t('person.mode-until', {
                      mode: words('mode', home.mode),
                      at: dayMinute(home.modeUntil, home.timeZone),
                    })
                  : words('mode', home.mode)}
              </span>
            )}
          </dd>
        </div>
        {resident?.arrival && (
          <div>
            <dt>{t('person.arrival')}</dt>
            <dd>{resident.arrival}</dd>
          </div>
        )}
        {resident && resident.access !== '' && <Access alarm={alarm} />}
        <div>
          <dt>{t('person.medical')}</dt>
          <dd>
            {resident && <Risk risk={resident.risk ?? 'standard'} categories={resident.categories ?? []} />}
            <Medical lines={resident?.medical ?? []} />
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
