import { expect, test } from 'vitest'
import { settleAccounts } from './press-ledger.ts'

const at = (second: number) => 1_800_000_000_000 + second * 1_000
const acked = { placement: 'sos-1', sentAt: at(1), ackedAt: at(1) + 20 }
const broken = { placement: 'sos-1', sentAt: at(3), brokenAt: at(3) + 400 }

test.for([
  { when: 'each is one occurrence', seen: [at(1) + 5], lost: 0, doubled: 0, unexplained: 0 },
  { when: 'an unacked one was stored', seen: [at(1) + 5, at(3) + 100], lost: 0, doubled: 0, unexplained: 0 },
  { when: 'an acked one is missing', seen: [], lost: 1, doubled: 0, unexplained: 0 },
  { when: 'one came twice', seen: [at(1) + 5, at(1) + 6], lost: 0, doubled: 1, unexplained: 0 },
  { when: 'an unacked one came twice', seen: [at(1), at(3), at(3) + 1], lost: 0, doubled: 1, unexplained: 0 },
  { when: 'nobody pressed', seen: [at(1) + 5, at(2)], lost: 0, doubled: 0, unexplained: 1 },
])('the ledger of presses when $when', ({ seen, ...expected }) => {
  const ledger = settleAccounts(
    [acked, broken],
    seen.map((heardAt) => ({ placement: 'sos-1', heardAt })),
  )
  expect({
    lost: ledger.lost.length,
    doubled: ledger.doubled.length,
    unexplained: ledger.unexplained.length,
  }).toEqual({ lost: expected.lost, doubled: expected.doubled, unexplained: expected.unexplained })
})

test('another button’s occurrence does not explain a press', () => {
  expect(settleAccounts([acked], [{ placement: 'sos-2', heardAt: at(1) + 5 }])).toMatchObject({
    lost: ['sos-1 pressed at 2027-01-15T08:00:01.000Z'],
    unexplained: ['sos-2 heard at 2027-01-15T08:00:01.005Z'],
  })
})
