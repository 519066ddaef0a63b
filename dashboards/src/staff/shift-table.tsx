import type { Seat, Shift } from '@anju/contract/api'
import { pageClock } from '../edge/page-clock.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { day } from '../time/format.ts'
import styles from './shift-table.module.css'
import { useTimes } from './use-times.ts'
import { endsNextDay, WEEKDAYS } from './wall-time.ts'
import { type Group, type Hole, holesIn, inForceOn, weekOf } from './week.ts'

/** As many as are told before the rest is a number: whoever sees five knows what to do. */
const holesShownMax = 5

interface Props {
  readonly groups: readonly Group[]
  readonly onAdd: (group: Group) => void
  readonly onEdit: (shift: Shift) => void
  readonly onRemove: (shift: Shift) => void
  readonly onRename: (seat: Seat) => void
  readonly onRemoveSeat: (seat: Seat) => void
}

/** A week at a glance: who is on duty at which seat, and when nobody is. */
export function ShiftTable({ groups, onAdd, onEdit, onRemove, onRename, onRemoveSeat }: Props) {
  const t = useText()
  const words = useWords()
  const seatNames = new Map(groups.flatMap(({ seat }) => (seat ? [[seat.id, seat.name]] : [])))
  return (
    <table className={styles['week']}>
      <caption>{t('duty.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('duty.who')}</th>
          {WEEKDAYS.map((weekday) => (
            <th key={weekday} scope="col">
              {words('weekday', String(weekday))}
            </th>
          ))}
          <th scope="col">{t('duty.when')}</th>
          <th scope="col">{t('duty.acts')}</th>
        </tr>
      </thead>
      {groups.map((group) => {
        const { key, kind, seat, shifts } = group
        const name = seat?.name ?? words('shift-kind', kind)
        return (
          <tbody key={key} data-group={key}>
            <tr className={styles['group']}>
              <th scope="rowgroup" colSpan={8}>
                {seat ? `${words('shift-kind', kind)} · ${name}` : name}
                <Holes shifts={shifts} />
              </th>
              <td colSpan={2}>
                <div className={styles['acts']}>
                  <Act action="add-shift" label={t('duty.add-to', { what: name })} onClick={() => onAdd(group)}>
                    {t('duty.add')}
                  </Act>
                  {seat && (
                    <>
                      <Act
                        action="rename-seat"
                        label={t('plans.edit-of', { what: name })}
                        onClick={() => onRename(seat)}
                      >
                        {t('plans.edit')}
                      </Act>
                      <Act
                        action="remove-seat"
                        label={t('plans.remove-of', { what: name })}
                        onClick={() => onRemoveSeat(seat)}
                      >
                        {t('plans.remove')}
                      </Act>
                    </>
                  )}
                </div>
              </td>
            </tr>
            {shifts.length === 0 && (
              <tr>
                <td colSpan={10} className={styles['soft']}>
                  {t('duty.nobody-planned')}
                </td>
              </tr>
            )}
            {shifts.map((shift) => (
              <Row
                key={shift.id}
                of={shift}
                at={seat === null && shift.seat !== null ? seatNames.get(shift.seat) : undefined}
                onEdit={() => onEdit(shift)}
                onRemove={() => onRemove(shift)}
              />
            ))}
          </tbody>
        )
      })}
    </table>
  )
}

interface RowProps {
  readonly of: Shift
  /** The seat, where the group does not say it. */
  readonly at: string | undefined
  readonly onEdit: () => void
  readonly onRemove: () => void
}

function Row({ of: shift, at, onEdit, onRemove }: RowProps) {
  const t = useText()
  const words = useWords()
  const times = useTimes()
  const { id, who, from, to, timeZone, validFrom, validTo, onDuty } = shift
  const inForce = inForceOn(shift, todayIn(timeZone))
  const what = `${who.name}, ${times(shift)}`
  return (
    <tr data-shift={id} data-in-force={inForce} data-on-duty={onDuty}>
      <th scope="row">
        {who.name} {at !== undefined && <span className={styles['soft']}>{at}</span>}{' '}
        {onDuty && <b className={styles['now']}>{t('duty.now')}</b>}
      </th>
      {weekOf(shift).map((pieces, index) => {
        const name = words('weekday', String(index + 1))
        return (
          <td key={name} className={styles['day']} data-day={name} data-empty={pieces.length === 0}>
            {pieces.map(({ from, to, carried, goesOn }) => (
              <span key={from} className="numerals" data-carried={carried}>
                {carried ? t('duty.carried', { to }) : goesOn ? t('duty.goes-on', { from }) : `${from}–${to}`}
              </span>
            ))}
          </td>
        )
      })}
      <td>
        <span className="numerals">
          {t(endsNextDay(from, to) ? 'duty.span-over-midnight' : 'duty.span', { from, to })}
        </span>{' '}
        <span className={styles['soft']}>
          {timeZone} ·{' '}
          <span className="numerals">
            {validTo === null
              ? t('duty.since', { from: validFrom })
              : t('duty.valid', { from: validFrom, to: validTo })}
          </span>
          {inForce !== 'now' && <b> {t(inForce === 'over' ? 'duty.over' : 'duty.to-come')}</b>}
        </span>
      </td>
      <td>
        <RowActs what={what} onEdit={onEdit} onRemove={onRemove} />
      </td>
    </tr>
  )
}

function RowActs({ what, onEdit, onRemove }: Pick<RowProps, 'onEdit' | 'onRemove'> & { readonly what: string }) {
  const t = useText()
  return (
    <div className={styles['acts']}>
      <Act action="edit" label={t('plans.edit-of', { what })} onClick={onEdit}>
        {t('plans.edit')}
      </Act>
      <Act action="remove" label={t('plans.remove-of', { what })} onClick={onRemove}>
        {t('plans.remove')}
      </Act>
    </div>
  )
}

/** When the plan that is in force has nobody. Null: nothing can be said, of no plan or of times in two zones. */
export function holesNow(shifts: readonly Shift[]): Hole[] | null {
  const inForce = shifts.filter((shift) => inForceOn(shift, todayIn(shift.timeZone)) === 'now')
  if (inForce.length === 0 || new Set(inForce.map(({ timeZone }) => timeZone)).size > 1) return null
  return holesIn(inForce)
}

function Holes({ shifts }: { readonly shifts: readonly Shift[] }) {
  const t = useText()
  const words = useWords()
  const holes = holesNow(shifts)
  if (holes === null) return null
  const said = ({ day: on, from, toDay, to }: Hole) =>
    `${words('weekday', String(on))} ${from}–${toDay === on ? '' : `${words('weekday', String(toDay))} `}${to}`
  return (
    <span className={styles['holes']} data-holes={holes.length}>
      {holes.length === 0
        ? t('duty.whole-week')
        : t('duty.holes', { when: holes.slice(0, holesShownMax).map(said).join(t('staff.comma')) })}
      {holes.length > holesShownMax && ` ${t('readiness.more-gaps', { count: holes.length - holesShownMax })}`}
    </span>
  )
}

const todayIn = (timeZone: string): string => day(pageClock.now(), timeZone)

interface ActProps {
  readonly action: string
  readonly label: string
  readonly onClick: () => void
  readonly children: string
}
function Act({ action, label, onClick, children }: ActProps) {
  return (
    <button type="button" className={styles['button']} data-action={action} aria-label={label} onClick={onClick}>
      {children}
    </button>
  )
}
