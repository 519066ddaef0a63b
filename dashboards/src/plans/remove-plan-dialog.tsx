import type { Changed, StoredPlan } from '@anju/contract/api'
import { Button, Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { plans } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { useSeat } from '../console/seat.tsx'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { dayTime } from '../time/format.ts'
import styles from './plan-dialog.module.css'
import { plansKey } from './plan-editing.ts'
import { inOne, usePlanName } from './plan-name.ts'

interface Props {
  readonly plan: StoredPlan
  readonly onDone: (gone: boolean) => void
}

/** A plan is not taken away by one press: it says first what will hold instead. */
export function RemovePlanDialog({ plan, onDone }: Props) {
  const t = useText()
  const seat = useSeat()
  const queries = useQueryClient()
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState('')
  const [known, setKnown] = useState(plan.version)
  const what = inOne(usePlanName()(plan))

  function tellChanged({ version, by, at }: Changed): string {
    // Told once: whoever removes it again means it.
    if (version !== null) setKnown(version)
    const said = { by: by ?? t('changed.somebody'), at: at === null ? '' : dayTime(at) }
    return t('plans.changed-remove', { ...said, version: version ?? known })
  }

  async function remove() {
    if (saving) return
    setSaving(true)
    let gone = true
    try {
      await plans.remove(plan.id, known)
      seat.messages.say((say) => say('plans.removed', { what }))
    } catch (error) {
      // Somebody else was faster: what was wanted is so.
      gone = error instanceof Refusal && error.code === 'plan-unknown'
      if (gone) seat.messages.say((say) => sentenceOf(say, error))
      else setProblem(error instanceof Refusal && error.changed ? tellChanged(error.changed) : sentenceOf(t, error))
    }
    void queries.invalidateQueries({ queryKey: plansKey })
    setSaving(false)
    if (gone) onDone(true)
  }

  return (
    <Modal
      opened
      onClose={() => onDone(false)}
      title={t('plans.remove-of', { what })}
      closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      data-dialog="remove-plan"
    >
      <p>{t('plans.remove-means')}</p>
      <p className={styles['soft']}>{t('plans.keeps')}</p>
      {problem !== '' && (
        <p className={styles['problem']} role="alert">
          {problem}
        </p>
      )}
      <div className={styles['buttons']}>
        <Button variant="default" data-autofocus onClick={() => onDone(false)}>
          {t('dialog.cancel')}
        </Button>
        <Button data-action="confirm-remove-plan" loading={saving} onClick={() => void remove()}>
          {t('plans.remove')}
        </Button>
      </div>
    </Modal>
  )
}
