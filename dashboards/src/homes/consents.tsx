import type { Consent, HomeDetail, Person } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { people } from '../api/people-calls.ts'
import { AskedPress, Press, Problem } from '../frame/press.tsx'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords } from '../i18n/words.ts'
import { day } from '../time/format.ts'
import { ConsentForm } from './consent-form.tsx'
import { focusOn } from './focus.ts'
import styles from './homes.module.css'
import { useAct } from './use-home.ts'
import { useRecipients } from './use-recipients.ts'

interface Props {
  readonly me: Person
  readonly home: HomeDetail
}

/** What the resident agreed to, per purpose and recipient, and what they took back. */
export function Consents({ me, home }: Props) {
  const t = useText()
  const words = useWords()
  const act = useAct(home.id)
  const [adding, setAdding] = useState(false)
  const { nameOf, recipients } = useRecipients(me, home)
  const read = useQuery({
    queryKey: ['home', home.id, 'consents'],
    queryFn: ({ signal }) => people.consents(home.id, signal),
    gcTime: 0,
  })
  const done = () => {
    setAdding(false)
    focusOn('[data-action=add-consent]')
  }
  async function withdraw({ id }: Consent) {
    if (await act.run(() => people.withdraw(home.id, id))) focusOn(`[data-consent="${id}"]`)
  }
  return (
    <section className={styles['block']} aria-labelledby="consents-title" data-consents>
      <div className={styles['head']}>
        <h3 id="consents-title">{t('homes.consents')}</h3>
        <span className={styles['soft']}>{t('homes.consents-mean')}</span>
      </div>
      {read.isPending && <p className={styles['soft']}>{t('frame.loading')}</p>}
      {read.isError && <Problem text={sentenceOf(t, read.error)} />}
      {read.data?.length === 0 && <p className={styles['soft']}>{t('homes.no-consents')}</p>}
      <Problem text={act.problem} />
      <ul className={styles['list']}>
        {read.data?.map((consent) => {
          const { id, purpose, recipient, evidence, givenAt, withdrawnAt } = consent
          const what = `${words('purpose', purpose)} → ${nameOf(recipient)}`
          return (
            <li key={id} tabIndex={-1} data-consent={id} data-withdrawn={withdrawnAt !== null}>
              <div className={styles['head']}>
                <span className={styles['grow']}>
                  <b>{what}</b>{' '}
                  {withdrawnAt !== null && (
                    <span className={styles['mark']}>
                      {t('homes.withdrawn-on', { on: day(withdrawnAt, home.timeZone) })}
                    </span>
                  )}
                </span>
                {withdrawnAt === null && (
                  <AskedPress
                    action="withdraw-consent"
                    label={t('homes.withdraw-of', { what })}
                    means={t(purpose === 'alarm' ? 'homes.withdraw-alarm-means' : 'homes.withdraw-means')}
                    off={act.busy}
                    onPress={() => void withdraw(consent)}
                  >
                    {t('homes.withdraw')}
                  </AskedPress>
                )}
              </div>
              <p className={styles['soft']}>
                {t('homes.given-on', { on: day(givenAt, home.timeZone) })} · {evidence}
              </p>
            </li>
          )
        })}
      </ul>
      {adding ? (
        <ConsentForm home={home} recipients={recipients} onDone={done} />
      ) : (
        <Press action="add-consent" off={home.resident === null} onPress={() => setAdding(true)}>
          {t('homes.add-consent')}
        </Press>
      )}
    </section>
  )
}
