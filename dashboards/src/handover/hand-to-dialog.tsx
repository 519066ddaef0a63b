import type { Alarm } from '@anju/contract/api'
import { Button, Modal, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { nameOf, useLink } from '../console/seat.tsx'
import { useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { ColleaguePick, pickedOf } from './colleague-pick.tsx'
import styles from './handover.module.css'
import { useColleagues } from './use-colleagues.ts'
import { useNotes } from './use-notes.ts'

interface Props {
  readonly alarm: Alarm
  readonly onDone: (done: boolean) => void
}

/** One alarm, to a colleague, by somebody who stays: until the colleague takes it on it is theirs to work on. */
export function HandToDialog({ alarm, onDone }: Props) {
  const t = useText()
  const commands = useCommands()
  const link = useLink()
  const colleagues = useColleagues()
  const { noteOf, write } = useNotes([alarm])
  const [picked, setPicked] = useState('')
  const [saving, setSaving] = useState(false)
  const to = pickedOf(colleagues, picked)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (to === '' || saving || link === 'lost') return
    setSaving(true)
    const offered = await commands.offer(alarm, to, noteOf(alarm).trim())
    setSaving(false)
    if (offered) onDone(true)
  }

  return (
    <Modal
      opened
      onClose={() => onDone(false)}
      title={t('hand-to.title', { name: nameOf(alarm) })}
      closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      data-dialog="hand-to"
    >
      <form className={styles['form']} onSubmit={(event) => void submit(event)}>
        <ColleaguePick colleagues={colleagues} to={to} label={t('handover.to')} first onPick={setPicked} />
        <Textarea
          label={t('handover.note')}
          description={t('hand-to.still-yours')}
          autosize={false}
          rows={3}
          maxLength={2_000}
          value={noteOf(alarm)}
          onChange={(event) => write(alarm, event.currentTarget.value)}
        />
        <div className={styles['buttons']}>
          <Button variant="default" onClick={() => onDone(false)}>
            {t('dialog.cancel')}
          </Button>
          <Button type="submit" data-action="confirm-hand-to" loading={saving} disabled={to === '' || link === 'lost'}>
            {t('hand-to.confirm')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
