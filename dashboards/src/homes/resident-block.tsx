import type { HomeDetail } from '@anju/contract/api'
import { useState } from 'react'
import { Press } from '../frame/press.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { focusOn } from './focus.ts'
import styles from './homes.module.css'
import { ResidentForm } from './resident-form.tsx'

/** Whom a responder goes to: what is stored of them, and the way to mend it. */
export function ResidentBlock({ home }: { readonly home: HomeDetail }) {
  const t = useText()
  const words = useWords()
  const [editing, setEditing] = useState(false)
  const { resident } = home
  const done = () => {
    setEditing(false)
    focusOn('[data-action=edit-resident]')
  }
  const none = t('homes.not-recorded')
  return (
    <section className={styles['block']} aria-labelledby="resident-title" data-resident>
      <div className={styles['head']}>
        <h3 id="resident-title">{t('homes.resident')}</h3>
        {!editing && (
          <span className={styles['end']}>
            <Press action="edit-resident" label={t('homes.edit-resident')} onPress={() => setEditing(true)}>
              {t('homes.edit')}
            </Press>
          </span>
        )}
      </div>
      {editing ? (
        <ResidentForm home={home} onDone={done} />
      ) : resident ? (
        <dl className={styles['facts']}>
          <Fact name={t('homes.name')} value={resident.name} />
          <Fact name={t('homes.call-name')} value={resident.callName || none} />
          <Fact name={t('homes.age')} value={resident.age === null ? none : String(resident.age)} />
          <Fact name={t('homes.risk')} value={words('risk', resident.risk ?? 'standard')} />
          <Fact
            name={t('homes.household')}
            value={t(resident.livesAlone === false ? 'person.not-alone' : 'person.alone')}
          />
          <Fact name={t('homes.spoken')} value={resident.language || none} />
          <Fact name={t('homes.hearing')} value={resident.hearing || none} />
          <Fact name={t('homes.categories')} value={resident.categories?.join('\n') || none} />
          <Fact name={t('person.medical')} value={resident.medical.join('\n') || none} />
          <Fact name={t('person.access')} value={resident.access === '' ? none : t('homes.access-covered')} />
          <Fact name={t('homes.door')} value={home.address || none} />
          <Fact name={t('person.arrival')} value={home.arrival || none} />
        </dl>
      ) : (
        <p className={styles['soft']}>{t('homes.nobody-lives')}</p>
      )}
    </section>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
