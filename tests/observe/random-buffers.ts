import { decoders, fuzz } from '../harness/random-buffers.ts'
import { Expectations, type Observation, rounded, type Scale } from './observation.ts'

const runsIn = { short: 20_000, full: 1_000_000 } as const satisfies Record<Scale, number>
/** What a decoder may have grown by after a million buffers, garbage that was not yet collected included. */
const heapGrowthMiBMax = 64

export const randomBuffers: Observation = {
  id: 'random-buffers',
  what: 'random and spoiled buffers through every decoder of bytes: none throws, every one is answered, memory is bounded',
  async run(scale, say) {
    const expect = new Expectations()
    const runs = runsIn[scale]
    const figures: Record<string, number | string> = { 'buffers for each decoder': runs, decoders: decoders.length }
    for (const decoder of decoders) {
      const [name] = decoder
      const began = performance.now()
      const { wrong, told, refused, heapGrowthMiB } = await fuzz(decoder, runs, 0xa11)
      const perSecond = (runs * 1_000) / (performance.now() - began)
      say(
        `${name}: ${told} told, ${refused} refused, ${Math.round(perSecond)} a second, heap ${rounded(heapGrowthMiB)} MiB`,
      )
      figures[name] = `${told} told, ${refused} refused`
      expect.that(!wrong, `${name}: ${wrong?.hex} was not answered as it must be`)
      expect.that(told > 0 && refused > 0, `${name}: all of one kind proves little`)
      expect.that(heapGrowthMiB < heapGrowthMiBMax, `${name}: the heap grew by ${rounded(heapGrowthMiB)} MiB`)
    }
    return { figures, wrong: expect.wrong }
  },
}
