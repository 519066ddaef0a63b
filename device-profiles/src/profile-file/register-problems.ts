import { widthOf } from '../../protocols/modbus-rtu/register-map.ts'
import type { LineOf, Problem } from './problem.ts'
import type { RegisterFile } from './schema.ts'

/** What would make a register silent for ever, or one point of two registers. */
export function registerProblems({ registers, blocks }: RegisterFile, lineOf: LineOf): Problem[] {
  return registers.flatMap(({ at, point, format, none }, i) => {
    const words = widthOf(format)
    const asked = blocks.some(({ from, count }) => at >= from && at + words <= from + count)
    const wrong = [
      ...(asked ? [] : [`no block asks for ${words === 1 ? 'it' : `both words of it (${at} and ${at + 1})`}`]),
      ...(registers.findIndex((other) => other.point === point) < i ? [`another register is ${point} already`] : []),
      ...(none !== undefined && none.length !== words * 4 ? [`none: ${format} has ${words * 4} hex digits`] : []),
    ]
    return wrong.map((why) => ({ line: lineOf(['registers', i]), why: `registers.${i}: ${why}` }))
  })
}
