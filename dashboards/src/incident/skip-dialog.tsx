import type { Alarm, PlanStepView } from '@anju/contract/api'
import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useCommands } from '../console/use-commands.ts'
import { useLocale, useText } from '../i18n/locale.tsx'
import { isLostEnter, useDialogKeys } from '../keyboard/use-dialog-keys.ts'
import { Choice } from './choice.tsx'
import styles from './dialogs.module.css'

interface Props {
  readonly alarm: Alarm
  readonly step: PlanStepView
  readonly onDone: () => void
}

const REASONS = ['not-needed', 'done-before', 'not-possible', 'refused'] as const
type Reason = (typeof REASONS)[number]

/** Why a step is left out: a digit and Enter, or words of one's own. */
export function SkipDialog({ alarm, step, onDone }: Props) {
  const t = useText()
  const { locale } = useLocale()
  const commands = useCommands()
  const [reason, setReason] = useState<Reason | null>(null)
  const [own, setOwn] = useState('')
  const [saving, setSaving] = useState(false)
  const words: Record<Reason, string> = {
    'not-needed': t('skip.not-needed'),
    'done-before': t('skip.done-before'),
    'not-possible': t('skip.not-possible'),
    refused: t('skip.refused'),
  }
  const said = [reason && words[reason], own.trim()].filter(Boolean).join(' · ')

  useDialogKeys((event) => {
    if (isLostEnter(event)) void submit(event)
    const next = REASONS[Number(event.key) - 1]
    if (!next) return
    event.preventDefault()
    setReason(next)
  })

  async function submit(event: Pick<FormEvent, 'preventDefault'>) {
    event.preventDefault()
    if (said === '' || saving) return
    setSaving(true)
    const skipped = await commands.step(alarm, step.id, 'skipped', said)
    setSaving(false)
    if (skipped) onDone()
  }

  return (
    <Modal
      opened
      onClose={onDone}
      title={t('skip.title', { step: step.texts[locale] })}
      closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      data-dialog="skip"
    >
      <form className={styles['form']} onSubmit={(event) => void submit(event)}>
        <Choice
          legend={t('skip.why')}
          name="skip-reason"
          current
          options={REASONS}
          chosen={reason}
          word={(option) => words[option]}
          onChoose={setReason}
          startsHere
        />
        <TextInput
          label={t('skip.own')}
          maxLength={400}
          value={own}
          onChange={(event) => setOwn(event.currentTarget.value)}
        />
        <div className={styles['buttons']}>
          <output className={styles['hint']}>{said === '' ? t('skip.missing') : ''}</output>
          <Button variant="default" onClick={onDone}>
            {t('dialog.cancel')}
          </Button>
          <Button type="submit" data-action="confirm-skip" aria-disabled={said === ''} loading={saving}>
            {t('plan.skip')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
