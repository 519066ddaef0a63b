import { refusal } from '../../src/tell-one.ts'

const templateCharsMax = 256
const stepsMax = 8
const WHOLE =
  /^\{\{\s*value(_json)?((?:\.[A-Za-z_]\w{0,63}|\[(?:"[^"\\\]]{1,64}"|'[^'\\\]]{1,64}'|\d{1,3})\])*)\s*\}\}$/
const STEP = /\.([A-Za-z_]\w*)|\["([^"]+)"\]|\['([^']+)'\]|\[(\d+)\]/g

/**
 * Where a plain template looks: `{{ value_json.a["b"][0] }}` is `["a", "b", 0]`, `{{ value }}` the payload itself, `[]`.
 * A template is a program; whatever does more than name a place is refused and left to the dialect's own mapper.
 * @throws DomainError `frame-unknown`
 */
export function pathOf(template: string): readonly (string | number)[] {
  const match = template.length <= templateCharsMax ? WHOLE.exec(template.trim()) : null
  const inJson = match?.[1] !== undefined
  const steps = [...(match?.[2] ?? '').matchAll(STEP)].map(([, plain, double, single, index]) =>
    index === undefined ? (plain ?? double ?? single ?? '') : Number(index),
  )
  if (!match || steps.length > stepsMax || inJson !== steps.length > 0)
    throw refusal('not-this-protocol', `not a plain template: ${template.slice(0, 80)}`)
  return steps
}
