import type { Alarm } from '@anju/contract/api'
import { useState } from 'react'
import { useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { CommandDialog, ReasonField, useSending } from './command-dialog.tsx'

interface Props {
  readonly alarm: Alarm
  readonly onDone: () => void
}

/** Leaves a plan that does not fit: the alarm is worked freely, and the supervisor is told what was wrong with it. */
export function ManualDialog({ alarm, onDone }: Props) {
  const t = useText()
  const commands = useCommands()
  const [written, setWritten] = useState('')
  const reason = written.trim()
  const sending = useSending(reason !== '', () => commands.manual(alarm, reason), onDone)
  return (
    <CommandDialog of="manual" title={t('manual.title')} confirm={t('plan.manual')} sending={sending} onCancel={onDone}>
      <ReasonField label={t('manual.reason')} description={t('manual.told')} value={written} onChange={setWritten} />
    </CommandDialog>
  )
}
