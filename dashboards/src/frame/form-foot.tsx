import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useText } from '../i18n/locale.tsx'
import styles from './form-foot.module.css'
import { type Leaving, Unsaved } from './unsaved.tsx'

interface Props {
  /** Alarms that wait behind the form: they are seen whatever else is said here. */
  readonly waiting: ReactNode
  /** How many of its fields keep the form from being saved. */
  readonly faults: number
  readonly unsaved: Leaving
  readonly saving: boolean
  /** Names the button that saves in the page. */
  readonly action: string
  /** What else kept it from being saved. */
  readonly children: ReactNode
}

/** The foot of a form in a dialog, always in sight: what is wrong, and the two ways out, or the question whether it may be lost. */
export function FormFoot({ waiting, faults, unsaved, saving, action, children }: Props) {
  const t = useText()
  return (
    <div className={styles['foot']}>
      {waiting}
      {faults > 0 && !unsaved.asking && <p className={styles['problem']}>{t('plans.faults', { count: faults })}</p>}
      {children}
      {unsaved.asking ? (
        <Unsaved of={unsaved} />
      ) : (
        <div className={styles['buttons']}>
          <Button variant="default" onClick={unsaved.leave}>
            {t('dialog.cancel')}
          </Button>
          <Button type="submit" data-action={action} loading={saving}>
            {t('plans.save')}
          </Button>
        </div>
      )}
    </div>
  )
}
