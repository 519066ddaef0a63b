import type { Person } from '@anju/contract/api'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { OneOf } from '../frame/one-of.tsx'
import { Waiting } from '../frame/waiting.tsx'
import { useText } from '../i18n/locale.tsx'
import { type DeskBehind, DeskBehindContext } from './desk-behind.ts'
import { isImportAwaited } from './import-kept.ts'
import styles from './staff.module.css'

// Each part is loaded when it is looked at: the console of an operator carries none of them.
const PARTS = {
  shifts: lazy(async () => ({ default: (await import('./shift-plan.tsx')).ShiftPlan })),
  responders: lazy(async () => ({ default: (await import('./responder-list.tsx')).ResponderList })),
  colleagues: lazy(async () => ({ default: (await import('./colleague-list.tsx')).ColleagueList })),
  accounts: lazy(async () => ({ default: (await import('./account-list.tsx')).AccountList })),
  households: lazy(async () => ({ default: (await import('./household-import.tsx')).HouseholdImport })),
} as const
type Part = keyof typeof PARTS
const parts = Object.keys(PARTS) as Part[]

interface Props {
  readonly me: Person
  /** A dialog stands before the page: its other keys must wait. */
  readonly onDialog?: (open: boolean) => void
  readonly desk?: DeskBehind
}
const nobodyAsks = () => {}

/**
 * The centre's own people, for who sees to them. Nothing is read until a part is chosen: every look at a list of people is
 * written down.
 */
export function Staff({ me, onDialog = nobodyAsks, desk }: Props) {
  const t = useText()
  const queries = useQueryClient()
  // An import that was left is what its author comes back for.
  const [chosen, choose] = useState<Part | 'none'>(() => (isImportAwaited(queries) ? 'households' : 'none'))
  const Part = chosen === 'none' ? null : PARTS[chosen]
  return (
    <section className={styles['staff']} aria-labelledby="staff-title" data-staff={chosen}>
      <header className={styles['head']}>
        <h2 id="staff-title">{t('staff.title')}</h2>
        <OneOf<Part | 'none'>
          label={t('staff.title')}
          of="staff-part"
          options={parts}
          chosen={chosen}
          word={(part) => t(WORDS[part as Part])}
          onChoose={(part) => choose(part === chosen ? 'none' : part)}
        />
      </header>
      {Part && (
        <Suspense fallback={<Waiting text={t('frame.loading')} />}>
          <DeskBehindContext value={desk ?? null}>
            <Part me={me} onDialog={onDialog} />
          </DeskBehindContext>
        </Suspense>
      )}
    </section>
  )
}

const WORDS = {
  shifts: 'duty.title',
  responders: 'staff.responders',
  colleagues: 'staff.colleagues',
  accounts: 'accounts.title',
  households: 'import.title',
} as const
