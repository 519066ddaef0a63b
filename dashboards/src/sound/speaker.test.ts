import { beforeEach, expect, test, vi } from 'vitest'

let now = 0
vi.mock('../edge/page-clock.ts', () => ({ pageClock: { monotonic: () => now } }))
const { speaker } = await import('./speaker.ts')

/** As a browser whose device may be away: then its voice never comes. */
class Voice extends EventTarget {
  static readonly made: Voice[] = []
  state = 'suspended'
  constructor() {
    super()
    Voice.made.push(this)
  }
  resume = () => new Promise<void>(() => undefined)
  close = async () => void (this.state = 'closed')
  comes(): void {
    this.state = 'running'
    this.dispatchEvent(new Event('statechange'))
  }
}
beforeEach(() => vi.stubGlobal('AudioContext', Voice))

test('a voice that has not come is asked for once more, not with each touch; one that has come is kept', () => {
  const heard = vi.fn<() => void>()
  speaker.subscribe(heard)
  speaker.unlock()
  now = 5_000
  speaker.unlock()
  expect(Voice.made.map(({ state }) => state)).toEqual(['suspended'])
  now = 11_000
  speaker.unlock()
  expect(Voice.made.map(({ state }) => state)).toEqual(['closed', 'suspended'])
  expect(speaker.audible()).toBe(false)
  heard.mockClear()
  Voice.made.at(-1)?.comes()
  expect([speaker.audible(), heard.mock.calls.length]).toEqual([true, 1])
  now = 60_000
  speaker.unlock()
  expect(Voice.made).toHaveLength(2)
})
