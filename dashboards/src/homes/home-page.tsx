import type { Person } from '@anju/contract/api'
import { useEffect, useRef, useState } from 'react'
import { Press, Problem } from '../frame/press.tsx'
import { Unsaved, useUnsaved } from '../frame/unsaved.tsx'
import { Waiting } from '../frame/waiting.tsx'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { Consents } from './consents.tsx'
import { ContactList } from './contact-list.tsx'
import styles from './homes.module.css'
import { ModeBlock } from './mode-block.tsx'
import { ResidentBlock } from './resident-block.tsx'
import { UnsavedForms, useUnsavedForms } from './unsaved-forms.ts'
import { useHome } from './use-home.ts'

interface Props {
  readonly me: Person
  readonly id: string
  /** It is there, but out of sight. */
  readonly hidden?: boolean
  readonly onBack: () => void
}

/** One home, for who sees to it: who lives there, who is told of its alarms, whether it is away, and what was agreed to. */
export function HomePage({ me, id, hidden = false, onBack }: Props) {
  const t = useText()
  const [awaitedUntil, setAwaitedUntil] = useState(0)
  const { data: home, error, isPending } = useHome(id, { awaitedUntil, hidden })
  const forms = useUnsavedForms()
  const leaving = useUnsaved(forms.dirty, onBack)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  return (
    <div className={styles['home']} data-home-page={id}>
      <header className={styles['block']}>
        <div className={styles['head']}>
          <h2 ref={title} tabIndex={-1}>
            {home?.name ?? id}
          </h2>
          <span>{home?.address}</span>
          <span className={styles['end']}>
            <Press action="leave-home" onPress={leaving.leave}>
              {t('homes.back')}
            </Press>
          </span>
        </div>
        {leaving.asking && <Unsaved of={leaving} />}
        {home?.area && <p className={styles['soft']}>{home.area.names.join(' ')}</p>}
        {error && <Problem text={sentenceOf(t, error)} />}
      </header>
      {isPending && <Waiting text={t('frame.loading')} />}
      {home && (
        <UnsavedForms value={forms.tell}>
          <ModeBlock home={home} />
          {/* Who answers the telephone puts a home on test; its people are seen to by others. */}
          {me.role !== 'operator' && (
            <>
              <ContactList home={home} onAwaiting={setAwaitedUntil} />
              <ResidentBlock home={home} />
              <Consents me={me} home={home} />
            </>
          )}
        </UnsavedForms>
      )}
    </div>
  )
}
