import type { TelemetryMessage } from '@anju/contract'
import { expect, test } from 'vitest'
import { TruthLedger } from './truth-ledger.ts'

/** A meter that said 1, 2, 3 and a door that was open, open, closed; what arrived of it. */
function after(volts: (number | null)[], door: number[] = [0, 1]) {
  const ledger = new TruthLedger([
    { placement: 'meter', profile: 'dlt645/single-phase' },
    { placement: 'door', profile: 'aqara/mccgq11lm' },
  ])
  for (const voltage of [1, 2, 3]) ledger.says('meter', { voltage, current: 9 }, { points: ['voltage'] })
  for (const contact of [0, 0, 1]) ledger.says('door', { contact })
  const series = [
    { p: 'meter/voltage', v: volts },
    { p: 'door/contact', v: door },
  ]
  return ledger.compare([{ series } as unknown as TelemetryMessage])
}

test.for([
  { when: 'all of it', volts: [1, 2, 3], wrong: 0, missing: 0, absent: 0 },
  { when: 'one twice, by a repeater', volts: [1, 2, 2, 3], wrong: 0, missing: 0, absent: 0 },
  { when: 'one not', volts: [1, 3], wrong: 0, missing: 1, absent: 0 },
  { when: 'one absent instead', volts: [1, null, 3], wrong: 0, missing: 1, absent: 1 },
  { when: 'one with another digit', volts: [1, 2.1, 3], wrong: 1, missing: 1, absent: 0 },
  { when: 'two turned round', volts: [1, 3, 2], wrong: 1, missing: 1, absent: 0 },
  { when: 'one too many', volts: [1, 2, 3, 4], wrong: 1, missing: 0, absent: 0 },
  { when: 'nothing', volts: [], wrong: 0, missing: 3, absent: 0 },
])('$when has arrived', ({ volts, wrong, missing, absent }) => {
  const compared = after(volts)
  expect({ ...compared, wrong: compared.wrong.length }).toMatchObject({ wrong, missing, absent })
  expect(compared.missingOf.length > 0).toBe(missing > 0)
})

test('of a switch only the turns count', () => {
  expect(after([1, 2, 3], [0, 0, 0, 1])).toMatchObject({ wrong: [], missing: 0, absent: 0 })
  expect(after([1, 2, 3], [0])).toMatchObject({ missing: 1 })
})

test('of an answer and its repetition either may be taken', () => {
  const ledger = new TruthLedger([])
  ledger.says('meter', { voltage: 1 })
  ledger.says('meter', { voltage: 2 }, { again: true })
  const arrived = (v: number[]) =>
    ledger.compare([{ series: [{ p: 'meter/voltage', v }] } as unknown as TelemetryMessage])
  for (const value of [1, 2]) expect(arrived([value])).toMatchObject({ wrong: [], missing: 0, absent: 0 })
  expect(arrived([])).toMatchObject({ missing: 1 })
})
