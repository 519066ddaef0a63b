import type { Alarm } from '@anju/contract/api'
import { AGENCIES, AGENCY_NAMES, type Agency } from '@anju/contract/plan-words'
import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { nameOf } from '../console/seat.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { isLostEnter, useDialogKeys } from '../keyboard/use-dialog-keys.ts'
import { Choice } from './choice.tsx'
import styles from './dialogs.module.css'
import { Packet } from './packet.tsx'
import { PacketPreview } from './packet-preview.tsx'

interface Props {
  readonly alarm: Alarm
  /** Chosen beforehand: the plan's step says whom to call. */
  readonly agency: Agency | null
  /** One that was handed over before: only its text and its answer are shown. */
  readonly handover: string | null
  readonly onDone: () => void
}

/** Hands an alarm's facts over to an outside agency: whom, then the text to read out, then that they were told, and their answer. */
export function AgencyDialog({ alarm, agency: given, handover, onDone }: Props) {
  const t = useText()
  const [told, setTold] = useState(handover)
  const [agency, setAgency] = useState(given)
  const [note, setNote] = useState('')
  const [reading, setReading] = useState(false)

  return (
    <Modal
      opened
      onClose={onDone}
      size="lg"
      title={t('packet.title', { name: nameOf(alarm) })}
      closeButtonProps={{ 'aria-label': t('dialog.dismiss') }}
      data-dialog="agency"
    >
      {told !== null ? (
        <Packet alarm={alarm} handover={told} onDone={onDone} />
      ) : reading && agency !== null ? (
        <PacketPreview
          alarm={alarm}
          agency={agency}
          note={note.trim()}
          onTold={({ id }) => setTold(id)}
          onChange={() => setReading(false)}
        />
      ) : (
        <Whom
          agency={agency}
          onAgency={setAgency}
          note={note}
          onNote={setNote}
          onRead={() => setReading(true)}
          onDone={onDone}
        />
      )}
    </Modal>
  )
}

interface WhomProps {
  readonly agency: Agency | null
  readonly onAgency: (agency: Agency) => void
  readonly note: string
  readonly onNote: (note: string) => void
  readonly onRead: () => void
  readonly onDone: () => void
}

function Whom({ agency, onAgency, note, onNote, onRead, onDone }: WhomProps) {
  const t = useText()
  const words = useWords()
  const named = (one: Agency) => `${words('agency', one)}${AGENCIES[one] === null ? '' : ` ${AGENCIES[one]}`}`

  useDialogKeys((event) => {
    if (isLostEnter(event)) submit(event)
    const next = AGENCY_NAMES[Number(event.key) - 1]
    if (!next) return
    event.preventDefault()
    onAgency(next)
  })

  function submit(event: Pick<FormEvent, 'preventDefault'>) {
    event.preventDefault()
    if (agency !== null) onRead()
  }

  return (
    <form className={styles['form']} onSubmit={submit}>
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
        label={t('packet.note')}
        maxLength={500}
        value={note}
        onChange={(event) => onNote(event.currentTarget.value)}
      />
      <div className={styles['buttons']}>
        <output className={styles['hint']}>{agency === null ? t('handover.missing') : t('packet.nothing-yet')}</output>
        <Button variant="default" onClick={onDone}>
          {t('dialog.cancel')}
        </Button>
        <Button type="submit" data-action="read-packet" aria-disabled={agency === null}>
          {t('packet.read')}
        </Button>
      </div>
    </form>
  )
}
