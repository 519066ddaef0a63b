import { DomainError } from '@anju/contract'
import { describe, expect, test } from 'vitest'
import { days } from './memory-end.fixture.ts'
import { aMove, crash, fill, seriesOf, start } from './move.fixture.ts'

const nothing = { more: 0, different: 0, copiedAgain: 0, samplesCopied: 0 }

test('everything is at the target, each series equal, and the source as it was', async () => {
  const one = aMove()
  const samples = fill(one)
  const before = structuredClone(one.source.data)
  expect(await one.run()).toEqual({
    is: 'compared',
    found: { state: expect.anything() as unknown, series: one.source.data.size, ...nothing },
  })
  expect(one.target.data).toEqual(before)
  expect(one.source.data).toEqual(before)
  expect(one.ledger.state).toMatchObject({
    phase: 'done',
    position: undefined,
    counts: { series: before.size, samples, later: 1, tooOld: 0, refused: 0, compared: before.size },
  })
  const [first] = one.comparedAs('same')
  expect(first?.source).toEqual(first?.target)
  expect(first?.source.hash).toMatch(/^[0-9a-f]{64}$/)
})

test('done once more, it copies what has come since, also from long ago, and nothing twice', async () => {
  const one = aMove()
  const samples = fill(one)
  await one.run()
  one.passes(60_000)
  one.source.put(seriesOf('home-0', 'point-6'), start + 1_000, { value: 1 })
  one.source.put(seriesOf('home-1', 'point-7'), start - 2_000_000, { why: 2 })
  one.source.put(seriesOf('home-7', 'new'), start + 2_000, { value: 2 })
  expect(await one.run()).toMatchObject({ found: { different: 0, copiedAgain: 3, samplesCopied: 1 + 3 + 1 } })
  expect(one.target.data).toEqual(one.source.data)
  expect(one.target.rowsWritten).toBe(samples + 5)
  expect(one.ledger.state).toMatchObject({ phase: 'done', until: start + 60_000 })
  await one.run({ restart: true })
  expect(one.target.rowsWritten).toBe(samples + 5 + samples + 3)
  expect(one.target.data).toEqual(one.source.data)
})

/** How many steps a whole move takes. */
async function stepsOfAll(): Promise<number> {
  const one = aMove()
  fill(one)
  let steps = 0
  one.onStep(() => steps++)
  await one.run()
  return steps
}

describe('killed at any step and begun again', () => {
  test('it ends with everything there, once, and has copied no more than a batch a second time', async () => {
    const all = await stepsOfAll()
    expect(all).toBeGreaterThan(100)
    for (let fatal = 1; fatal <= all; fatal++) {
      const one = aMove()
      const samples = fill(one)
      let steps = 0
      one.onStep(() => ++steps === fatal && crash())
      await expect(one.run()).rejects.toThrow('killed')
      one.onStep(() => undefined)
      expect(await one.run()).toMatchObject({ found: nothing })
      expect(one.target.data).toEqual(one.source.data)
      expect(one.target.rowsWritten).toBeLessThanOrEqual(samples + 5)
      expect(one.ledger.state?.counts).toMatchObject({ samples, series: one.source.data.size, later: 1 })
    }
  })

  test('also when it is killed again and again', async () => {
    const one = aMove()
    const samples = fill(one)
    let [steps, runs] = [0, 0]
    // Few enough steps that only some batches come through each time; enough that one does.
    one.onStep((step) => {
      one.passes(100)
      steps = step === 'target keptFor' ? 0 : steps + 1
      if (steps > 50) crash()
    })
    for (let done = false; !done; runs++) {
      expect(runs).toBeLessThan(40)
      done = await one.run().then(
        () => true,
        () => false,
      )
    }
    expect(runs).toBeGreaterThan(3)
    expect(one.target.data).toEqual(one.source.data)
    expect(one.target.rowsWritten).toBeLessThanOrEqual(samples + 5 * runs)
  })

  test('what it compares stands still: `until` is that of the first beginning', async () => {
    const one = aMove()
    fill(one)
    one.onStep((step) => step === 'target written' && crash())
    await expect(one.run()).rejects.toThrow('killed')
    one.onStep(() => undefined)
    one.passes(3_600_000)
    await one.run()
    expect(one.ledger.state?.until).toBe(start)
    expect(one.told.findLast(({ is }) => is === 'begun')).toMatchObject({ resumed: true })
  })
})

describe('a store that is away', () => {
  test('at any step is waited for, and nothing is lost or written twice', async () => {
    const heard: string[] = []
    const whole = aMove()
    fill(whole)
    whole.onStep((step) => heard.push(step))
    await whole.run()
    // The first look at each store is not tried again: a wrong address shows at once.
    for (let away = 0; away < heard.length; away++) {
      if (/keptFor|ledger last/.test(heard[away] ?? '')) continue
      const one = aMove()
      fill(one)
      let steps = 0
      one.onStep(() => {
        if (steps++ === away) throw new DomainError('telemetry-unavailable', 'away', { retryAfter: 7_000 })
      })
      expect(await one.run()).toMatchObject({ found: nothing })
      expect(one.target.data).toEqual(one.source.data)
      expect(one.waits).toHaveLength(1)
      expect(one.waits[0]).toBeGreaterThanOrEqual(7_250)
      expect(one.waits[0]).toBeLessThanOrEqual(7_500)
    }
  })

  test('for longer and longer, and after a quarter of an hour the move ends, to be gone on with', async () => {
    const one = aMove()
    const samples = fill(one)
    let writes = 0
    one.target.before = (step) => {
      if (step === 'write' && ++writes > 4) throw new DomainError('telemetry-unavailable', 'the disk is full')
    }
    await expect(one.run()).rejects.toMatchObject({ code: 'telemetry-unavailable', message: 'the disk is full' })
    const waited = one.waits.reduce((a, b) => a + b)
    expect(waited).toBeGreaterThanOrEqual(900_000)
    expect(waited).toBeLessThan(960_000)
    expect(one.waits.slice(0, 3).every((wait, index) => wait >= 250 * 2 ** index && wait <= 500 * 2 ** index)).toBe(
      true,
    )
    expect(one.told.filter(({ is }) => is === 'waiting')).toHaveLength(one.waits.length)
    one.target.before = () => undefined
    await one.run()
    expect(one.target.data).toEqual(one.source.data)
    expect(one.target.rowsWritten).toBe(samples)
  })

  test('from the beginning is told at once', async () => {
    const one = aMove()
    one.target.before = () => {
      throw new DomainError('telemetry-unavailable', 'no such token')
    }
    await expect(one.run()).rejects.toThrow('no such token')
    expect(one.waits).toEqual([])
  })
})

test('whoever ends it finds it where it was', async () => {
  const one = aMove()
  const samples = fill(one)
  const ending = new AbortController()
  let writes = 0
  one.target.before = (step) => step === 'written' && ++writes === 3 && ending.abort()
  await expect(one.run({}, ending.signal)).rejects.toMatchObject({ name: 'AbortError' })
  expect(one.ledger.state?.counts.samples).toBe(15)
  await one.run()
  expect(one.target.rowsWritten).toBe(samples)
  expect(one.target.data).toEqual(one.source.data)
})

test('two processes at one move: the later one has it, and the earlier one ends', async () => {
  const one = aMove()
  fill(one)
  let other: Promise<unknown> | undefined
  one.target.before = (step) => {
    if (step === 'written' && !other) other = one.run()
  }
  await expect(one.run()).rejects.toMatchObject({ code: 'request-malformed', message: 'another process' })
  expect(await other).toMatchObject({ found: nothing })
  expect(one.target.data).toEqual(one.source.data)
})

describe('while homes go on', () => {
  const key = seriesOf('home-0', 'point-3')
  test('what comes to the source from now on is no difference; a backlog from before is copied as well', async () => {
    const one = aMove()
    fill(one)
    let at = start
    one.onStep((step) => {
      if (step === 'target written') one.source.put(key, at++, { value: at })
      if (step === 'target series' && one.ledger.state?.phase === 'verify')
        one.source.put(seriesOf('home-2', 'point-5'), start - 77, { value: 77 })
    })
    expect(await one.run()).toMatchObject({ found: { different: 0, copiedAgain: 1 } })
    expect(at).toBeGreaterThan(start + 10)
    expect(one.target.samples.some((samples) => samples.has(start - 77))).toBe(true)
  })

  test('what a server writes to the target is a difference unless it is said to be there', async () => {
    const one = aMove()
    fill(one)
    one.onStep((step) => {
      if (step !== 'target written') return
      one.target.put(key, start - 5, { value: 1 })
      one.target.put(key, start + 5, { value: 1 })
      one.target.put(seriesOf('home-9', 'new'), start - 5, { value: 1 })
    })
    expect(await one.run()).toMatchObject({ found: { different: 2, more: 0, copiedAgain: 0 } })
    expect(one.comparedAs('different').map(({ outcome }) => outcome)).toMatchObject([
      { differences: { extra: 1, missing: 0, first: start - 5 } },
      { differences: { extra: 1, missing: 0, first: start - 5 } },
    ])
    expect(one.ledger.state?.phase).toBe('verify')
    expect(await one.run({ inUse: true })).toMatchObject({ found: { different: 0, more: 2 } })
    expect(one.ledger.state?.phase).toBe('done')
  })
})

/** Four samples of two series are too old for the target. */
function anOldOne() {
  const one = aMove()
  const samples = fill(one)
  for (const at of [1, 2, 3]) one.source.put(seriesOf('home-0', 'old'), start - days(40) + at, { value: at })
  one.source.put(seriesOf('home-1', 'old'), start - days(40), { value: 1 })
  one.source.put(seriesOf('home-1', 'old'), start - days(20), { value: 2 })
  one.target.kept = days(30)
  return { one, samples: samples + 1 }
}

describe('what the target does not keep', () => {
  test('is said before anything is begun', async () => {
    const { one } = anOldOne()
    expect(await one.run()).toEqual({ is: 'too-old', series: 2, keptFrom: start - days(30) })
    expect(one.ledger.state).toBeUndefined()
    expect(one.target.rowsWritten).toBe(0)
  })

  test('stays where it is when that is wished, counted; the rest is moved and compared', async () => {
    const { one, samples } = anOldOne()
    expect(await one.run({ leaveOld: true })).toMatchObject({ found: nothing })
    expect(one.ledger.state?.counts).toMatchObject({ tooOld: 4, samples, refused: 0 })
  })

  test('and grows too old while it is moved is counted as well, and no difference', async () => {
    const { one, samples } = anOldOne()
    one.source.put(seriesOf('home-0', 'edge'), start - days(30) + 1_000, { value: 1 })
    let first = true
    one.onStep((step) => {
      if (step === 'target write' && first) {
        first = false
        one.passes(2_000)
      }
    })
    expect(await one.run({ leaveOld: true })).toMatchObject({ found: nothing })
    const { tooOld, refused, samples: moved = 0 } = one.ledger.state?.counts ?? {}
    expect([tooOld, refused, moved]).toEqual([5, 0, samples])
  })
})

test('what the source forgets after it was copied, or the target has from long before, is no difference', async () => {
  const one = aMove()
  fill(one)
  one.source.kept = days(30)
  const key = seriesOf('home-0', 'point-6')
  one.source.put(key, start - days(30) + 1_000, { value: 1 })
  one.target.put(key, start - days(400), { value: 2 })
  one.onStep((step) => {
    if (step !== 'target series') return
    one.passes(2_000)
    one.source.data.get(JSON.stringify(['home-0', 'meter', 'point-6', 'W']))?.samples.delete(start - days(30) + 1_000)
  })
  expect(await one.run()).toMatchObject({ found: nothing })
})

test('a number that no store takes any more costs itself and not its neighbours, and is a difference', async () => {
  const one = aMove()
  for (const [at, value] of [1, 2 ** 53 + 2, 3, -0].entries())
    one.source.put(seriesOf('home-0', 'p'), start - 9 + at, { value })
  expect(await one.run()).toMatchObject({ found: { different: 1 } })
  expect(one.told.find(({ is }) => is === 'refused')).toMatchObject({ at: start - 8, why: /beyond/ })
  expect(one.ledger.state?.counts).toMatchObject({ refused: 1, samples: 3 })
  expect(one.comparedAs('different')[0]?.outcome).toMatchObject({ differences: { beyond: 1, missing: 0, changed: 0 } })
})

describe('a home that was erased', () => {
  const key = seriesOf('home-0', 'point-6')
  const old = start - 500_000

  test('is not brought back from a store that still has it, and what it measured since is moved', async () => {
    const one = aMove()
    fill(one)
    one.erased.set('home-0', old)
    one.source.put(key, old - 1, { value: 1 })
    one.source.put(key, old, { value: 2 })
    one.source.put(key, start + days(2), { value: 3 })
    expect(await one.run()).toMatchObject({ found: nothing })
    const there = one.target.data.get(JSON.stringify(['home-0', 'meter', 'point-6', 'W']))?.samples
    expect([...(there ?? [])]).toEqual([[old, { value: 2 }]])
    // All that home-0 had from before, and the one from the day after tomorrow.
    expect(one.ledger.state?.counts.erased).toBe(5 + 30 + 1 + 1)
  })

  test('while a batch of it waits for its store is not brought back by that batch', async () => {
    const one = aMove()
    one.source.put(key, old - 1, { value: 1 })
    one.source.put(seriesOf('home-1', 'p'), old - 1, { value: 1 })
    let away = true
    one.onStep((step) => {
      if (step !== 'target write' || !away) return
      away = false
      one.erased.set('home-0', old)
      one.source.data.delete(JSON.stringify(['home-0', 'meter', 'point-6', 'W']))
      throw new DomainError('telemetry-unavailable', 'away')
    })
    expect(await one.run()).toMatchObject({ found: nothing })
    expect([...one.target.data.values()].map(({ key: { home } }) => home)).toEqual(['home-1'])
  })

  test('while it is compared is no difference', async () => {
    const one = aMove()
    fill(one)
    one.onStep((step) => {
      if (step !== 'target series' || one.erased.size > 0) return
      one.erased.set('home-0', start)
      for (const [
        name,
        {
          key: { home },
        },
      ] of one.source.data)
        if (home === 'home-0') one.source.data.delete(name)
    })
    expect(await one.run()).toMatchObject({ found: nothing })
  })
})
