import type { Alarm, PlanStepView } from '@anju/contract/api'
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useCommands } from '../console/use-commands.ts'
import { useLocale, useText } from '../i18n/locale.tsx'
import { isLostEnter, useDialogKeys } from '../keyboard/use-dialog-keys.ts'
import { Choice } from './choice.tsx'
import { CommandDialog, useSending } from './command-dialog.tsx'

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
  const words: Record<Reason, string> = {
    'not-needed': t('skip.not-needed'),
    'done-before': t('skip.done-before'),
    'not-possible': t('skip.not-possible'),
    refused: t('skip.refused'),
  }
  const said = [reason && words[reason], own.trim()].filter(Boolean).join(' · ')
  const sending = useSending(said !== '', () => commands.step(alarm, step.id, 'skipped', said), onDone)

  useDialogKeys((event) => {
    if (isLostEnter(event)) void sending.submit(event)
    const next = REASONS[Number(event.key) - 1]
    if (!next) return
    event.preventDefault()
    setReason(next)
  })

  return (
    <CommandDialog
      of="skip"
      title={t('skip.title', { step: step.texts[locale] })}
      confirm={t('plan.skip')}
      sending={sending}
      missing={said === '' ? t('skip.missing') : ''}
      onCancel={onDone}
    >
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
    </CommandDialog>
  )
}
