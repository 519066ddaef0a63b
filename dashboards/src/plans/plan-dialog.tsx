import type { Changed, StoredPlan } from '@anju/contract/api'
import { Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { plans } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { useSeat } from '../console/seat.tsx'
import { FormFoot } from '../frame/form-foot.tsx'
import { useUnsaved } from '../frame/unsaved.tsx'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { AlarmsWaiting } from '../queue/alarms-waiting.tsx'
import { dayTime } from '../time/format.ts'
import { checked, type Draft, draftOf, emptyDraft, isSame, type Place, type Standard } from './draft.ts'
import styles from './plan-dialog.module.css'
import { plansKey } from './plan-editing.ts'
import { inOne, usePlanName } from './plan-name.ts'
import { PlanScope } from './plan-scope.tsx'
import { PlanSteps } from './plan-steps.tsx'

interface Props {
  /** Null: a new one. */
  readonly plan: StoredPlan | null
  readonly standard: Standard
  readonly onDone: () => void
}

/** What kept the plan from being saved though nothing in it was missing. */
interface Refused {
  readonly at: Place | 'whole'
  readonly says: string
}

/** Writes a plan, step by step. Its scope is chosen once: a plan of another scope is another plan. */
export function PlanDialog({ plan, standard, onDone }: Props) {
  const t = useText()
  const seat = useSeat()
  const queries = useQueryClient()
  const nameOf = usePlanName()
  const [initial] = useState(() => (plan ? draftOf(plan) : emptyDraft))
  const [draft, setDraft] = useState(initial)
  const [known, setKnown] = useState(plan?.version ?? null)
  /** Faults are shown from the first try on: until then nothing is wrong, only unfinished. */
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [saving, setSaving] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const unsaved = useUnsaved(!isSame(initial, draft), onDone)

  const found = checked(draft)
  const faults = tried && 'faults' in found ? found.faults : []
  const problemAt = (place: Place): string | undefined => {
    const fault = faults.find(({ at }) => at === place)
    return fault ? t(fault.says) : refused?.at === place ? refused.says : undefined
  }
  function change(next: Draft) {
    setDraft(next)
    setRefused(null)
  }
  // Once the message is painted: it is read out together with its field.
  const goTo = (place: Place) =>
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>(`[data-field="${place}"]`)?.focus())
  function refuse(at: Refused['at'], says: string) {
    setRefused({ at, says })
    if (at !== 'whole') goTo(at)
  }
  function tellChanged({ version, ...changed }: Changed) {
    const by = changed.by ?? t('changed.somebody')
    // Begun as a new one, and there is one: who wants to change that opens it.
    if (known === null && version !== null) return refuse('event', t('plans.exists', { version, by }))
    // Told once: whoever saves again means it.
    setKnown(version)
    const said = { by, at: changed.at === null ? '' : dayTime(changed.at) }
    refuse('whole', version === null ? t('plans.gone', said) : t('plans.changed', { ...said, version }))
  }

  async function save(event: FormEvent) {
    event.preventDefault()
    if (saving) return
    setTried(true)
    setRefused(null)
    if ('faults' in found) {
      const [first] = found.faults
      if (first) goTo(first.at)
      return
    }
    setSaving(true)
    try {
      const written = await plans.write({ ...found.body, writtenFrom: known })
      const what = inOne(nameOf(written))
      seat.messages.say((say) => say('plans.saved', { what, version: written.version }))
      void queries.invalidateQueries({ queryKey: plansKey })
      onDone()
    } catch (error) {
      if (error instanceof Refusal && error.changed) return tellChanged(error.changed)
      const atHome = plan === null && error instanceof Refusal && error.code === 'home-unknown'
      refuse(atHome ? 'home' : 'whole', sentenceOf(t, error))
    } finally {
      setSaving(false)
    }
  }

  return (
    <Modal
      opened
      size="xl"
      onClose={unsaved.leave}
      title={plan ? t('plans.edit-of', { what: inOne(nameOf(plan)) }) : t('plans.new')}
      closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      classNames={{ content: styles['dialog'] ?? '' }}
      data-dialog="plan"
    >
      <form ref={form} className={styles['form']} noValidate onSubmit={(event) => void save(event)}>
        {!plan && <PlanScope draft={draft} onChange={change} problemAt={problemAt} />}
        <PlanSteps
          draft={draft}
          standard={standard}
          startsHere={plan !== null}
          onSteps={(steps) => change({ ...draft, steps })}
          problemAt={problemAt}
        />
        <p className={styles['soft']}>
          {t('plans.required-means')} {t('plans.keeps')}
        </p>
        <FormFoot
          waiting={<AlarmsWaiting />}
          faults={faults.length}
          unsaved={unsaved}
          saving={saving}
          action="save-plan"
        >
          {refused?.at === 'whole' && (
            <p className={styles['problem']} role="alert">
              {refused.says}
            </p>
          )}
        </FormFoot>
      </form>
    </Modal>
  )
}
