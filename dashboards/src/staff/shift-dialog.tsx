import { type Changed, type Colleague, type Responder, type Seat, SHIFT_KINDS, type Shift } from '@anju/contract/api'
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { staff } from '../api/staff-calls.ts'
import { Pick } from '../frame/pick.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { DaysChoice } from './days-choice.tsx'
import { changesOf, isSame } from './fault.ts'
import { FormDialog } from './form-dialog.tsx'
import {
  ofKind,
  type ShiftDraft,
  shiftBody,
  shiftDraftOf,
  shiftFaultFrom,
  shiftFaults,
  takesSeat,
  whoMay,
  whoOf,
} from './shift-draft.ts'
import styles from './staff.module.css'
import { TimeFields } from './time-fields.tsx'

interface Props {
  /** One there is, or what a new one begins with. */
  readonly begun: Shift | ShiftDraft
  readonly seats: readonly Seat[]
  readonly colleagues: readonly Colleague[]
  readonly responders: readonly Responder[]
  readonly onDone: (saved: boolean) => void
}

/** Who is on duty, at what, on which days and until when. */
export function ShiftDialog({ begun, seats, colleagues, responders, onDone }: Props) {
  const t = useText()
  const words = useWords()
  const stored = 'id' in begun ? begun : null
  const [initial] = useState(() => ('id' in begun ? shiftDraftOf(begun) : begun))
  const [draft, setDraft] = useState(initial)
  const change = (part: Partial<ShiftDraft>) => setDraft((before) => ({ ...before, ...part }))
  const may = whoMay(draft.kind, { colleagues, responders })

  async function send(over: Changed | null) {
    const body = shiftBody(draft)
    if (!stored) return staff.addShift(body)
    const writtenFrom = over?.version ?? stored.version
    return staff.changeShift(stored.id, { ...changesOf(shiftBody(initial), body), writtenFrom })
  }

  return (
    <FormDialog
      of="shift"
      size="xl"
      title={stored ? t('plans.edit-of', { what: stored.who.name }) : t('duty.new')}
      dirty={!isSame(initial, draft)}
      faults={shiftFaults(draft)}
      faultFrom={shiftFaultFrom}
      send={send}
      onDone={onDone}
    >
      {({ problemAt }) => (
        <>
          <div className={styles['fields']}>
            <Pick
              label={t('duty.kind')}
              value={draft.kind}
              field="kind"
              first
              onPick={(value) => {
                const kind = SHIFT_KINDS.find((one) => one === value)
                if (kind) setDraft(ofKind(draft, kind, { colleagues, responders }, seats))
              }}
            >
              {SHIFT_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {words('shift-kind', kind)}
                </option>
              ))}
            </Pick>
            {takesSeat(draft.kind) && (
              <Pick
                label={t('duty.seat')}
                value={draft.seat}
                field="seat"
                problem={problemAt('seat')}
                onPick={(seat) => change({ seat })}
              >
                <option value="" disabled={draft.kind === 'seat'}>
                  {t(draft.kind === 'seat' ? 'plans.event-choose' : 'duty.no-seat')}
                </option>
                {seats.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </Pick>
            )}
            <Pick
              label={t('duty.who')}
              value={draft.who}
              field="who"
              problem={problemAt('who')}
              onPick={(who) => change({ who })}
            >
              <option value="" disabled>
                {t('plans.event-choose')}
              </option>
              <optgroup label={t('staff.colleagues')}>
                {may.colleagues.map(({ id, name, role }) => (
                  <option key={id} value={whoOf({ kind: 'person', id })}>
                    {name} · {words('role', role)}
                  </option>
                ))}
              </optgroup>
              {may.responders.length > 0 && (
                <optgroup label={t('staff.responders')}>
                  {may.responders.map(({ id, name, kind }) => (
                    <option key={id} value={whoOf({ kind: 'responder', id })}>
                      {name} · {words('responder-kind', kind)}
                    </option>
                  ))}
                </optgroup>
              )}
            </Pick>
          </div>
          <DaysChoice
            days={draft.days}
            field="days"
            problem={problemAt('days')}
            onChange={(days) => change({ days })}
          />
          <div className={styles['line']}>
            <TimeFields
              from={draft.from}
              to={draft.to}
              place=""
              problemAt={problemAt}
              onChange={(times) => change(times)}
            />
          </div>
          <div className={styles['fields']}>
            <TextInput
              type="text"
              label={t('duty.time-zone')}
              maxLength={64}
              value={draft.timeZone}
              error={problemAt('timeZone')}
              data-field="timeZone"
              onChange={(event) => change({ timeZone: event.currentTarget.value })}
            />
            <TextInput
              type="date"
              label={t('duty.valid-from')}
              value={draft.validFrom}
              error={problemAt('validFrom')}
              data-field="validFrom"
              onChange={(event) => change({ validFrom: event.currentTarget.value })}
            />
            <TextInput
              type="date"
              label={t('duty.valid-to')}
              value={draft.validTo}
              error={problemAt('validTo')}
              data-field="validTo"
              onChange={(event) => change({ validTo: event.currentTarget.value })}
            />
          </div>
        </>
      )}
    </FormDialog>
  )
}
