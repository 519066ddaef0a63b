import { TextInput } from '@mantine/core'
import { useText } from '../i18n/locale.tsx'
import styles from './staff.module.css'
import { endsNextDay, wallTime } from './wall-time.ts'

interface Props {
  readonly from: string
  readonly to: string
  /** What stands before `from` and `to` in the names of the fields. */
  readonly place: string
  readonly problemAt: (place: string) => string | undefined
  readonly onChange: (times: { readonly from?: string; readonly to?: string }) => void
}

/** From when to when, by the clock on the wall, in 24 hours; what goes past midnight says so before it is saved. */
export function TimeFields({ from, to, place, problemAt, onChange }: Props) {
  const t = useText()
  const [begins, ends] = [wallTime(from), wallTime(to)]
  return (
    <>
      {(['from', 'to'] as const).map((which) => (
        <TextInput
          key={which}
          type="text"
          inputMode="numeric"
          label={t(which === 'from' ? 'duty.from' : 'duty.to')}
          placeholder="HH:MM"
          maxLength={8}
          value={which === 'from' ? from : to}
          error={problemAt(`${place}${which}`)}
          data-field={`${place}${which}`}
          onChange={(event) => onChange({ [which]: event.currentTarget.value })}
        />
      ))}
      <output
        className={styles['times']}
        data-crosses={begins !== undefined && ends !== undefined && endsNextDay(begins, ends)}
      >
        {begins !== undefined &&
          ends !== undefined &&
          (begins === ends
            ? t('duty.whole-day', { to: ends })
            : endsNextDay(begins, ends)
              ? t('duty.crosses', { from: begins, to: ends })
              : t('duty.same-day', { from: begins, to: ends }))}
      </output>
    </>
  )
}
