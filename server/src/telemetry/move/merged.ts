import { invariant } from '@anju/contract'
import { pageRowsMax, type SamplePage } from '../archive.ts'
import { PageReader } from './pages.ts'

/**
 * Several series told as one. For an instant that more than one of them has, a value holds against a reason, and of two of a
 * kind the later series': that is what is left when they are written one after the other.
 */
export async function* mergedPages(series: readonly AsyncIterable<SamplePage>[]): AsyncGenerator<SamplePage> {
  const readers = series.map((pages) => new PageReader(pages))
  try {
    for (const reader of readers) await reader.next()
    let page = emptyPage()
    for (;;) {
      const at = Math.min(...readers.map((reader) => reader.at ?? Number.POSITIVE_INFINITY))
      if (at === Number.POSITIVE_INFINITY) break
      const here = readers.filter((reader) => reader.at === at)
      const holds = here.findLast(({ absent }) => absent === 0) ?? here.at(-1)
      invariant(holds, 'the earliest instant is somebody’s')
      page.at.push(at)
      page.value.push(holds.value)
      page.absent.push(holds.absent)
      for (const reader of here) await reader.next()
      if (page.at.length === pageRowsMax) {
        yield typed(page)
        page = emptyPage()
      }
    }
    if (page.at.length > 0) yield typed(page)
  } finally {
    for (const reader of readers) await reader.end()
  }
}

const emptyPage = () => ({ at: [] as number[], value: [] as number[], absent: [] as number[] })
const typed = ({ at, value, absent }: ReturnType<typeof emptyPage>): SamplePage => ({
  at: Float64Array.from(at),
  value: Float64Array.from(value),
  absent: Uint8Array.from(absent),
})
