import type { Colleague, Responder, Seat, Shift } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { staff } from '../api/staff-calls.ts'
import { pageClock } from '../edge/page-clock.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { day } from '../time/format.ts'
import type { PartProps } from './part-props.ts'
import { RemoveDialog } from './remove-dialog.tsx'
import { SeatDialog } from './seat-dialog.tsx'
import { ShiftDialog } from './shift-dialog.tsx'
import { emptyShift, type ShiftDraft, usualZone } from './shift-draft.ts'
import { holesNow, ShiftTable } from './shift-table.tsx'
import styles from './staff.module.css'
import { staffKey, useDialog } from './use-dialog.ts'
import { useTimes } from './use-times.ts'
import { closing, type Group, groupsOf } from './week.ts'

type Editing =
  | { readonly begun: Shift | ShiftDraft }
  | { readonly unwanted: Shift }
  | { readonly seat: Seat | null }
  | { readonly unwantedSeat: Seat }

interface Plan {
  readonly shifts: readonly Shift[]
  readonly seats: readonly Seat[]
  readonly colleagues: readonly Colleague[]
  readonly responders: readonly Responder[]
}
/** Together: a shift without the names of who may take it cannot be planned. */
async function read(signal: AbortSignal): Promise<Plan> {
  const [shifts, seats, colleagues, responders] = await Promise.all([
    staff.shifts(signal),
    staff.seats(signal),
    staff.people(signal),
    staff.responders(signal),
  ])
  return { shifts, seats, colleagues, responders }
}
const titleId = 'shifts-title'

/** Who is on duty when: the week as it is planned, and the planning of it. */
export function ShiftPlan({ onDialog }: PartProps) {
  const t = useText()
  const times = useTimes()
  const { data, isPending, isError, error } = useQuery({
    queryKey: [staffKey, 'shifts'],
    queryFn: ({ signal }) => read(signal),
    // Who is on duty right now changes by itself.
    refetchInterval: 60_000,
  })
  const { open, show, done } = useDialog<Editing>(titleId, onDialog)
  const { shifts = [], seats = [], colleagues = [], responders = [] } = data ?? {}

  /** A new one begins with what its seat or kind lacks. */
  function begin({ kind, seat, shifts: planned }: Omit<Group, 'key'>) {
    const timeZone = usualZone(shifts)
    const empty = emptyShift(kind, seat?.id ?? '', timeZone, day(pageClock.now(), timeZone))
    show({ begun: { ...empty, ...closing(holesNow(planned) ?? []) } })
  }

  return (
    <section aria-labelledby={titleId}>
      <header className={styles['head']}>
        <h3 id={titleId} tabIndex={-1}>
          {t('duty.title')}
        </h3>
        {data && (
          <div className={styles['acts']}>
            <button
              type="button"
              className={styles['button']}
              data-action="new-shift"
              onClick={() => begin({ kind: 'on-call', seat: null, shifts: [] })}
            >
              {t('duty.new')}
            </button>
            <button
              type="button"
              className={styles['button']}
              data-action="new-seat"
              onClick={() => show({ seat: null })}
            >
              {t('duty.seat-new')}
            </button>
          </div>
        )}
      </header>
      {isPending && <p className={styles['soft']}>{t('frame.loading')}</p>}
      {isError && (
        <p className={styles['problem']} role="alert">
          {sentenceOf(t, error)}
        </p>
      )}
      {data && shifts.length === 0 && <p className={styles['soft']}>{t('duty.none')}</p>}
      {data && (
        <ShiftTable
          groups={groupsOf(shifts, seats)}
          onAdd={begin}
          onEdit={(shift) => show({ begun: shift })}
          onRemove={(shift) => show({ unwanted: shift })}
          onRename={(seat) => show({ seat })}
          onRemoveSeat={(seat) => show({ unwantedSeat: seat })}
        />
      )}
      {open && 'begun' in open && (
        <ShiftDialog
          begun={open.begun}
          seats={seats}
          colleagues={colleagues}
          responders={responders}
          onDone={(saved) => done({ changed: saved })}
        />
      )}
      {open && 'seat' in open && <SeatDialog seat={open.seat} onDone={(saved) => done({ changed: saved })} />}
      {open && 'unwanted' in open && (
        <RemoveDialog
          title={t('plans.remove-of', { what: `${open.unwanted.who.name}, ${times(open.unwanted)}` })}
          means={t('duty.remove-means')}
          remove={() => staff.removeShift(open.unwanted)}
          onDone={(gone) => done({ changed: gone, gone })}
        />
      )}
      {open && 'unwantedSeat' in open && (
        <RemoveDialog
          title={t('plans.remove-of', { what: open.unwantedSeat.name })}
          means={t('duty.seat-remove-means')}
          remove={() => staff.removeSeat(open.unwantedSeat)}
          onDone={(gone) => done({ changed: gone, gone })}
        />
      )}
    </section>
  )
}
