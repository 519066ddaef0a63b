import type { Alarm } from '@anju/contract/api'
import { AGENCIES, AGENCY_NAMES, type Agency } from '@anju/contract/plan-words'
import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { nameOf } from '../console/seat.tsx'
import { useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { isLostEnter, useDialogKeys } from '../keyboard/use-dialog-keys.ts'
import { Choice } from './choice.tsx'
import styles from './dialogs.module.css'
import { Packet } from './packet.tsx'

interface Props {
  readonly alarm: Alarm
  /** Chosen beforehand: the plan's step says whom to call. */
  readonly agency: Agency | null
  /** One that was handed over before: only its text and its answer are shown. */
  readonly handover: string | null
  readonly onDone: () => void
}

/** Hands an alarm's facts over to an outside agency: first whom, then the text to read out, and what they answer. */
export function AgencyDialog({ alarm, agency: given, handover, onDone }: Props) {
  const t = useText()
  const [told, setTold] = useState(handover)
  const [agency, setAgency] = useState(given)

  return (
    <Modal
      opened
      onClose={onDone}
      size="lg"
      title={t('handover.title', { name: nameOf(alarm) })}
      closeButtonProps={{ 'aria-label': t('dialog.dismiss') }}
      data-dialog="agency"
    >
      {told === null ? (
        <Whom alarm={alarm} agency={agency} onAgency={setAgency} onTold={setTold} onDone={onDone} />
      ) : (
        <Packet alarm={alarm} handover={told} onDone={onDone} />
      )}
    </Modal>
  )
}

interface WhomProps extends Omit<Props, 'handover'> {
  readonly onAgency: (agency: Agency) => void
  readonly onTold: (handover: string) => void
}

function Whom({ alarm, agency, onAgency, onTold, onDone }: WhomProps) {
  const t = useText()
  const words = useWords()
  const commands = useCommands()
  const [note, setNote] = useState('')
  const [onTheWay, setOnTheWay] = useState(false)
  const [saving, setSaving] = useState(false)
  const named = (one: Agency) => `${words('agency', one)}${AGENCIES[one] === null ? '' : ` ${AGENCIES[one]}`}`

  useDialogKeys((event) => {
    if (isLostEnter(event)) void submit(event)
    const next = AGENCY_NAMES[Number(event.key) - 1]
    if (!next) return
    event.preventDefault()
    onAgency(next)
  })

  async function submit(event: Pick<FormEvent, 'preventDefault'>) {
    event.preventDefault()
    if (agency === null || saving) return
    setSaving(true)
    const handover = await commands.handOver(alarm, agency, note.trim(), onTheWay)
    setSaving(false)
    if (handover) onTold(handover.id)
  }

  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)}>
      <Choice
        legend={t('handover.whom')}
        name="agency"
        current
        options={AGENCY_NAMES}
        chosen={agency}
        word={named}
        onChoose={onAgency}
        startsHere
      />
      <TextInput
        label={t('handover.note')}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <label className={styles['check']}>
        <input type="checkbox" checked={onTheWay} onChange={(event) => setOnTheWay(event.currentTarget.checked)} />
        {t('handover.said-on-the-way')}
      </label>
      <div className={styles['buttons']}>
        <output className={styles['hint']}>{agency === null ? t('handover.missing') : t('handover.told')}</output>
        <Button variant="default" onClick={onDone}>
          {t('dialog.cancel')}
        </Button>
        <Button type="submit" data-action="confirm-agency" aria-disabled={agency === null} loading={saving}>
          {t('handover.confirm')}
        </Button>
      </div>
    </form>
  )
}
