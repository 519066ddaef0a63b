const more = '…'

/** UTF-16 units: what most providers count as characters. */
const units = (text: string): number => text.length
export const utf8Bytes = (text: string): number => Buffer.byteLength(text)

/**
 * At most so much of a text, with a sign that there was more. What belongs together to one reader's eye, like a family in one
 * emoji, stays together.
 */
export function cut(text: string, max: number, lengthOf: (text: string) => number = units): string {
  if (lengthOf(text) <= max) return text
  let length = lengthOf(more)
  let kept = ''
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    length += lengthOf(segment)
    if (length > max) break
    kept += segment
  }
  return kept + more
}
