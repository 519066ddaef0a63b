import type { Alarm } from '@anju/contract/api'
import { useState } from 'react'
import { nameOf } from '../console/seat.tsx'
import { useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { CommandDialog, ReasonField, useSending } from './command-dialog.tsx'

interface Props {
  readonly alarm: Alarm
  readonly onDone: (done: boolean) => void
}

/** A supervisor takes an alarm out of another's hands; the reason is asked for and both seats are told. */
export function TakeoverDialog({ alarm, onDone }: Props) {
  const t = useText()
  const commands = useCommands()
  const [written, setWritten] = useState('')
  const reason = written.trim()
  const sending = useSending(
    reason !== '',
    () => commands.takeover(alarm, reason),
    () => onDone(true),
  )
  return (
    <CommandDialog
      of="takeover"
      title={t('takeover.title', { name: nameOf(alarm), owner: alarm.owner?.name ?? '' })}
      confirm={t('takeover.confirm')}
      sending={sending}
      onCancel={() => onDone(false)}
    >
      <ReasonField
        label={t('takeover.reason')}
        description={t('takeover.told')}
        value={written}
        onChange={setWritten}
      />
    </CommandDialog>
  )
}
