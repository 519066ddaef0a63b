import type { Seat } from '@anju/contract/api'
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { staff } from '../api/staff-calls.ts'
import { useText } from '../i18n/locale.tsx'
import { FormDialog } from './form-dialog.tsx'

interface Props {
  /** Null: a new one. */
  readonly seat: Seat | null
  readonly onDone: (saved: boolean) => void
}

/** A place with a console: what it is called. */
export function SeatDialog({ seat, onDone }: Props) {
  const t = useText()
  const before = seat?.name ?? ''
  const [name, setName] = useState(before)
  return (
    <FormDialog
      of="seat"
      title={seat ? t('plans.edit-of', { what: seat.name }) : t('duty.seat-new')}
      dirty={name !== before}
      faults={name.trim() === '' ? [{ at: 'name', says: 'staff.name-missing' }] : []}
      send={(over) =>
        seat ? staff.renameSeat(seat.id, name.trim(), over?.version ?? seat.version) : staff.addSeat(name.trim())
      }
      onDone={onDone}
    >
      {({ problemAt }) => (
        <TextInput
          type="text"
          label={t('staff.name')}
          maxLength={100}
          value={name}
          error={problemAt('name')}
          data-field="name"
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  )
}
