import { instant, type Monotonic, millis } from '@anju/contract'
import { describe, expect, test } from 'vitest'
import { newMemory, readMemory, writeMemory } from './memory.ts'
import { judgePress } from './presses.ts'
import { heardFrom, unheard } from './supervision.ts'

const heard = (ms: number) => ({ at: instant(1_000_000 + ms), mono: ms as Monotonic })

describe('a press', () => {
  const first = judgePress(undefined, heard(0), undefined).press
  test.for([
    { after: 400, is: 'repeat' },
    { after: 999, is: 'repeat' },
    { after: 1_000, is: 'press' },
    { after: 30_000, is: 'press' },
  ])('$after ms after another is a $is', ({ after, is }) => {
    expect(judgePress(first, heard(after), undefined).is).toBe(is)
  })

  test('held down at five a second is one press a second, not one for ever', () => {
    let last = first
    let presses = 1
    for (let ms = 200; ms <= 5_000; ms += 200) {
      const verdict = judgePress(last, heard(ms), undefined)
      last = verdict.press
      if (verdict.is === 'press') presses++
    }
    expect(presses).toBe(6)
  })

  test('sent again by a sender that got no PUBACK is the same press, also after a restart', () => {
    const { press } = judgePress(undefined, heard(0), { key: 'bridge/17', repeated: false })
    const stored = readMemory(writeMemory({ ...newMemory(instant(0)), presses: { 'sos-pressed': press } }), instant(0))
    expect(stored.presses['sos-pressed']).not.toHaveProperty('mono')
    const again = (ms: number, key: string, repeated = true) =>
      judgePress(stored.presses['sos-pressed'], { ...heard(ms), mono: 5 as Monotonic }, { key, repeated }).is
    expect(again(6_000, 'bridge/17')).toBe('repeat')
    // Another packet, a first try under the same id, or an old id that came round again: all presses.
    expect(again(6_000, 'bridge/18')).toBe('press')
    expect(again(6_000, 'bridge/17', false)).toBe('press')
    expect(again(60_000, 'bridge/17')).toBe('press')
  })

  test('remembers a bounded number of packets', () => {
    let last = first
    for (let n = 0; n < 1_000; n++)
      last = judgePress(last, heard(n * 2_000), { key: `bridge/${n}`, repeated: false }).press
    expect(last.packets.length).toBeLessThanOrEqual(64)
    expect(last.packets.at(-1)?.key).toBe('bridge/999')
  })
})

describe('supervision', () => {
  const lostAfter = millis(100_000)
  const fresh = newMemory(instant(0))
  const listen = (seconds: number) => {
    let watched = unheard(fresh, millis(0), lostAfter)
    const turned: string[] = []
    for (let s = 0; s < seconds; s++) {
      watched = unheard(watched.memory, millis(1_000), lostAfter)
      if (watched.turned) turned.push(`${watched.turned} at ${s + 1}`)
    }
    return { memory: watched.memory, turned }
  }
  test('a device that never spoke is silent after its deadline, once', () => {
    expect(listen(99).turned).toEqual([])
    expect(listen(300).turned).toEqual(['silent at 100'])
  })
  test('a restart goes on counting, and time when nobody listened does not count', () => {
    const stored = readMemory(writeMemory(listen(90).memory), instant(999_999_999))
    expect(unheard(stored, millis(3_600_000), lostAfter).turned).toBeUndefined()
    expect(unheard(unheard(stored, millis(5_000), lostAfter).memory, millis(5_000), lostAfter).turned).toBe('silent')
  })
  test('heard again is restored, once', () => {
    const back = heardFrom(listen(200).memory, instant(5))
    expect(back).toMatchObject({ turned: 'restored', memory: { silent: false, unheardMs: 0, lastHeardAt: 5 } })
    expect(heardFrom(back.memory, instant(6)).turned).toBeUndefined()
  })
})

test('the memory of a gateway before there were sequences, oddities and switches still says what is raised and counted', () => {
  const stored =
    '{"commissionedAt":1,"lastHeardAt":2,"unheardMs":3,"silent":true,"raised":["smoke"],"counters":{"active-energy":{"last":12.5,"candidate":3}},"presses":{"sos-pressed":{"at":4,"packets":[]}}}'
  expect(readMemory(stored, instant(9))).toEqual({
    ...newMemory(instant(1)),
    lastHeardAt: 2,
    unheardMs: 3,
    silent: true,
    raised: ['smoke'],
    counters: { 'active-energy': { last: 12.5, candidate: 3 } },
    presses: { 'sos-pressed': { at: 4, packets: [] } },
  })
})
