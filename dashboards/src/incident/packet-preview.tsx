import type { Agency, Alarm, Handover } from '@anju/contract/api'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { incidents } from '../api/incident-calls.ts'
import { useLink, useSeat } from '../console/seat.tsx'
import { useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords } from '../i18n/words.ts'
import styles from './dialogs.module.css'
import { PacketText } from './packet.tsx'

interface Props {
  readonly alarm: Alarm
  readonly agency: Agency
  readonly note: string
  readonly onTold: (handover: Handover) => void
  /** Back to whom, and what is added. */
  readonly onChange: () => void
}

/** The text before anybody has heard it: reading it writes nothing. That they were told is said by who has told them. */
export function PacketPreview({ alarm, agency, note, onTold, onChange }: Props) {
  const t = useText()
  const words = useWords()
  const seat = useSeat()
  const link = useLink()
  const commands = useCommands()
  const [onTheWay, setOnTheWay] = useState(false)
  const [saving, setSaving] = useState(false)
  const preview = useQuery({
    queryKey: ['alarm', alarm.id, 'packet', agency, note],
    queryFn: ({ signal }) => incidents.preview(alarm.id, seat.leases.token(alarm.id) ?? '0', agency, note, signal),
    // What is being read out stays as it is, and nothing of the way in outlives the dialog.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })

  async function tell() {
    if (saving || !preview.data || link === 'lost') return
    setSaving(true)
    const handover = await commands.handOver(alarm, agency, note, onTheWay)
    setSaving(false)
    if (handover) onTold(handover)
  }

  return (
    <div className={styles['form']} data-preview={agency}>
      <p>
        <b>{words('agency', agency)}</b>
      </p>
      {preview.isPending && <output>{t('packet.reading')}</output>}
      {preview.isError && <p role="alert">{sentenceOf(t, preview.error)}</p>}
      {preview.data && <PacketText text={preview.data.text} />}
      <label className={styles['check']}>
        <input type="checkbox" checked={onTheWay} onChange={(event) => setOnTheWay(event.currentTarget.checked)} />
        {t('handover.said-on-the-way')}
      </label>
      <div className={styles['buttons']}>
        <output className={styles['hint']}>{t('packet.nothing-yet')}</output>
        <Button variant="default" data-action="change-packet" onClick={onChange}>
          {t('packet.change')}
        </Button>
        <Button
          data-action="confirm-agency"
          aria-disabled={!preview.data || link === 'lost'}
          loading={saving}
          onClick={() => void tell()}
        >
          {t('packet.tell')}
        </Button>
      </div>
    </div>
  )
}
